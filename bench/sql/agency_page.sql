-- name: agency
-- The directory is open to everybody who holds directory_view: with the reach given, its clause is true.
SELECT a.id AS pk, a.name, a.kind, a.partner_seat, a.note, a.source, a.starts, a.ends,
    s.urn, s.establishment_type, s.district, s.local_authority_code,
    ARRAY(SELECT x.name FROM people_agency_areas t JOIN people_area x ON x.id = t.area_id
          WHERE t.agency_id = a.id ORDER BY x.name) AS area_names
FROM people_agency a LEFT JOIN people_school s ON s.agency_id = a.id
WHERE a.id = %(agency)s;

-- name: aliases
SELECT id AS pk, name FROM people_alias WHERE agency_id = %(agency)s ORDER BY name;

-- name: sites
SELECT id AS pk, name, town, postcode, starts, ends FROM people_site WHERE agency_id = %(agency)s ORDER BY name;

-- name: classifications
SELECT c.id AS pk, c.starts, c.ends, c.basis, i.number, i.heading, i.label, i.note
FROM people_classification c JOIN people_scheduleitem i ON i.number = c.item_id
WHERE c.agency_id = %(agency)s ORDER BY c.item_id;

-- name: successors
SELECT a.id AS pk, a.name, s."on", s.kind, s.note
FROM people_succession s JOIN people_agency a ON a.id = s.successor_id
WHERE s.predecessor_id = %(agency)s ORDER BY s."on";

-- name: predecessors
SELECT a.id AS pk, a.name, s."on", s.kind, s.note
FROM people_succession s JOIN people_agency a ON a.id = s.predecessor_id
WHERE s.successor_id = %(agency)s ORDER BY s."on";

-- name: duties
SELECT d.id AS pk, d.kind, d.post, d.source, d.starts, d.ends, h.name AS holder, d.deputy_for_id
FROM people_namedduty d LEFT JOIN people_user h ON h.id = d.holder_id
WHERE d.agency_id = %(agency)s ORDER BY d.kind, d.starts;

-- name: people
SELECT u.name AS user, u.job_title, array_agg(m.role ORDER BY m.role) AS roles
FROM people_membership m JOIN people_user u ON u.id = m.user_id
WHERE m.agency_id = %(agency)s AND u.is_active
    AND (m.starts IS NULL OR m.starts <= %(day)s) AND (m.ends IS NULL OR m.ends > %(day)s)
GROUP BY u.id ORDER BY u.name;

-- name: versions
SELECT v.*, u.name AS who
FROM people_historicalagency v LEFT JOIN people_user u ON u.id = v.history_user_id
WHERE v.id = %(agency)s ORDER BY v.history_date DESC, v.history_id DESC;
