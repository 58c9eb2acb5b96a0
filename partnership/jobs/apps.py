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
            }
        )
