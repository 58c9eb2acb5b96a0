-- name: review
SELECT r.id AS pk, r.folder_id, r.status, r.edition, r.notified_on, g.reference,
    n.harm, n.incident_on, n.setting, n.aware_at, n.sent_at, n.panel_reference, n.parallel, n.what_happened, n.safety,
    a.name AS authority, s.sent_at AS report_sent_at, s.recorded_at, s.version_id, s.sha256, s.late_reason, s.warnings,
    (SELECT json_agg(json_build_object('code', y.code, 'empty', y.text = '', 'typed', y.typed))
        FROM reviews_reportsection y WHERE y.review_id = r.id) AS sections,
    (SELECT json_agg(json_build_object('agency', b.name, 'told_at', t.told_at, 'how', t.how))
        FROM reviews_leadtold t JOIN people_agency b ON b.id = t.agency_id WHERE t.folder_id = r.folder_id) AS leads_told,
    (SELECT max(e.recorded_at) FROM trail_event e WHERE e.folder_id = r.folder_id AND e.verb IN (
        'notification_corrected', 'notification_changed', 'child_added', 'child_changed', 'return_asked', 'return_submit',
        'return_sign', 'return_record', 'return_change', 'return_send_back', 'return_withdraw', 'section_written', 'section_drafted',
        'finding_added', 'finding_changed', 'finding_removed', 'finding_moved', 'themes_chosen', 'review_decide'
    )) AS content_at
FROM reviews_review r
JOIN access_folder g ON g.id = r.folder_id
JOIN reviews_notification n ON n.review_id = r.id
JOIN people_agency a ON a.id = n.authority_id
LEFT JOIN reviews_sending s ON s.review_id = r.id
WHERE r.id = %(review)s AND r.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (r.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]));

-- name: decision
SELECT d.id AS pk, d.number, d.code, d.rationale, d.recorded_at, u.name AS recorded_by
FROM reviews_decision d JOIN people_user u ON u.id = d.recorded_by_id
WHERE d.review_id = %(review)s AND d.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (d.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY d.number DESC;

-- name: sign_offs
SELECT s.seat, s.stance, s.reason, s.as_deputy, s.recorded_at, u.name AS signer, a.name AS agency, s.report_id,
    v.number AS report_number
FROM reviews_signoff s
JOIN people_agency a ON a.id = s.agency_id
JOIN reviews_decision d ON d.id = s.decision_id
LEFT JOIN people_user u ON u.id = s.signer_id
LEFT JOIN documents_version v ON v.id = s.report_id
WHERE d.review_id = %(review)s
    AND d.number = (SELECT max(l.number) FROM reviews_decision l WHERE l.review_id = %(review)s)
    AND s.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (s.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY s.seat;

-- name: holders
SELECT a.partner_seat AS seat, EXISTS (
        SELECT 1 FROM access_foldergrant g JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.user_id = d.holder_id AND g.content_object_id = %(folder)s AND p.codename = 'role_sg'
        AND g.starts <= now() AND (g.ends IS NULL OR g.ends > now())) AS signs
FROM people_namedduty d
JOIN people_agency a ON a.id = d.agency_id
WHERE d.kind = 'dsp' AND a.partner_seat <> '' AND (d.starts IS NULL OR d.starts <= current_date)
    AND (d.ends IS NULL OR d.ends > current_date);

-- name: clocks
SELECT d.id AS pk, d.rule, d.edition, d.trigger_at, d.due_on, d.due_at, d.status, d.met_at, d.late_reason
FROM deadlines_deadline d
WHERE d.subject_id = %(review)s AND d.folder_id = %(folder)s
    AND d.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (d.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY d.started_at DESC;

-- name: days
SELECT m.code, m.label, m.on, m.done_at
FROM deadlines_milestone m JOIN deadlines_deadline d ON d.id = m.deadline_id
WHERE d.subject_id = %(review)s AND d.folder_id = %(folder)s AND d.rule = 'rapid_review' AND m.step
    AND m.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (m.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY m.fire_at, m.code;

-- name: children
SELECT c.pseudonym, c.age_band, c.legal_status, c.identity_id
FROM reviews_child c
WHERE c.review_id = %(review)s AND c.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (c.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY c.pseudonym;

-- name: returns
SELECT t.id AS pk, t.status, t.nil_return, t.due_on, t.submitted_at, t.sent_back_at, a.name AS agency, u.name AS author,
    u.is_active AND EXISTS (
        SELECT 1 FROM people_membership m WHERE m.user_id = t.author_id AND m.agency_id = t.agency_id
        AND (m.starts IS NULL OR m.starts <= current_date) AND (m.ends IS NULL OR m.ends > current_date))
    AND NOT EXISTS (
        SELECT 1 FROM access_conflict c WHERE c.user_id = t.author_id AND c.folder_id = t.folder_id
        AND c.starts <= now() AND (c.ends IS NULL OR c.ends > now())) AS author_can
FROM reviews_agencyreturn t
JOIN people_agency a ON a.id = t.agency_id
JOIN people_user u ON u.id = t.author_id
WHERE t.review_id = %(review)s
    AND t.folder_id IN (SELECT f.id FROM access_folder f
                        WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                         OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (t.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY a.name;

-- name: report
SELECT v.id AS pk, v.number, v.made_at, EXISTS (
        SELECT 1 FROM trail_event e WHERE e.folder_id = v.folder_id AND e.recorded_at > v.made_at
        AND e.verb IN (
            'notification_corrected', 'notification_changed', 'child_added', 'child_changed', 'return_asked', 'return_submit',
        'return_sign', 'return_record', 'return_change', 'return_send_back', 'return_withdraw', 'section_written', 'section_drafted',
            'finding_added', 'finding_changed', 'finding_removed', 'finding_moved', 'themes_chosen', 'review_decide',
            'decision_signed', 'silence_recorded', 'scrutiny_commented')) AS changed_since
FROM documents_version v
WHERE v.folder_id = %(folder)s AND v.folder_id IN (SELECT f.id FROM access_folder f
                      WHERE (f.partnership_id = ANY(%(partnerships)s) AND NOT f.sealed)
                          OR f.id = ANY(%(granted)s) OR f.path && %(trees)s::uuid[])
    AND NOT (v.folder_id IN (SELECT f.id FROM access_folder f WHERE f.path && %(barred)s::uuid[]))
ORDER BY v.made_at DESC LIMIT 1;
