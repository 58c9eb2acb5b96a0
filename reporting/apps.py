from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Reporting"

    def ready(self):
        from partnership.access.context import add_to_navigation
        from partnership.people.roles import Perm

        add_to_navigation("Home", "reporting:home", Perm.SIGN_IN, order=0)
