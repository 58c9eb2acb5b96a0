"""What a wing tells the floor of files: what follows when one was checked, from whom one is held back, what is gone."""

from collections.abc import Callable

_clean: dict[str, list[Callable]] = {}
_refused: dict[str, list[Callable]] = {}
_held_back: list[tuple[Callable, str]] = []
_left_out: list[Callable] = []
_named: dict[str, Callable] = {}


def on_clean(kind):
    """Decorator: hook(version), in the transaction that makes the file clean. What it raises keeps the file waiting."""
    return _registering(_clean, kind)


def on_refused(kind):
    """Decorator: hook(version), in the transaction that refuses or withdraws it; `refusals.reason_of` has the words."""
    return _registering(_refused, kind)


def _registering(hooks, kind):
    if not kind or len(kind) > 40:
        raise ValueError("a kind has 1 to 40 characters")

    def register(hook):
        known = hooks.setdefault(kind, [])
        if hook not in known:
            known.append(hook)
        return hook

    return register


def after_clean(version):
    for hook in _clean.get(version.document.kind, ()):
        hook(version)


def after_refused(version):
    for hook in _refused.get(version.document.kind, ()):
        hook(version)


def hold_back(rule, words):
    """rule(user, versions) -> ids of those that this reader, who may see them, is not given yet; words: why."""
    if (rule, words) not in _held_back:
        _held_back.append((rule, words))


def held_back(user, versions) -> dict:
    """id -> why this reader is not given it yet."""
    return {pk: words for rule, words in _held_back for pk in rule(user, versions)}


def leave_out(documents):
    """documents() -> ids of documents, as a queryset, that nothing finds or offers any more."""
    if documents not in _left_out:
        _left_out.append(documents)


def offered(rows, document="document"):
    """Those of `rows` that may be found or chosen. document: the path to the id of a row's document."""
    for documents in _left_out:
        rows = rows.exclude(**{f"{document}__in": documents()})
    return rows


def named_by(kind):
    """Decorator: hook(user, versions) -> {id of a document: ' for the paper ‘…’'}, what a notice says of the file to
    whoever uploaded it. Without one it says when it came, and its page the rest."""

    def register(hook):
        _named[kind] = hook
        return hook

    return register


def names_of(user, versions) -> dict:
    """id of a document -> words. versions: with their document."""
    found = {}
    for kind, hook in _named.items():
        if mine := [each for each in versions if each.document.kind == kind]:
            found |= hook(user, mine)
    return found
