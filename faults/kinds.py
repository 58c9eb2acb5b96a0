"""What the letters of the faults are about: an organisation, which everybody with a role may see."""

from partnership.notify.kinds import NoticeKind
from partnership.notify.kinds import register as register_kind
from partnership.people.models import Agency
from partnership.people.roles import Perm

LAW, OPEN, INVITATION, POISON = "fault_law", "fault_open", "fault_invitation", "fault_poison"


def still_there(notices):
    """Those whose organisation has not ended: what a deadline that was met is to a reminder of it."""
    ended = Agency.objects.filter(pk__in=[notice.subject_id for notice in notices], ends__isnull=False)
    gone = set(ended.values_list("pk", flat=True))
    return {notice.pk for notice in notices if notice.subject_id not in gone}


def poison(notices):
    raise RuntimeError("this letter cannot be written")


def register():
    facts = {
        "model": Agency,
        "perm": Perm.DIRECTORY_VIEW,
        "describe": lambda notices, user: {},
        "url": lambda notice: "/",
    }
    register_kind(NoticeKind(code=LAW, title="A statutory date", statutory=True, **facts))
    register_kind(NoticeKind(code=OPEN, title="A case alert", apart=True, still_wanted=still_there, **facts))
    register_kind(NoticeKind(code=INVITATION, title="An invitation", apart=True, bulk=True, **facts))
    register_kind(NoticeKind(code=POISON, title="A broken kind", apart=True, still_wanted=poison, **facts))
