"""What a builder types line by line, and what is kept of it: the answers of a scale, links, columns; codes."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify

COUNTS, LEFT_OUT, GAP = "counts", "left out", "gap"
MARKS = {COUNTS, LEFT_OUT, GAP}
MOST = 12  # answers of one scale, columns of one table: more are not read on a phone
TOO_MANY = f"Enter {MOST} lines at most."
CODE = 20
BOTH = "‘{}’ counts and is left out of percentages: only one can be. Take one of the two words away."
ADDRESS = "‘{}’ has no address. Enter the words, a space, and an address that begins with https://."


def _lines(text, most=MOST) -> list[str]:
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if len(lines) > most:
        raise ValidationError(TOO_MANY)
    return lines


def scale_said(scale, gaps) -> str:
    """A stored scale as it is typed: 'Met: counts', 'Partly met: gap', one a line."""
    lines = []
    for each in scale:
        counts = each.get("counts")
        marks = [COUNTS] if counts else [LEFT_OUT] if counts is None else []
        marks += [GAP] if each["code"] in gaps else []
        lines.append(f"{each['label']}: {', '.join(marks)}" if marks else each["label"])
    return "\n".join(lines)


def scale_typed(text, now=()) -> tuple[list, list]:
    """(scale, gap codes) of what was typed. now: the scale as it is, whose codes stay: by the words of an answer, or,
    where as many lines were typed, by its place. Raises ValidationError."""
    typed = [_answer(line) for line in _lines(text)]
    by_words = {each["label"].lower(): each["code"] for each in now}
    codes = [by_words.get(label.lower()) for label, _ in typed]
    if len(now) == len(typed):
        codes = [
            code or (then["code"] if then["code"] not in codes else None) for code, then in zip(codes, now, strict=True)
        ]
    scale, gaps = [], []
    for (label, marks), code in zip(typed, codes, strict=True):
        code = code or free_code(label, {*codes, *(each["code"] for each in scale)}, most=CODE, otherwise="answer")
        scale.append({"code": code, "label": label, "counts": None if LEFT_OUT in marks else COUNTS in marks})
        gaps += [code] if GAP in marks else []
    return scale, gaps


def _answer(line) -> tuple[str, set]:
    """'Partly met: gap' -> ('Partly met', {'gap'}); a colon that belongs to the words stays in them."""
    label, colon, rest = line.rpartition(":")
    marks = {" ".join(each.split()).lower() for each in rest.split(",")}
    if not colon or not label.strip() or not marks <= MARKS:
        return line, set()
    if {COUNTS, LEFT_OUT} <= marks:
        raise ValidationError(BOTH.format(label.strip()))
    return label.strip(), marks


def free_code(words, taken, *, most=50, otherwise="question") -> str:
    """A code made of words that is not among those taken. most: characters; otherwise: where no letter can be taken."""
    base = slugify(words)[: most - 4].strip("-") or otherwise
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


def links_said(links) -> str:
    return "\n".join(f"{each['words']} {each['url']}" for each in links)


def links_typed(text) -> list:
    """[{"words", "url"}] of lines of words and an address. Raises ValidationError."""
    found = []
    for line in _lines(text):
        words, _, url = line.rpartition(" ")
        try:
            URLValidator(schemes=["https", "http"])(url)
        except ValidationError:
            raise ValidationError(ADDRESS.format(line)) from None
        found.append({"words": words.strip() or url, "url": url})
    return found


def columns_said(columns) -> str:
    return "\n".join(columns)


def columns_typed(text) -> list:
    return _lines(text)
