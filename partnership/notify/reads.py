"""What a person is shown of what they were told: only while they may still see what it is about."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from partnership.access.reach import Reach, reach_of
from partnership.access.rows import NOTHING, allowing
from partnership.notify.kinds import kind_of, known_kinds
from partnership.notify.models import Notice
from partnership.people.models import User
from partnership.people.roles import Perm


@dataclass(frozen=True)
class Line:
    """One notice as it is read: the row, its sentence made now, the address to act at, and its kind."""

    notice: Notice
    text: str
    url: str
    kind: object

    @property
    def unread(self):
        return self.notice.read_at is None


def shown_to(user, kinds=None):
    """The notices of `user` whose subject they may see today, as a queryset. kinds: only of these kinds.

    Lists, counts, digests and emails start here and nowhere else. A kind that nobody registers any more is not shown.
    """
    reach = user if isinstance(user, Reach) else reach_of(user)
    codes = defaultdict(list)
    for kind in known_kinds() if kinds is None else kinds:
        codes[kind.model, kind.perm].append(kind.code)
    rule = NOTHING
    for (model, perm), names in codes.items():
        rule |= Q(kind__in=names, subject_id__in=allowing(model, reach, perm).order_by().values("pk"))
    return Notice.objects.allowing(reach, Perm.SIGN_IN).filter(rule)


def unread_count(user) -> int:
    """How many notices the person has not read; one query besides the reach."""
    return shown_to(user).filter(read_at=None).count()


def described(notices, user) -> list[Line]:
    """Notices as lines, in their order; each describer makes its sentences for all of its notices at once."""
    by_describer = defaultdict(list)  # kinds may share one
    for notice in notices:
        by_describer[kind_of(notice.kind).describe].append(notice)
    sentences = {}
    for describe, mine in by_describer.items():
        sentences |= describe(mine, user)
    absent = {notice.data["covering"] for notice in notices if notice.data.get("covering")}
    names = (
        {str(pk): name for pk, name in User.objects.filter(pk__in=absent).values_list("pk", "name")} if absent else {}
    )
    lines = []
    for notice in notices:
        kind = kind_of(notice.kind)
        text = sentences.get(notice.pk) or kind.title
        if covering := notice.data.get("covering"):
            text = f"Covering for {names.get(covering, 'a colleague')}: {text}"
        lines.append(Line(notice, text, kind.url(notice), kind))
    return lines
