-- name: choices
SELECT DISTINCT r.district, r.phase, r.area_id, p.name AS area, r.trust_id, t.name AS trust, r.window_id, w.name AS "window"
FROM audits_auditreturn r
JOIN audits_window w ON w.id = r.window_id
LEFT JOIN people_area p ON p.id = r.area_id
LEFT JOIN people_agency t ON t.id = r.trust_id
WHERE r.round_id = %(round)s
    AND (r.folder_id IN (SELECT f.id FROM access_folder f WHERE f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
         OR r.agency_id = ANY(%(agencies)s))
    AND NOT (r.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]));

-- name: rows
SELECT r.id AS pk, r.agency_id, g.name AS agency__name, g.name, r.status, r.closes_at, r.phase, r.district, r.late_joiner,
    r.invented, r.wanted, r.answered, r.to_confirm, r.submitted_at, p.name AS area__name, t.name AS trust__name,
    w.name AS window__name, r.why_excused, count(*) OVER () AS total,
    ARRAY(SELECT jsonb_build_object('name', u.name, 'email', u.email)
          FROM people_membership m JOIN people_user u ON u.id = m.user_id
          WHERE m.agency_id = r.agency_id AND m.role IN ('dp', 'al', 'sl') AND u.is_active
              AND (m.starts IS NULL OR m.starts <= %(today)s) AND (m.ends IS NULL OR m.ends > %(today)s)
          ORDER BY u.name, u.id) AS people
FROM audits_auditreturn r
JOIN people_agency g ON g.id = r.agency_id
JOIN audits_window w ON w.id = r.window_id
LEFT JOIN people_area p ON p.id = r.area_id
LEFT JOIN people_agency t ON t.id = r.trust_id
WHERE r.round_id = %(round)s
    AND (r.folder_id IN (SELECT f.id FROM access_folder f WHERE f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
         OR r.agency_id = ANY(%(agencies)s))
    AND NOT (r.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY g.name, r.id
LIMIT %(limit)s;
