from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "partnership.directory"
    verbose_name = "Directory"

    def ready(self):
        from partnership.access.context import add_public_door, add_to_navigation
        from partnership.access.picking import register_offers
        from partnership.access.provision import register_setup
        from partnership.access.story import register_sentences
        from partnership.directory import searching
        from partnership.directory.closing import notices as closing
        from partnership.directory.confirming import registrations as confirming
        from partnership.directory.covering import registrations as covering
        from partnership.directory.history import OTHER_SENTENCES, SENTENCES
        from partnership.directory.importing import registrations as importing
        from partnership.directory.joining import registrations as joining
        from partnership.directory.leaving import registrations as leaving
        from partnership.directory.merging import notices as merging
        from partnership.directory.merging.rows import register_own
        from partnership.directory.requests import registrations as requests
        from partnership.people.roles import Perm

        add_to_navigation("Directory", "directory:agencies", Perm.DIRECTORY_VIEW, order=60)
        add_public_door("Public directory of organisations", "directory:public_directory", order=20)
        register_offers("directory:organisations_offered")
        register_sentences(SENTENCES | OTHER_SENTENCES)
        register_own()
        searching.register()
        closing.register_notices()
        merging.register_notices()
        importing.register()
        joining.register()
        requests.register()
        register_setup("load_reference")
        register_setup("open_offices")  # opened by the partners' agencies, which are there now
        leaving.register()
        confirming.register()
        covering.register()
