-- name: offers
WITH seen AS MATERIALIZED (
    SELECT a.folder_id, a.agency_id, a.owner_id, a.priority_id, a.duty_id FROM actions_action a
    WHERE (a.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
         OR a.owner_id = %(user)s)
    AND NOT (a.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[])))
SELECT 'agency' AS what, g.id AS pk, g.name AS label FROM people_agency g WHERE g.id IN (SELECT agency_id FROM seen)
UNION ALL
SELECT 'owner', p.id, CASE WHEN p.job_title = '' THEN p.name ELSE p.name || ', ' || p.job_title END
FROM people_user p WHERE p.id IN (SELECT owner_id FROM seen)
UNION ALL
SELECT 'priority', p.id, p.title FROM actions_priority p WHERE p.id IN (SELECT priority_id FROM seen)
UNION ALL
SELECT 'duty', d.id, d.title FROM actions_duty d WHERE d.id IN (SELECT duty_id FROM seen)
UNION ALL
SELECT 'group', f.id, CASE WHEN f.sealed THEN f.reference ELSE f.title END
FROM access_folder f
WHERE f.id IN (SELECT folder_id FROM seen)
    AND (f.kind IN ('group', 'office') AND NOT f.sealed OR f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed
         OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[]);

-- name: counts
-- all: whether those that are over are asked for too.
SELECT CASE WHEN a.status = 'done' THEN 'blue' WHEN a.status IN ('cancelled', 'parked') THEN 'grey'
        WHEN r.until >= %(today)s AND (u.recorded_at IS NULL OR u.recorded_at < r.at) THEN r.colour
        WHEN a.status = 'to_approve' THEN 'green' WHEN a.due_on < %(today)s OR u.outlook = 'off_track' THEN 'red'
        WHEN u.outlook = 'at_risk' THEN 'amber'
        WHEN a.due_on <= %(near)s AND coalesce(u.recorded_at < %(since)s, a.added_at < %(new)s) THEN 'amber'
        ELSE 'green' END AS colour,
    count(*) AS number
FROM actions_action a
LEFT JOIN LATERAL (SELECT u.outlook, u.recorded_at FROM actions_update u WHERE u.action_id = a.id
                   ORDER BY u.recorded_at DESC, u.id DESC LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT r.colour, r.until, r.at FROM actions_ragoverride r WHERE r.action_id = a.id
                   ORDER BY r.at DESC, r.id DESC LIMIT 1) r ON true
WHERE (%(all)s OR a.status IN ('open', 'to_approve'))
    AND (a.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
         OR a.owner_id = %(user)s)
    AND NOT (a.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
GROUP BY 1;

-- name: rows
-- by_slips: whether what was moved most often comes first. rating: the one that is asked for, or NULL.
SELECT a.id AS pk, a.reference, a.status, a.what, a.sensitive, a.owner_words, a.due_on, a.first_due_on, a.folder_id,
    a.agency, a.owner, a.outlook, a.recorded_at, a.added_at, a.colour, a.until, a.at, a.slips, w.wanted, p.part_count, p.parts_over,
    a.owner_id IS NOT NULL AND (
        NOT a.is_active
        OR NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = a.owner_id
                       AND (m.starts IS NULL OR m.starts <= %(today)s) AND (m.ends IS NULL OR m.ends > %(today)s))
        OR a.agency_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = a.owner_id AND m.agency_id = a.agency_id
                        AND (m.starts IS NULL OR m.starts <= %(today)s) AND (m.ends IS NULL OR m.ends > %(today)s))
        OR EXISTS (SELECT 1 FROM access_conflict b JOIN access_folder f ON f.id = a.folder_id
                   WHERE b.user_id = a.owner_id AND b.folder_id = ANY(f.path) AND b.starts <= now()
                       AND (b.ends IS NULL OR b.ends > now()))
    ) AS left
FROM (
    SELECT a.*, g.name AS agency, o.name AS owner, o.is_active, u.outlook, u.recorded_at, r.colour, r.until, r.at,
        coalesce(s.slips, 0) AS slips
    FROM actions_action a
    LEFT JOIN people_agency g ON g.id = a.agency_id
    LEFT JOIN people_user o ON o.id = a.owner_id
    LEFT JOIN LATERAL (SELECT u.outlook, u.recorded_at FROM actions_update u WHERE u.action_id = a.id
                       ORDER BY u.recorded_at DESC, u.id DESC LIMIT 1) u ON true
    LEFT JOIN LATERAL (SELECT r.colour, r.until, r.at FROM actions_ragoverride r WHERE r.action_id = a.id
                       ORDER BY r.at DESC, r.id DESC LIMIT 1) r ON true
    LEFT JOIN (SELECT d.action_id, count(*) AS slips FROM actions_datechange d
               WHERE d.status = 'granted' AND d.wanted > d.was GROUP BY 1) s ON s.action_id = a.id
    WHERE (%(all)s OR a.status IN ('open', 'to_approve'))
        AND (%(rating)s::text IS NULL OR %(rating)s = CASE WHEN a.status = 'done' THEN 'blue' WHEN a.status IN ('cancelled', 'parked') THEN 'grey'
            WHEN r.until >= %(today)s AND (u.recorded_at IS NULL OR u.recorded_at < r.at) THEN r.colour
            WHEN a.status = 'to_approve' THEN 'green' WHEN a.due_on < %(today)s OR u.outlook = 'off_track' THEN 'red'
            WHEN u.outlook = 'at_risk' THEN 'amber'
            WHEN a.due_on <= %(near)s AND coalesce(u.recorded_at < %(since)s, a.added_at < %(new)s) THEN 'amber'
            ELSE 'green' END)
        AND (a.folder_id IN (SELECT f.id FROM access_folder f
                          WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                              OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
             OR a.owner_id = %(user)s)
        AND NOT (a.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
    ORDER BY CASE WHEN %(by_slips)s THEN coalesce(s.slips, 0) END DESC NULLS LAST, a.due_on NULLS LAST, a.reference
    LIMIT 50
) a
LEFT JOIN LATERAL (SELECT d.wanted FROM actions_datechange d WHERE d.action_id = a.id AND d.status = 'waiting') w ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS part_count, count(*) FILTER (WHERE c.status IN ('done', 'cancelled')) AS parts_over
    FROM actions_action c
    WHERE c.parent_id = a.id
        AND (c.folder_id IN (SELECT f.id FROM access_folder f
                          WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                              OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
             OR c.owner_id = %(user)s)
        AND NOT (c.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
) p ON true
ORDER BY CASE WHEN %(by_slips)s THEN a.slips END DESC NULLS LAST, a.due_on NULLS LAST, a.reference;
