from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Reporting"

    def ready(self):
        from partnership.access.context import add_to_navigation
        from partnership.access.story import register_sentences
        from partnership.notify.watch import register_alarm
        from partnership.people.roles import Perm
        from reporting.search import MOST, MUCH, SEARCHED

        add_to_navigation("Home", "reporting:home", Perm.SIGN_IN, order=0)
        register_sentences({SEARCHED: "searched the portal"})
        register_alarm(
            MUCH,
            f"Somebody searches more than {MOST} times in ten minutes",
            "Ask that person whether it was them. If not, end their sessions and close the account: what was found is "
            "in the trail by its ids, the words that were searched for are kept nowhere.",
        )
