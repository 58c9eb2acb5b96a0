"""What the importer registers with the floors: its two kinds of long work, and how its events are told."""

from partnership.people.roles import Perm

SENTENCES = {
    "import_uploaded": "uploaded a file of a register",
    "import_read": "was shown what the file would change",
    "import_failed": "could not be shown the file",
    "import_accepted": "chose {rows} rows to take in",
    "import_taken": "took {rows} rows in",
    "import_refused": "could not take the rows in",
    "import_discarded": "discarded the file",
    "person_known": "entered somebody without a sign-in",
    "person_filled": "added what was missing of somebody without a sign-in",
}


def register():
    from partnership.access.story import register_sentences
    from partnership.access.work import register_work
    from partnership.directory.importing import reads, services
    from partnership.directory.models import ImportBatch
    from partnership.jobs.services import Kind
    from partnership.jobs.services import register as register_job

    register_sentences(SENTENCES)
    register_work(reads.files_to_choose_from)
    shared = {
        "model": ImportBatch,
        "perm": Perm.DIRECTORY_IMPORT,
        "result_url": "directory:import_batch",
        "back_url": "directory:import_batch",
        "back_words": "the file",
        "keeps_long": True,
        "folder": services.office,
        "personal": True,
    }
    register_job(
        services.READ,
        Kind(
            title="Reading the file",
            make=services.read,
            keep=services.keep_reading,
            fail=services.reading_failed,
            result_words="See what it would change",
            **shared,
        ),
    )
    register_job(
        services.TAKE,
        Kind(
            title="Taking the rows in",
            make=services.nothing,
            keep=services.keep_taking,
            fail=services.taking_failed,
            result_words="See what was done",
            **shared,
        ),
    )
