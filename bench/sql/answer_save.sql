-- name: held
SELECT r.id, r.status, r.round_id, o.status AS round_status FROM audits_auditreturn r
JOIN audits_round o ON o.folder_id = r.round_id
WHERE r.id = %(return)s FOR UPDATE OF r;

-- name: now
SELECT question_id, code, text <> '' AS said, na_reason, to_confirm, version FROM audits_answer
WHERE audit_return_id = %(return)s;

-- name: written
INSERT INTO audits_answer (id, folder_id, agency_id, audit_return_id, question_id, wording_id, code, text, rows, na_reason,
    to_confirm, version, changed_by_id, changed_at)
VALUES (gen_random_uuid(), %(folder)s, %(agency)s, %(return)s, %(question)s, %(wording)s, 'met', %(text)s, '[]', '', false,
    %(version)s, %(user)s, now())
ON CONFLICT (audit_return_id, question_id) DO UPDATE SET code = excluded.code, text = excluded.text,
    version = excluded.version, changed_by_id = excluded.changed_by_id, changed_at = excluded.changed_at
WHERE audits_answer.version = excluded.version - 1
RETURNING changed_at;

-- name: counted
UPDATE audits_auditreturn SET answered = (SELECT count(*) FROM audits_answer WHERE audit_return_id = %(return)s AND code <> '')
WHERE id = %(return)s;

-- name: told
INSERT INTO trail_event (verb, actor_id, folder_id, object_kind, object_id, data, happened_at, recorded_at)
VALUES ('answers_saved', %(user)s, %(folder)s, 'audits.auditreturn', %(return)s, '{}', now(), now());
