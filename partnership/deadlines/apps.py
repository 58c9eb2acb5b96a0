from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "partnership.deadlines"
    label = "deadlines"
    verbose_name = "Deadlines"

    def ready(self):
        from partnership.deadlines import registrations

        registrations.register()
