from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "partnership.identities"
    verbose_name = "Identities"

    def ready(self):
        from partnership.access.story import register_sentences

        register_sentences(
            {
                "identity_read": "read the identifiers",
                "identity_added": "entered an identity record",
                "identity_changed": "changed an identity record",
            },
            readings=("identity_read",),
        )
