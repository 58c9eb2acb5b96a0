"""What the link of a reminder shows: the actions that its email named, as far as they may still be answered by it."""

from dataclasses import dataclass

from partnership.actions import rag, reminding
from partnership.actions.models import LineupItem
from partnership.actions.reads import standing_of, with_facts

COLOURS = {rag.RED: "red", rag.AMBER: "orange", rag.GREEN: "green", rag.GREY: "grey", rag.BLUE: "blue"}  # of tags
WHY = "of the reminder that the link was made for"


@dataclass(frozen=True)
class ByLink:
    """open: actions, soonest first, with `standing`, its `colour` and `group`. answered: how many were answered by it.

    Nothing is said of the others: closed, given away, sensitive now, of a folder that closed to the person, or of
    somebody whose account rests, they are answered in the portal.
    """

    open: list
    answered: int

    def named(self, reference):
        """The action of this reference, if it may be answered here."""
        return next((row for row in self.open if row.reference == reference), None)


def of_link(link) -> ByLink:
    """link: a live Link of the purpose ACTIONS."""
    items = LineupItem.objects.unscoped(WHY).filter(lineup=link.object_id, lineup__user=link.acts_as_id, named=True)
    left = items.filter(answered_at=None).values("action")
    rows = answerable_by_link(link).filter(pk__in=left)
    found, day = list(with_facts(rows).order_by("due_on", "reference")), rag.day()
    for row in found:
        row.standing, row.group = standing_of(row, day), reminding.group_of(row)
        row.colour = COLOURS[row.standing.colour]
    return ByLink(found, items.exclude(answered_at=None).count())


def answerable_by_link(link):
    """The person's own live actions that are not sensitive, by the row rule of this moment, with their folders."""
    rows = reminding.of_lineups(link.acts_as, [link.object_id])
    rows = reminding.answerable(rows).filter(sensitive=False, folder__sealed=False)
    return rows.select_related("folder")
