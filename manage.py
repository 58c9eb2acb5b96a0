#!/usr/bin/env python
import os
import sys

from partnership import embedded


def main() -> None:
    embedded.ensure_or_exit()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
