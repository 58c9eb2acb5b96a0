"""The registers and lists that the portal takes in: one module each."""

from partnership.directory.importing.entries import SOURCES
from partnership.directory.importing.sources import schools

__all__ = ["SOURCES", "schools"]
