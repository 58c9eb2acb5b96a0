from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "partnership.deadlines"
    label = "deadlines"
    verbose_name = "Deadlines"
