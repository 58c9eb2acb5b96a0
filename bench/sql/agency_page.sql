-- name: agency
-- The directory is open to everybody who holds directory_view: with the reach given, its clause is true.
SELECT a.id AS pk, a.name, a.kind, a.partner_seat, a.note, a.source, a.website, a.starts, a.ends,
    s.urn, s.establishment_type, s.district, s.local_authority_code, s.register_status, s.phase, s.phase_inferred, s.low_age,
    s.high_age,
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
SELECT d.id AS pk, d.kind, d.post, d.source, d.starts, d.ends, h.name AS holder, d.holder_id, d.deputy_for_id, h.is_active, h.closed_at
FROM people_namedduty d LEFT JOIN people_user h ON h.id = d.holder_id
WHERE d.agency_id = %(agency)s ORDER BY d.kind, d.starts, d.id;

-- name: people
SELECT u.id AS user_id, u.name AS user, u.job_title, array_agg(m.role ORDER BY m.role) AS roles
FROM people_membership m JOIN people_user u ON u.id = m.user_id
WHERE m.agency_id = %(agency)s AND u.is_active
    AND (m.starts IS NULL OR m.starts <= %(day)s) AND (m.ends IS NULL OR m.ends > %(day)s)
GROUP BY u.id ORDER BY u.name;

-- name: versions
SELECT v.*, u.name AS who
FROM people_historicalagency v LEFT JOIN people_user u ON u.id = v.history_user_id
WHERE v.id = %(agency)s ORDER BY v.history_date DESC, v.history_id DESC;

-- name: contacts
SELECT id AS pk, purpose, post, email, telephone, shown, source, starts, ends
FROM people_contactpoint WHERE agency_id = %(agency)s ORDER BY purpose, id;

-- name: agreements
SELECT id AS pk, title, officer, review_on, source, starts, ends
FROM people_sharingagreement WHERE agency_id = %(agency)s ORDER BY starts DESC;

-- name: closures
SELECT c.id AS pk, c.name, c.agency_id, x.name AS area, c.starts, c.ends
FROM people_closure c LEFT JOIN people_area x ON x.id = c.area_id
WHERE c.agency_id = %(agency)s OR c.area_id IN (
    SELECT unnest(ARRAY[one.id, two.id, three.id, three.parent_id])
    FROM people_agency_areas t JOIN people_area one ON one.id = t.area_id
        LEFT JOIN people_area two ON two.id = one.parent_id LEFT JOIN people_area three ON three.id = two.parent_id
    WHERE t.agency_id = %(agency)s)
ORDER BY c.starts;

-- name: owners
SELECT o.id AS pk, o.owner_id AS other, a.name, o.kind, o.starts, o.ends
FROM people_ownership o JOIN people_agency a ON a.id = o.owner_id WHERE o.agency_id = %(agency)s ORDER BY a.name;

-- name: owned
SELECT o.id AS pk, o.agency_id AS other, a.name, o.kind, o.starts, o.ends
FROM people_ownership o JOIN people_agency a ON a.id = o.agency_id WHERE o.owner_id = %(agency)s ORDER BY a.name;

-- name: registrations
SELECT id AS pk, register, number, facts FROM people_registration WHERE agency_id = %(agency)s ORDER BY register, number;

-- name: merges
SELECT m.id AS pk, m.merged_id AS merged, a.name
FROM directory_agencymerge m JOIN people_agency a ON a.id = m.merged_id
WHERE m.kept_id = %(agency)s AND m.undone_at IS NULL AND m.made_at > now() - interval '7 days';
