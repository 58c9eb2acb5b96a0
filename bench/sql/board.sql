-- name: rows
SELECT d.id AS pk, d.rule, d.what, d.subject_kind, d.subject_id, d.due_on, d.due_at, d.status, d.soft, d.division,
    d.paused_on, d.bucket, d.total, u.name AS owner, a.name AS agency, f.reference
FROM (
    SELECT b.*, row_number() OVER (PARTITION BY b.bucket ORDER BY b.due_at, b.id) AS n,
        count(b.id) OVER (PARTITION BY b.bucket) AS total
    FROM (
        SELECT d.*, CASE WHEN d.status = 'paused' THEN 'paused' WHEN d.due_at < now() AND NOT d.soft THEN 'overdue'
                         WHEN d.due_on <= %(sunday)s THEN 'week' WHEN d.due_on <= %(last)s THEN 'next'
                         ELSE 'later' END AS bucket
        FROM deadlines_deadline d
        WHERE d.status IN ('open', 'paused')
            AND d.folder_id IN (SELECT f.id FROM access_folder f
                                WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                                    OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
            AND NOT (d.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
    ) b
) d
JOIN access_folder f ON f.id = d.folder_id
LEFT JOIN people_user u ON u.id = d.owner_id
LEFT JOIN people_agency a ON a.id = d.agency_id
WHERE d.n <= 50
ORDER BY d.due_at, d.id;
