from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "partnership.deadlines"
    label = "deadlines"
    verbose_name = "Deadlines"

    def ready(self):
        from partnership.access.context import add_to_navigation
        from partnership.access.story import register_sentences
        from partnership.deadlines import checks  # noqa: F401 - registers itself
        from partnership.people.roles import Perm

        add_to_navigation("Rules and holidays", "deadlines:rules", Perm.RULES_VIEW, order=65)
        register_sentences(
            {
                "calendar_loaded": "loaded bank holidays",
                "calendar_changed": "changed the bank holidays",
                "calendar_year_added": "added a year of bank holidays",
                "local_edition_added": "set a local edition of a rule",
            }
        )
