-- name: meetings
SELECT m.id AS pk, m.starts_at, m.month_only FROM boards_meeting m
WHERE m.folder_id = %(folder)s AND m.status = 'held' AND m.starts_at >= %(from)s AND m.starts_at < %(until)s
    AND m.folder_id IN (SELECT f.id FROM access_folder f
                        WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                            OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (m.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY m.starts_at, m.id;

-- name: cells
-- A seat of one organisation each: its name, its mark, and whether it was there on the day.
SELECT t.agency_id AS agency, g.name, t.meeting_id AS meeting, t.mark,
    s.starts IS NULL OR s.starts <= (m.starts_at AT TIME ZONE 'Europe/London')::date AS there
FROM boards_attendance t
JOIN boards_meeting m ON m.id = t.meeting_id
JOIN boards_seat s ON s.place = t.place
JOIN people_agency g ON g.id = t.agency_id
WHERE m.folder_id = %(folder)s AND m.status = 'held' AND m.starts_at >= %(from)s AND m.starts_at < %(until)s
    AND t.folder_id IN (SELECT f.id FROM access_folder f
                        WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                            OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (t.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY m.starts_at, m.id;

-- name: tallies
-- Per organisation, per meeting and overall, in one pass.
WITH marks AS (
    SELECT t.agency_id, t.meeting_id, t.mark FROM boards_attendance t
    JOIN boards_meeting m ON m.id = t.meeting_id
    JOIN boards_seat s ON s.place = t.place
    WHERE m.folder_id = %(folder)s AND m.status = 'held' AND m.starts_at >= %(from)s AND m.starts_at < %(until)s
        AND (s.starts IS NULL OR s.starts <= (m.starts_at AT TIME ZONE 'Europe/London')::date)),
counted AS (
    SELECT agency_id, meeting_id,
        count(*) FILTER (WHERE mark = 'present') AS present, count(*) FILTER (WHERE mark = 'deputy') AS deputy,
        count(*) FILTER (WHERE mark = 'apologies') AS apologies, count(*) FILTER (WHERE mark = 'absent') AS absent,
        count(*) FILTER (WHERE mark = 'na') AS na, count(*) FILTER (WHERE mark = 'observer') AS observer
    FROM marks GROUP BY GROUPING SETS ((agency_id), (meeting_id), ()))
SELECT *, present + deputy AS came, present + deputy + apologies + absent AS expected,
    round(100.0 * (present + deputy) / nullif(present + deputy + apologies + absent, 0), 1) AS rate
FROM counted;

-- name: missing
SELECT concat_ws(', ', s.post, g.name) AS name FROM boards_seat s JOIN people_agency g ON g.id = s.agency_id
WHERE s.group_id = %(folder)s AND (s.starts IS NULL OR s.starts <= %(today)s) AND ARRAY(
    SELECT t.mark FROM boards_attendance t JOIN boards_meeting m ON m.id = t.meeting_id
    WHERE t.place = s.place AND m.status = 'held' AND t.mark NOT IN ('', 'na')
    ORDER BY m.starts_at DESC, m.id DESC LIMIT 2)::text[]
    IN ('{absent,absent}', '{absent,apologies}', '{apologies,absent}', '{apologies,apologies}')
ORDER BY lower(concat_ws(', ', s.post, g.name));
