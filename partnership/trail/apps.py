from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "partnership.trail"
    verbose_name = "Trail"
