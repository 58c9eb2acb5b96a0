"""What can be told: kinds of notice, registered once by the floor or wing that tells them (docs/notify.md)."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from partnership.notify.models import BULK, DAILY, PROMPT, URGENT, Preference
from partnership.people.roles import Perm

_SATURDAY = 5


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice.

    code:      stored, so for ever; at most 40 characters.
    title:     what an email calls it, the same for every case: no name, date or code word of one can stand in it.
    model, perm: whose row it is about. The notice is shown, counted and mailed only while the recipient holds `perm`
               on the row `subject_id` of `model`, so an ended grant or a bar hides it at once.
    describe:  (notices, user) -> {notice.pk: sentence}, made when it is read; notices it does not name show `title`.
    url:       notice -> the address to act at.
    statutory: a date set by law or guidance: cannot be switched off, and is sent although its subject has moved on.
    apart:     leaves at once, not with the morning's digest. Every statutory kind does.
    bulk:      one of thousands (invitations): leaves after everything else.
    still_wanted: notices -> the pks of those still worth an email; None: all. Asked for others than statutory ones.
    mailed:    False for what is said in the portal alone, because a letter of its own says it already.
    in_letter: (notices, the reader's Reach) -> a part of the digest in words of its own, instead of the line with
               title and number; '' where nothing is left to say. Never for `apart`, never with a word of a case.
    """

    code: str
    title: str
    model: type
    perm: Perm
    describe: Callable
    url: Callable
    statutory: bool = False
    apart: bool = False
    bulk: bool = False
    still_wanted: Callable | None = None
    in_letter: Callable | None = None
    mailed: bool = True

    @property
    def leaves_at_once(self) -> bool:
        return self.statutory or self.apart

    @property
    def priority(self) -> int:
        if self.bulk:
            return BULK
        return URGENT if self.statutory else PROMPT if self.apart else DAILY

    @property
    def default(self) -> str:
        if not self.mailed:
            return Preference.Email.NONE
        return Preference.Email.NOW if self.leaves_at_once else Preference.Email.DIGEST

    @property
    def choices(self) -> list:
        """What a person may choose, as (value, label) pairs; nothing for a statutory kind, and for one
        that is not mailed."""
        if self.statutory or not self.mailed:
            return []
        now = [] if not self.apart else [Preference.Email.NOW]
        return [(str(each), each.label) for each in (*now, Preference.Email.DIGEST, Preference.Email.NONE)]

    def way(self, chosen) -> str:
        """`chosen`, or the kind's own way where nothing that may be chosen was."""
        return chosen if chosen in {value for value, _ in self.choices} else str(self.default)


_kinds: dict[str, NoticeKind] = {}
_bounced: list[Callable] = []


def register(kind: NoticeKind) -> None:
    """Called once from an AppConfig.ready. Raises ValueError when another kind has the code."""
    if len(kind.code) > 40 or _kinds.get(kind.code, kind) != kind:
        raise ValueError(f"notice kind {kind.code!r} is too long or taken")
    _kinds[kind.code] = kind


def kind_of(code: str) -> NoticeKind:
    """Raises KeyError for a code that nobody registered."""
    return _kinds[code]


def known_kinds() -> list[NoticeKind]:
    return sorted(_kinds.values(), key=lambda kind: (not kind.statutory, kind.title))


def register_bounced(hook: Callable) -> None:
    """hook(outgoing, notices): an email came back or was refused for good, so somebody else may have to be told."""
    if hook not in _bounced:
        _bounced.append(hook)


def bounced_hooks() -> list[Callable]:
    return list(_bounced)


def _weekend(day: datetime.date) -> bool:
    return day.weekday() >= _SATURDAY


_quiet: list[Callable] = [_weekend]


def register_quiet_day(is_quiet_day: Callable) -> None:
    """is_quiet_day(date) -> bool: no digest is sent on it (bank holidays). Weekends are quiet already."""
    if is_quiet_day not in _quiet:
        _quiet.append(is_quiet_day)


def is_quiet_day(day: datetime.date) -> bool:
    return any(quiet(day) for quiet in _quiet)
