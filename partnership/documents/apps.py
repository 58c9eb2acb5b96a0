from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "partnership.documents"
    verbose_name = "Documents"
