from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "partnership.identities"
    verbose_name = "Identities"
