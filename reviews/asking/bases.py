"""What lets an organisation answer, in the words of its letter: data with a source, not code."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Basis:
    code: str
    title: str
    text: str
    limits: str
    source: str
    verified: bool


def _read() -> dict[str, Basis]:
    with open(Path(__file__).resolve().parent / "data" / "bases.toml", "rb") as file:
        return {each["code"]: Basis(**each) for each in tomllib.load(file)["basis"]}


BASES = _read()


def basis_of(row) -> Basis:
    """The basis of a request: the letter under section 16H that it names, else the agreement."""
    return BASES["agreement" if row.agreement_id and not row.letter_sent_on else "letter"]
