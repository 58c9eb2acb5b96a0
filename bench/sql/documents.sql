-- name: rows
SELECT d.id, d.folder_id, d.title, d.marking, d.created_at
FROM documents_document d
WHERE d.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (d.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY d.created_at
LIMIT 50;
