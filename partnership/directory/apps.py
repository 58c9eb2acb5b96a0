from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "partnership.directory"
    verbose_name = "Directory"

    def ready(self):
        from partnership.access.context import add_to_navigation
        from partnership.access.provision import register_setup
        from partnership.access.story import register_sentences
        from partnership.directory.history import OTHER_SENTENCES, SENTENCES
        from partnership.directory.merging.rows import register_own
        from partnership.people.roles import Perm

        add_to_navigation("Directory", "directory:agencies", Perm.DIRECTORY_VIEW, order=60)
        register_sentences(SENTENCES | OTHER_SENTENCES)
        register_own()
        register_setup("load_reference")
        register_setup("open_offices")  # opened by the partners' agencies, which are there now
