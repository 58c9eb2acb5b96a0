"""What one year holds, as a reader may count it."""

from collections import Counter

from django.utils import timezone

from partnership.actions.planning.rules import first_day
from partnership.ui.small_numbers import is_small
from training.figures import reads


class Year:
    """named: the reader may have names."""

    def __init__(self, user, year, *, named):
        self.year, self.named = year, named
        self.over = first_day(year + 1) <= timezone.localdate()
        self.events = reads.events(user, year)
        self.people = reads.delegates(user, year, named=named)
        self.online = reads.online(user, year, named=named)
        self.replies = {(each.stage, each.question): each for each in reads.replies(user, year, named=named)}
        self.states = Counter(each.state for each in self.events)

    def total(self, some) -> int | None:
        many = sum(each.many for each in some)
        return None if not self.named and is_small(many) else many

    @property
    def recorded(self) -> bool:
        """Whether there is anything of it; before the records began there is nothing, which is no 0."""
        return bool(self.events or self.people or self.online)

    @property
    def said_waits(self) -> bool:
        """Who looks twice while replies come in would see what the one that came between says."""
        return not self.named and bool(self.replies) and (not self.over or any(r.waits for r in self.replies.values()))


class Words:
    """What courses, organisations and events are called in each cut."""

    def __init__(self, years):
        self.courses = reads.courses()
        self.agencies = reads.agencies(each.agency for year in years for each in (*year.people, *year.online))
        self.areas = {event.pk: event.area for year in years for event in year.events}

    def key(self, by, each):
        """What sets `each` (Held or Some) apart; '' where nothing is said."""
        match by:
            case "course":
                return self.courses[each.course][0]
            case "priority":
                return self.courses[each.course][1]
            case "month":
                return each.month
            case "area":
                return each.area if isinstance(each, reads.Held) else self.areas.get(each.event, "")
        name, kind = self.agencies[each.agency]
        return name if by == "agency" else kind
