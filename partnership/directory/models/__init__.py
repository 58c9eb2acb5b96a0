"""What the directory keeps of its own work: imports, invitations, requests, leaving. Organisations are in `people`."""

from partnership.directory.models.joining import AccessRequest, DutyAsk, Invitation

__all__ = ["AccessRequest", "DutyAsk", "Invitation"]
