from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "partnership.notify"
    verbose_name = "Notices"

    def ready(self):
        from partnership.notify import registrations

        registrations.register()
