"""The Panel's vocabulary of themes, read from its file: data with a source, not code."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Theme:
    """restated: where the words were read instead, if not in the source itself."""

    code: str
    title: str
    source: str
    verified: bool
    restated: str

    @property
    def told(self):
        """The source, and how sure these words are."""
        if self.verified:
            return self.source
        if self.restated:
            return f"{self.source}. As partnerships restate it."
        return f"{self.source}. Recalled: the words were not read in the report."


def _read() -> dict[str, Theme]:
    with open(Path(__file__).resolve().parent / "data" / "themes.toml", "rb") as file:
        sources = tomllib.load(file)["source"]
    found = [
        Theme(**each, source=row["name"], verified=row["verified"], restated=row["restated"])
        for row in sources
        for each in row["themes"]
    ]
    if len({each.code for each in found}) != len(found):
        raise ValueError("A theme's code stands twice in themes.toml.")
    return {each.code: each for each in found}


THEMES = _read()


def title_of(row) -> str:
    """A theme of a review in words: its own, or those of its code; the code itself where it ships no more."""
    return row.words or (THEMES[row.code].title if row.code in THEMES else row.code)


def source_of(row) -> str:
    return THEMES[row.code].source if row.code in THEMES else "This review"
