"""The ui app: registers the checks of the partnership's brand settings."""

from django.apps import AppConfig
from django.core.checks import register


class UiConfig(AppConfig):
    name = "partnership.ui"

    def ready(self):
        from partnership.ui import brand

        register(brand.check_settings)
