"""What the directory keeps of its own work: imports, invitations, requests, leaving. Organisations stand in `people`."""
