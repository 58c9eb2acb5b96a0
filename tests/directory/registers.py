"""Files of the national schools register as the tests write them, and what is done with one."""

import csv
import io

from partnership.directory.importing import services
from partnership.directory.models import ImportBatch

# The columns that the portal reads, beside some that it must not keep, in the order of the real file.
COLUMNS = (
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentTypeGroup (name)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "PhaseOfEducation (name)",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "Trusts (code)",
    "Trusts (name)",
    "Federations (code)",
    "Federations (name)",
    "Town",
    "Postcode",
    "SchoolWebsite",
    "TelephoneNum",
    "HeadTitle (name)",
    "HeadFirstName",
    "HeadLastName",
    "DistrictAdministrative (name)",
    "PropsName",
)
SCHOOL = {
    "URN": "999001",
    "LA (code)": "861",
    "LA (name)": "Stoke-on-Trent",
    "EstablishmentNumber": "2000",
    "EstablishmentName": "Canal Bridge Primary School",
    "TypeOfEstablishment (name)": "Community school",
    "EstablishmentTypeGroup (name)": "Local authority maintained schools",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-1995",
    "PhaseOfEducation (name)": "Primary",
    "StatutoryLowAge": "3",
    "StatutoryHighAge": "11",
    "Town": "Stoke-on-Trent",
    "Postcode": "ST1 9ZZ",
    "DistrictAdministrative (name)": "Stoke-on-Trent",
}


def school(urn=999001, **said):
    """A row; keywords name columns by their first word ('Town'), the rest by `said` of the exact name."""
    return SCHOOL | {"URN": str(urn)} | said


def table(*rows, columns=COLUMNS, separator=",", encoding="cp1252") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode(encoding)


def preview(content, *, scope=("861", "860"), name="edubasealldata.csv", by=None) -> ImportBatch:
    """Upload and read a file, without a job; what a glance refuses is raised."""
    batch = services.start(source="schools", name=name, chunks=[content], scope=scope, by=by)
    services.keep_reading(batch, services.read(batch, progress=silent), by=by)
    batch.refresh_from_db()
    return batch


def take(batch, *, by=None) -> ImportBatch:
    services.take_now(batch, by=by, progress=silent)
    return batch


def silent(percent, words=""):
    """Nobody looks at the bar of a test."""


def lines(batch) -> list:
    """(line, action, number) of every row of the preview."""
    return list(batch.rows.values_list("line", "action", "number"))
