"""What the floor tells the floors below: sentences, alarms, loops, invariants, notices."""

from partnership.access.readers import register_readings
from partnership.access.story import register_sentences
from partnership.documents import renditions, searching
from partnership.documents.hooks import hold_back
from partnership.documents.notices import register_notices
from partnership.documents.reads import files_by_name
from partnership.notify.reconciling import register_invariant
from partnership.notify.watch import expect_heartbeat, register_alarm

SENTENCES = {
    "document_kept": "kept a file, version {number}",
    "file_taken": "uploaded a file, version {number}",
    "file_pass": "checked a file and found nothing",
    "file_infect": "refused a file with a virus and deleted it",
    "file_refuse": "refused a file and deleted it",
    "file_withdraw": "withdrew a file: a later check found a virus",
    "file_give_back": "gave a withdrawn file back: newer checks found nothing",
    "file_converted": "made a PDF of a file",
    "file_shown_to": "gave an uploaded file to {user}",
    "downloaded_unmarked": "downloaded a file without their name on its pages",
}
ALARMS = {
    "scanner_away": (
        "The virus scanner does not answer",
        "Start it again and look at CLAMAV_URL: docs/documents.md. Files that were uploaded wait until it answers.",
    ),
    "storage_away": (
        "The place where documents are kept does not answer",
        "Look at DOCUMENT_ROOT or the bucket: docs/documents.md. Files that were uploaded wait until it answers.",
    ),
    "scanner_blind": (
        "The virus scanner does not find the test virus",
        "Its limits are below DOCUMENTS_MAX_MB, or it has no signatures: docs/documents.md. Until it does, trust no "
        "file that was uploaded since the last probe that went well.",
    ),
    "file_missing": (
        "Files that were kept are gone from the storage",
        "Restore them from the backup: the ids are those of the versions. Nothing was deleted by the portal.",
    ),
}


def register():
    register_sentences(SENTENCES, readings=("downloaded_unmarked",))
    register_readings("documents.version", files_by_name)
    register_notices()
    searching.register()
    hold_back(renditions.of_withdrawn, renditions.HELD_BACK)
    for what, (title, advice) in ALARMS.items():
        register_alarm(what, title, advice)
    expect_heartbeat("documents", "The check of uploaded files")
    expect_heartbeat("scanner", "The proof that the virus scanner detects", minutes=150)
    expect_heartbeat("rescan", "The later scan of files that are kept", minutes=150)
    expect_heartbeat("reaper", "The search for files without a row", minutes=150)
    register_invariant(
        "file_waits",
        "An uploaded file has waited for its check for more than an hour",
        "SELECT id FROM documents_version WHERE state = 'quarantined' AND made_at < now() - interval '1 hour'",
        advice="Look at the virus scanner and the workers: docs/documents.md.",
    )
    register_invariant(
        "file_unread",
        "A file is in a state that no loop looks at",
        "SELECT id FROM documents_version WHERE (state = 'quarantined' AND (look_at IS NULL OR key = ''))"
        " OR state NOT IN ('quarantined', 'clean', 'infected', 'unscannable', 'withdrawn')",
    )
