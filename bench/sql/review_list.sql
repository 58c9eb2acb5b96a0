-- name: count
SELECT count(*)
FROM reviews_review r
WHERE r.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (r.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]));

-- name: rows
SELECT r.id AS pk, r.status, r.notified_on, f.reference, s.sent_at, d.due_on, d.status AS clock, d.met_at
FROM reviews_review r
JOIN access_folder f ON f.id = r.folder_id
JOIN reviews_notification n ON n.review_id = r.id
LEFT JOIN reviews_sending s ON s.review_id = r.id
LEFT JOIN deadlines_deadline d ON d.subject_id = r.id AND d.rule = 'rapid_review' AND d.status IN ('open', 'paused', 'met')
WHERE r.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (r.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY CASE WHEN r.status = 'considered' THEN 0 WHEN r.status IN ('open', 'decided') THEN 1 ELSE 2 END,
    CASE WHEN r.status IN ('open', 'decided') THEN r.notified_on END NULLS LAST,
    r.notified_on DESC NULLS LAST, r.opened_at DESC, r.id
LIMIT 50;
