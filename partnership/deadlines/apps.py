from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "partnership.deadlines"
    label = "deadlines"
    verbose_name = "Deadlines"

    def ready(self):
        from partnership.deadlines import checks, registrations  # noqa: F401 - the checks register themselves

        registrations.register()
