-- name: lines
WITH live AS (
    SELECT r.event_id, r.agency_id, r.kind, r.places FROM training_reserved r WHERE r.release_on > %(today)s
), held AS (
    SELECT b.event_id, b.agency_id, a.kind, count(*) AS people
    FROM training_booking b JOIN people_agency a ON a.id = b.agency_id
    WHERE b.status IN ('asked', 'offered', 'booked') AND b.event_id IN (SELECT event_id FROM live)
    GROUP BY b.event_id, b.agency_id, a.kind
), own AS (
    SELECT l.event_id, l.agency_id, l.places, least(l.places, coalesce(h.people, 0)) AS used
    FROM live l LEFT JOIN held h ON h.event_id = l.event_id AND h.agency_id = l.agency_id
    WHERE l.agency_id IS NOT NULL
), kept AS (
    SELECT event_id, sum(kept) AS kept
    FROM (
        SELECT event_id, places - used AS kept FROM own
        UNION ALL
        SELECT l.event_id, greatest(0, l.places - coalesce((
            SELECT sum(h.people - coalesce(o.used, 0))
            FROM held h LEFT JOIN own o ON o.event_id = h.event_id AND o.agency_id = h.agency_id
            WHERE h.event_id = l.event_id AND h.kind = l.kind
        ), 0)) FROM live l WHERE l.agency_id IS NULL
    ) each
    GROUP BY event_id
)
SELECT e.folder_id AS pk, e.course_id, e.mode, e.venue, e.starts_at, e.ends_at, e.opens_on, e.closes_on, c.title, c.level,
    p.name AS area, greatest(0, e.capacity - e.taken - coalesce(k.kept, 0)) AS free
FROM training_event e
JOIN training_course c ON c.folder_id = e.course_id
LEFT JOIN people_area p ON p.id = e.area_id
LEFT JOIN kept k ON k.event_id = e.folder_id
WHERE e.status = 'open' AND e.starts_at > now()
ORDER BY e.starts_at, e.folder_id;

-- name: courses
SELECT c.folder_id AS pk, c.title, c.summary, c.level, c.kind, c.refresh_months
FROM training_course c
WHERE c.status = 'offered'
ORDER BY c.title, c.folder_id;
