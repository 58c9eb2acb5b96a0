from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "partnership.documents"
    verbose_name = "Documents"

    def ready(self):
        from partnership.documents import registrations

        registrations.register()
