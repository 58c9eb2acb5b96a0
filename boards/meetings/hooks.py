"""What else happens when a meeting changes: the areas of the wing register here, so that planning names none of them.

Each callback is called as callback(meeting, by=user) inside the transaction of the change, with the locked, saved row.
"""

from collections.abc import Callable

_changed: list[Callable] = []
_cancelled: list[Callable] = []
_held: list[Callable] = []


def on_changed(callback: Callable) -> None:
    """The title, time or place of a meeting that was called is another now."""
    _add(_changed, callback)


def on_cancelled(callback: Callable) -> None:
    """A meeting that was called does not take place."""
    _add(_cancelled, callback)


def on_held(callback: Callable) -> None:
    """It is recorded that a meeting was held."""
    _add(_held, callback)


def _add(callbacks, callback):
    if callback not in callbacks:
        callbacks.append(callback)


def changed(meeting, *, by) -> None:
    _tell(_changed, meeting, by)


def cancelled(meeting, *, by) -> None:
    _tell(_cancelled, meeting, by)


def held(meeting, *, by) -> None:
    _tell(_held, meeting, by)


def _tell(callbacks, meeting, by):
    for callback in callbacks:
        callback(meeting, by=by)
