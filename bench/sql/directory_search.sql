-- name: count
-- The directory is open to everybody who holds directory_view: with the reach given, its clause is true.
-- one, two: the two words that are searched for, with their signs of LIKE and the blank before a word; in_one, in_two:
-- without the blank; folded: both as they are typed.
SELECT count(*)
FROM people_agency a
WHERE a.words LIKE %(one)s AND a.words LIKE %(two)s
    AND a.merged_into_id IS NULL
    AND (a.starts IS NULL OR a.starts <= %(day)s) AND (a.ends IS NULL OR a.ends > %(day)s);

-- name: rows
SELECT a.id AS pk, a.name, a.kind, a.starts, a.ends, s.urn,
    ARRAY(SELECT x.name FROM people_agency_areas t JOIN people_area x ON x.id = t.area_id
          WHERE t.agency_id = a.id ORDER BY x.name) AS area_names,
    ARRAY(SELECT DISTINCT c.item_id FROM people_classification c WHERE c.agency_id = a.id
          AND (c.starts IS NULL OR c.starts <= %(day)s) AND (c.ends IS NULL OR c.ends > %(day)s)
          ORDER BY c.item_id) AS items,
    ARRAY(SELECT o.name FROM people_alias o WHERE o.agency_id = a.id ORDER BY o.name) AS other_names,
    ARRAY(SELECT DISTINCT p.town FROM people_site p WHERE p.agency_id = a.id AND p.town <> ''
          AND (p.starts IS NULL OR p.starts <= %(day)s) AND (p.ends IS NULL OR p.ends > %(day)s)
          ORDER BY p.town) AS towns
FROM people_agency a LEFT JOIN people_school s ON s.agency_id = a.id
WHERE a.words LIKE %(one)s AND a.words LIKE %(two)s
    AND a.merged_into_id IS NULL
    AND (a.starts IS NULL OR a.starts <= %(day)s) AND (a.ends IS NULL OR a.ends > %(day)s)
ORDER BY CASE
    WHEN a.words = ' ' || %(folded)s OR a.words LIKE ' ' || %(folded)s || ' | %%'
        OR a.id IN (SELECT o.agency_id FROM people_alias o WHERE upper(o.name) = upper(%(folded)s)) THEN 0
    WHEN a.words LIKE ' ' || %(folded)s || '%%' THEN 1
    WHEN (split_part(a.words, ' | ', 1) LIKE %(one)s AND split_part(a.words, ' | ', 1) LIKE %(two)s)
        OR a.id IN (SELECT o.agency_id FROM people_alias o
                    WHERE upper(o.name) LIKE upper(%(in_one)s) AND upper(o.name) LIKE upper(%(in_two)s)) THEN 2
    ELSE 3 END, a.name, a.id
LIMIT 50;

-- name: areas
-- The Schedule is remembered by the process, and so by the floor: it comes with the form.
WITH RECURSIVE tree AS (
    SELECT id, slug, name, 0 AS depth, ARRAY[name::text] AS path FROM people_area WHERE parent_id IS NULL
    UNION ALL
    SELECT a.id, a.slug, a.name, t.depth + 1, t.path || a.name::text FROM people_area a JOIN tree t ON a.parent_id = t.id)
SELECT slug, name, depth FROM tree ORDER BY path;
