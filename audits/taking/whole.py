"""The whole of a return as people read it: on paper, in a receipt, before it is signed."""

from dataclasses import dataclass
from datetime import date

from partnership.ui.dates import plain


@dataclass(frozen=True)
class Asked:
    """One question with its answer in words. rows: of a table, each a list of its cells; evidence: sentences."""

    ref: str
    text: str
    said: str
    words: str
    columns: list
    rows: list
    evidence: list
    to_confirm: bool

    @property
    def answered(self) -> bool:
        return bool(self.said or self.words or self.rows or self.evidence)


def sections_of(content: dict) -> list[tuple]:
    """[(number, title, [Asked])] of a content of `signing.content`, live or frozen, in its order."""
    found = []
    for each in content.get("questions", ()):
        head = (each["section"], each["section_title"])
        if not found or found[-1][:2] != head:
            found.append((*head, []))
        answer = each["answer"]
        rows = [row for row in answer.get("rows", ()) if any(str(cell).strip() for cell in row)]
        found[-1][2].append(
            Asked(
                each["ref"],
                each["text"],
                each["said"],
                answer.get("text", ""),
                each["columns"],
                rows,
                [_shown(piece) for piece in each["evidence"]],
                each["to_confirm"],
            )
        )
    return found


def people_of(content: dict) -> list[tuple]:
    """[(duty, 'Name, post')] in order."""
    return [
        (each["duty"], ", ".join(filter(None, [each["name"], each["post"]])) or "Nobody is named")
        for each in content.get("people", ())
    ]


def signatures_of(content: dict) -> list[dict]:
    """The frozen signatures, each with its day as people read it."""
    return [each | {"day": date.fromisoformat(each["signed_on"])} for each in content.get("signatures", ())]


def _shown(piece) -> str:
    days = [
        f"{word} {plain(date.fromisoformat(piece[name]))}"
        for word, name in (("in force since", "effective_on"), ("to be renewed by", "expires_on"))
        if piece[name]
    ]
    where = piece["address"] or ("a file in the portal" if piece["file"] else "")
    return ", ".join(filter(None, [piece["title"], where, *days]))
