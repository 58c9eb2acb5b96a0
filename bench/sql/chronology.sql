-- name: children
SELECT c.id AS pk, c.pseudonym
FROM reviews_child c
WHERE c.review_id = %(review)s AND c.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (c.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY c.pseudonym;

-- name: sources
SELECT DISTINCT e.agency_id, a.name, e.source
FROM reviews_entry e
LEFT JOIN people_agency a ON a.id = e.agency_id
WHERE e.review_id = %(review)s AND e.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (e.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]));

-- name: rows
SELECT e.id AS pk, e.precision, e.about, e.starts, e.ends, e.time, e.written, e.agency_id, e.source, e.children,
    e.event, e.analysis, e.voice, e.recorded_at, a.name AS agency, u.name AS recorded_by, o.before, o.total,
    (SELECT d.recorded_at FROM reviews_decision d
     WHERE d.review_id = %(review)s AND d.folder_id IN (SELECT f.id FROM access_folder f
                          WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                              OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
         AND NOT (d.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
     ORDER BY d.number DESC LIMIT 1) AS decided
FROM (
    SELECT id, starts, time, place, count(*) OVER () AS total,
        max(CASE WHEN NOT EXISTS (SELECT 1 FROM reviews_entrynote n WHERE n.entry_id = e.id AND n.kind = 'wrong')
            THEN ends END) OVER (ORDER BY starts NULLS LAST, time NULLS FIRST, place, id
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM reviews_entry e
    WHERE e.review_id = %(review)s AND e.folder_id IN (SELECT f.id FROM access_folder f
                          WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                              OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
        AND NOT (e.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
    ORDER BY starts NULLS LAST, time NULLS FIRST, place, id
    LIMIT 50
) o
JOIN reviews_entry e ON e.id = o.id
LEFT JOIN people_agency a ON a.id = e.agency_id
JOIN people_user u ON u.id = e.recorded_by_id
ORDER BY o.starts NULLS LAST, o.time NULLS FIRST, o.place, o.id;

-- name: notes
SELECT n.id, n.entry_id, n.other_id, n.kind, n.note, n.at, u.name AS by
FROM reviews_entrynote n
JOIN people_user u ON u.id = n.by_id
JOIN reviews_entry e ON e.id = n.entry_id
WHERE e.review_id = %(review)s AND n.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (n.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY n.at, n.id;
