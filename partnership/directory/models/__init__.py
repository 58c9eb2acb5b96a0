"""What the directory keeps of its own work: imports, invitations, requests, leaving. Organisations: `people`."""

from partnership.directory.models.requests import AccountRequest

__all__ = ["AccountRequest"]
