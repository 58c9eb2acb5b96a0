"""What the directory keeps of its own work: imports, invitations, requests. Organisations stand in `people`."""

from partnership.directory.models.merging import AgencyMerge

__all__ = ["AgencyMerge"]
