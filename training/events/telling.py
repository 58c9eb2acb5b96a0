"""Who is told that an event changes or is cancelled: a registry, so that planning knows nothing of letters."""

from collections.abc import Callable

_changed: list[Callable] = []
_cancelled: list[Callable] = []


def when_changed(hook) -> None:
    """hook(event, bookings, fields): in the transaction that changes an event which is open. bookings: of everybody
    who has a place or waits for one; fields: which of `services.TOLD` changed. Called once from an AppConfig.ready."""
    if hook not in _changed:
        _changed.append(hook)


def when_cancelled(hook) -> None:
    """hook(event, bookings): in the transaction that cancels an event, with the bookings that ended by it."""
    if hook not in _cancelled:
        _cancelled.append(hook)


def changed(event, bookings, fields) -> None:
    for hook in _changed:
        hook(event, bookings, fields)


def cancelled(event, bookings) -> None:
    for hook in _cancelled:
        hook(event, bookings)
