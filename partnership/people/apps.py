from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "partnership.people"
    verbose_name = "People and agencies"
