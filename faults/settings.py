"""The portal's settings with the kinds of notice that the faults are tried on."""

from partnership.settings import *  # noqa: F403
from partnership.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "faults"]
