"""The kinds of request about an account, registered once by the module that carries each out."""

from collections.abc import Callable
from dataclasses import dataclass

ROLE, ADDRESS, LOST_FACTOR, DOUBLE, BOUNCED = "role", "address", "lost_factor", "double", "bounced"


@dataclass(frozen=True)
class Kind:
    """One kind.

    code:      stored, so for ever.
    title:     what it is called in the list.
    asks:      what the unit must find out before it says yes, as a sentence.
    describe:  (request) -> [(label, words)]: what was asked for.
    carry_out: (request, by) -> None: what approval does, in its transaction. ValidationError where it cannot be done.
    begin:     (request) -> None: what asking does at once, besides what `suspends` does.
    refuses:   (request) -> a sentence why it cannot be carried out as things stand, or nothing.
    two:       whether it needs a check and a second person; otherwise one settles it.
    suspends:  (request) -> whether cases are closed to the person until it is decided.
    said_yes:  what the approver reads when it is done.
    """

    code: str
    title: str
    asks: str
    describe: Callable
    carry_out: Callable = lambda request, by: None
    begin: Callable = lambda request: None
    refuses: Callable = lambda request: ""
    two: bool = True
    suspends: Callable = lambda request: False
    said_yes: str = "Done."


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called once from an AppConfig.ready. Raises ValueError when another kind has the code."""
    if _kinds.get(kind.code, kind) != kind:
        raise ValueError(f"request kind {kind.code!r} is taken")
    _kinds[kind.code] = kind


def kind_of(request) -> Kind:
    return _kinds[request.kind]


def known_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.title)
