"""A made-up national schools register in its real form: 140 columns, Windows-1252, 24,500 rows; names are fictional.

`python -m bench.registers FILE [--later]` writes one; `--later` is the same register a year on.
"""

import argparse
import csv
import random
from pathlib import Path

ROWS = 24_500
SAMPLE = Path(__file__).resolve().parent.parent / "tests" / "directory" / "data" / "gias_99_rows.csv"
GONE, NEW = ("CensusAreaStatisticWard (name)",), ("FSM", "AccreditationExpiryDate")  # of the 2024 vintage
PLACES = (
    "Ashmere",
    "Brindle",
    "Calloway",
    "Dunmore",
    "Elmstead",
    "Fallowfield",
    "Garsden",
    "Hollin",
    "Ivybank",
    "Kestrel",
)
SAINTS = ("Æthelwyn’s", "Beda’s", "Cwenburh’s", "Dympna’s", "Édouard’s")
SORTS = ("Primary School", "Infant School", "Junior School", "High School", "Academy", "Nursery School")
TYPES = (
    ("Community school", "Local authority maintained schools"),
    ("Voluntary aided school", "Local authority maintained schools"),
    ("Academy converter", "Academies"),
    ("Academy sponsor led", "Academies"),
    ("Free schools", "Free Schools"),
    ("Other independent school", "Independent schools"),
)
AUTHORITIES = [*range(201, 214), *range(301, 321), *range(800, 896), *range(919, 939)]
CLOSED, CONVERTED, CHANGED, WRONG = 300, 200, 1_000, 100


def columns():
    with SAMPLE.open(encoding="cp1252", newline="") as file:
        names = next(csv.reader(file))
    return [*(name for name in names if name not in GONE), *NEW]


def write(path, *, later=False, rows=ROWS) -> None:
    """later: 300 have closed, 200 of them to a new number at their postcode, 1,000 changed, 100 cannot be read."""
    names = columns()
    with Path(path).open("w", encoding="cp1252", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow(names)
        for said in _rows(rows, later):
            row = [said.get(name, "Not applicable" if name.endswith("(name)") else "") for name in names]
            out.writerow(row)


def _rows(rows, later):
    chance = random.Random(4)
    for n in range(rows):
        said = _school(n, chance)
        if later and n < CLOSED:
            closed = said | {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2026"}
            yield closed
            if n < CONVERTED:
                new = {"URN": 200_000 + n, "OpenDate": "01-09-2026", "TypeOfEstablishment (name)": "Academy converter"}
                yield said | new
        elif later and n < CLOSED + CHANGED:
            yield said | {"EstablishmentName": f"{said['EstablishmentName']} and Nursery", "StatutoryLowAge": 2}
        elif later and n < CLOSED + CHANGED + WRONG:
            yield said | {"URN": "1E5"}
        else:
            yield said


def _school(n, chance):
    kind, group = chance.choice(TYPES)
    place, authority = chance.choice(PLACES), chance.choice(AUTHORITIES)
    said = {
        "URN": 100_000 + n,
        "LA (code)": authority,
        "LA (name)": f"Authority {authority}",
        "EstablishmentNumber": 2000 + n % 5000,
        "EstablishmentName": f"St {chance.choice(SAINTS)} {place} {chance.choice(SORTS)}",
        "TypeOfEstablishment (name)": kind,
        "EstablishmentTypeGroup (name)": group,
        "EstablishmentStatus (name)": "Open",
        "OpenDate": f"01-09-{chance.randint(1950, 2020)}",
        "PhaseOfEducation (name)": chance.choice(("Primary", "Secondary", "Nursery", "Not applicable")),
        "StatutoryLowAge": chance.choice((3, 4, 7, 11)),
        "StatutoryHighAge": chance.choice((11, 16, 18)),
        "Town": place,
        "Postcode": f"ZE{n // 1000 % 99 + 1} {n % 10}{'ABDEFGHJLN'[n // 10 % 10]}{'ABDEFGHJLN'[n // 100 % 10]}",
        "SchoolWebsite": f"www.school{n}.example",
        "DistrictAdministrative (name)": f"District {authority}",
        "TelephoneNum": "01632960001",
        "HeadFirstName": "Not",
        "HeadLastName": "Kept",
        "Street": f"{n % 200} {place} Road",
        "SchoolCapacity": chance.randint(30, 1800),
        "NumberOfPupils": chance.randint(30, 1800),
        "ParliamentaryConstituency (name)": f"{place} and District",
        "UrbanRural (name)": "(England/Wales) Urban major conurbation",
        "LSOA (name)": f"{place} {n % 90:03}A",
        "Easting": chance.randint(100_000, 600_000),
        "Northing": chance.randint(100_000, 600_000),
        "UPRN": 10_000_000_000 + n,
    }
    if group == "Academies":
        trust = chance.randint(2_000, 3_400)
        said |= {"Trusts (code)": trust, "Trusts (name)": f"THE {place.upper()} LEARNING TRUST {trust}"}
    return said


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--later", action="store_true")
    asked = parser.parse_args()
    write(asked.file, later=asked.later)
