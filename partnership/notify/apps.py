from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "partnership.notify"
    verbose_name = "Notices"
