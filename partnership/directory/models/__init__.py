"""What the directory keeps of its own work: imports, invitations, requests. Organisations stand in `people`."""

from partnership.directory.models.importing import ImportBatch, ImportRow

__all__ = ["ImportBatch", "ImportRow"]
