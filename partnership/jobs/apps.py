from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "partnership.jobs"
    verbose_name = "Jobs"
