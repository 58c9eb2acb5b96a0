"""The registers and lists that the portal takes in: one module each, in the order in which they are offered."""

from partnership.directory.importing.entries import SOURCES

from partnership.directory.importing.sources import schools, early_years, nhs, care, own_list, people  # isort: skip

__all__ = ["SOURCES", "care", "early_years", "nhs", "own_list", "people", "schools"]
