"""The hand-written tables, read."""

import csv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent / "expected"


def _personas():
    with open(HERE / "personas.csv", newline="") as file:
        return {row["column"]: row["personas"].split() for row in csv.DictReader(file)}


COLUMNS = _personas()
PERSONAS = [persona for personas in COLUMNS.values() for persona in personas]
FIRSTS = {personas[0] for personas in COLUMNS.values()}
COLUMN_OF = {persona: column for column, personas in COLUMNS.items() for persona in personas}


@dataclass(frozen=True)
class Row:
    """One line of a table. cells: column -> the words that are expected, one a case that is asked about.

    A table may give one persona a column of its own, named after it; it beats the column that he shares.
    """

    app: str
    url: str
    sample: str
    method: str
    cells: dict

    def __str__(self):
        return "-".join(filter(None, [self.url, self.sample.replace(" ", "_"), self.method]))

    @property
    def sampler(self):
        return self.sample.split()[0] if self.sample else ""

    def expected(self, persona) -> list:
        return self.cells.get(persona, self.cells[COLUMN_OF[persona]]).split("/")


def rows() -> list[Row]:
    found = []
    for path in sorted(HERE.glob("*.csv")):
        if path.stem == "personas":
            continue
        with open(path, newline="") as file:
            for line in csv.DictReader(file):
                cells = {
                    column: line[column] for column in (*COLUMNS, *PERSONAS) if column in COLUMNS or column in line
                }
                found.append(Row(path.stem, line["url"], line["sample"], line["method"], cells))
    return found


ROWS = rows()
