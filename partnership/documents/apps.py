from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "partnership.documents"
    verbose_name = "Documents"

    def ready(self):
        from partnership.access.story import register_sentences

        register_sentences({"document_kept": "kept a file, version {number}"})
