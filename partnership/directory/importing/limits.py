"""How many rows a list of people may have; how large any file may be stands in partnership.documents.tables.limits."""

PEOPLE = 5_000  # each is taken by the services that a page uses

TOO_MANY_PEOPLE = f"A list of people has at most {PEOPLE:,} rows. Save it in parts and upload one after the other."
