"""Meetings of folders, between the wings (docs/adr/0029): one wing keeps them, the others have folders that hold them.

The keeper says which meetings a folder has; a host says what is particular to meetings of its kind of folder. Neither
names the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone


@dataclass(frozen=True)
class Gathering:
    """A meeting as another wing reads it. words: how it stands; url: its page; off: it does not take place."""

    pk: UUID
    title: str
    starts_at: datetime
    place: str
    link: str
    url: str
    words: str
    held_at: datetime | None
    off: bool

    @property
    def day(self):
        """The day in London on which it begins."""
        return timezone.localdate(self.starts_at)

    @property
    def begun(self) -> bool:
        return self.starts_at <= timezone.now()


@dataclass(frozen=True)
class Keeper:
    """of:     (user, folder) -> its Gatherings that `user` may see, soonest first.
    plan_url:  (folder) -> the address at which one is planned.
    chairs:    (ids of folders) -> {folder id: ids of those who chair or chaired}, past the row rule: for who may have a
               file, never to be shown.
    hold:      (folder, by=, at=) -> whether a meeting of that day was recorded as held at that moment.
    unhold:    (folder, by=, at=) -> whether it was taken back of one that was held at that moment.
    """

    of: Callable
    plan_url: Callable
    chairs: Callable
    hold: Callable
    unhold: Callable


def _nothing(*args, **kwargs) -> str:
    return ""


@dataclass(frozen=True)
class Host:
    """What is particular to the meetings of one kind of folder, which have no seats: people are invited one by one.

    title:     what a meeting is called unless somebody says another thing.
    shut:      (folder) -> why none can be planned; nothing where one can.
    dates:     (user, folder) -> by when it is to be, in sentences, beside the day that is asked.
    warning:   (user, folder, day) -> what speaks against that day. The plan stands.
    no_chair:  (folder) -> {user id: what they are here} of those who must not chair, as 'independent scrutineer'.
    held:      (folder, by=, moments=, was=): meetings of the folder were held at these moments now; was: the moment of
               one that was taken back or moved. Called in the transaction of the change.
    """

    title: str
    shut: Callable = _nothing
    dates: Callable = _nothing
    warning: Callable = _nothing
    no_chair: Callable = lambda folder: {}
    held: Callable = _nothing


_keepers: list[Keeper] = []
_hosts: dict[str, Host] = {}


def register_keeper(keeper: Keeper) -> None:
    """Called once from an AppConfig.ready, by the one wing that keeps meetings."""
    _keepers[:] = [keeper]


def register_host(kind, host: Host) -> None:
    """Called once by the wing whose folders of this kind may have meetings."""
    _hosts[kind] = host


def host_of(folder) -> Host | None:
    """None for a folder whose meetings are of its seats: a group's."""
    return _hosts.get(folder.kind)


def gatherings(user, folder) -> list[Gathering]:
    return [each for keeper in _keepers for each in keeper.of(user, folder)]


def nearest(user, folder) -> Gathering | None:
    """The next meeting of a folder that takes place; the last one where none lies ahead."""
    rows = [each for each in gatherings(user, folder) if not each.off]
    return next((each for each in rows if not each.begun), rows[-1] if rows else None)


def plan_url(folder) -> str:
    return next((keeper.plan_url(folder) for keeper in _keepers), "")


def chairs_of(folders) -> dict:
    """folder id -> ids of those who chair a meeting of it. Of ids; nothing of it is shown."""
    return next((keeper.chairs(list(folders)) for keeper in _keepers), {})


def hold(folder, *, by, at) -> bool:
    """Record that the meeting of that day was held. False where none was planned: there is nothing to record then."""
    return any(keeper.hold(folder, by=by, at=at) for keeper in _keepers)


def unhold(folder, *, by, at) -> bool:
    return any(keeper.unhold(folder, by=by, at=at) for keeper in _keepers)
