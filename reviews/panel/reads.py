"""What the Panel said. Every function takes the user first and shows what the row rule allows."""

from django.db.models import Prefetch

from partnership.deadlines.models import Deadline
from partnership.deadlines.reads import facts_of
from reviews.clocks import PANEL
from reviews.models import PanelReply, ReplyCorrection, Sending


def sending(user, review):
    return Sending.objects.visible_to(user).filter(review=review).select_related("sent_by").first()


def replies(user, review):
    """Newest first, each with `earlier`: what was recorded of it, or of our answer, before it was put right."""
    rows = PanelReply.objects.visible_to(user).filter(review=review).select_related("recorded_by", "answered_by")
    wrong = ReplyCorrection.objects.visible_to(user).select_related("recorded_by", "corrected_by")
    return rows.prefetch_related(Prefetch("corrections", wrong, to_attr="earlier"))


def clock(user, sent):
    """How the days for the Panel's answer stand; None for a sending from before they were counted."""
    rows = Deadline.objects.visible_to(user).filter(
        subject_kind=sent._meta.label_lower,
        subject_id=sent.pk,
        rule=PANEL,
        status__in=(*Deadline.RUNNING, Deadline.Status.MET),
    )
    row = rows.order_by("-started_at").first()
    return facts_of(row) if row else None
