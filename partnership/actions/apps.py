from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "partnership.actions"
    label = "actions"
    verbose_name = "Priorities and actions"

    def ready(self):
        from partnership.actions import registrations

        registrations.register()
