from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "partnership.jobs"
    verbose_name = "Jobs"

    def ready(self):
        from partnership.access.story import register_sentences

        register_sentences(
            {
                "job_asked": "asked for a report",
                "job_done": "was given the report",
                "job_failed": "could not be given the report",
                "work_asked": "asked for work of the portal’s own",
                "work_done": "was told that the work is done",
                "work_failed": "was told that the work could not be done",
            }
        )
