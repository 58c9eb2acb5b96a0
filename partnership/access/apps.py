from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "partnership.access"
    verbose_name = "Access"

    def ready(self):
        from partnership.access import checks  # noqa: F401  (registers the system checks)
        from partnership.access.held import grants_of
        from partnership.access.mine import add_own_page
        from partnership.access.open_work import register_open_work
        from partnership.access.reads import declared_conflicts
        from partnership.access.work import register_work
        from partnership.people.roles import Perm

        add_own_page("Emergency access", "access:emergency", order=60, perm=Perm.EMERGENCY)
        register_work(declared_conflicts)
        register_open_work(grants_of, order=90)
