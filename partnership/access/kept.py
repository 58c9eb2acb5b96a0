"""A form that was sent when its session had ended, kept for the person it was drawn for (docs/adr/0012).

The form itself says whose it is: its `form_token` is a random number, the id of the person, the time, and the portal's
signature over them. So nothing of a dead session is needed, and nobody can leave anything for somebody else.
"""

import json
import uuid
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from partnership.access.models import KeptForm, Submission
from partnership.access.sealing import CannotOpen, seal, unseal
from partnership.people.models import User
from partnership.trail.models import new_id
from partnership.ui.listing import id_of

FIELD = "form_token"
QUERY = "kept"  # the parameter of the form's address that names what was kept
LIFE = timedelta(minutes=30)
MOST = 10  # for one person; the oldest goes first
MOST_BYTES = 200_000
# A page that lay open over a long weekend still says whose it is.
TOKEN_LIFE = timedelta(days=7)
NEVER = {"csrfmiddlewaretoken", "autosave"}


def new_token(user) -> str:
    """The token of a form that is drawn for `user`."""
    return _signer().sign(f"{new_id()}:{user.pk}")


def number_of(token) -> uuid.UUID:
    """The random number of a token, signed or not. Raises ValueError."""
    return uuid.UUID(token.split(":")[0])


def keep(request) -> str:
    """Keep what was posted for its author. Returns the address at which the author finds it again, or nothing.

    Kept are the fields of a form that says whose it is, at an address that shows a form; never files or passwords.
    Whoever calls has seen to it that the post comes from the portal's own page.
    """
    policy = getattr(request.resolver_match.func, "policy", None)
    author = _author(request)
    if author is None or policy is None or "GET" not in policy.methods or len(request.path) > 300:
        return ""
    fields = {name: values for name, values in request.POST.lists() if name not in NEVER and "password" not in name}
    if len(json.dumps(fields, ensure_ascii=False).encode(errors="replace")) > MOST_BYTES:
        return ""
    dispose()
    with transaction.atomic():
        # Locked, so that many posts at once cannot pass the limit.
        user = User.objects.select_for_update().filter(pk=author, is_active=True).first()
        if user is None:
            return ""
        pk = new_id()
        KeptForm.objects.create(id=pk, user=user, path=request.path, sealed=seal(pk, fields))
        mine = KeptForm.objects.filter(user=user).order_by("-kept_at", "pk")
        KeptForm.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST:])).delete()
    return _address(request, pk)


def again(request) -> QueryDict | None:
    """What this person had typed at this address, as it was sent; None for anybody else, elsewhere, or too late."""
    row = _asked_for(request)
    if row is None:
        return None
    try:
        fields = unseal(row.pk, row.sealed)
    except CannotOpen:
        return None
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return data


def drop(request) -> None:
    """The form was sent again and accepted: what was kept is deleted."""
    if row := _asked_for(request):
        row.delete()


def lying(request) -> tuple | None:
    """The newest text of this person that is kept for this address: (when, where to open it).

    Not where the address has a query: that may name what the form is about, and the text be about something else.
    """
    if request.GET or not request.user.is_authenticated:
        return None
    rows = KeptForm.objects.filter(user=request.user.pk, path=request.path, kept_at__gt=timezone.now() - LIFE)
    found = rows.order_by("-kept_at").values_list("kept_at", "pk").first()
    return found and (found[0], _address(request, found[1]))


def dispose() -> int:
    """Delete what is past its time. Returns how many rows."""
    return KeptForm.objects.filter(kept_at__lte=timezone.now() - LIFE).delete()[0]


def forget_sent() -> int:
    """Delete what was noted of sent forms once none of their tokens is taken any more. Returns how many rows."""
    return Submission.objects.filter(created_at__lte=timezone.now() - TOKEN_LIFE).delete()[0]


def _asked_for(request):
    pk = id_of(request.GET.get(QUERY, ""))
    if pk is None:
        return None
    since = timezone.now() - LIFE
    return KeptForm.objects.filter(pk=pk, user=request.user.pk, path=request.path, kept_at__gt=since).first()


def _address(request, pk):
    query = request.GET.copy()
    query[QUERY] = str(pk)
    return f"{request.path}?{query.urlencode()}"


def _author(request):
    try:
        signed = _signer().unsign(request.POST.get(FIELD, ""), max_age=TOKEN_LIFE)
        return uuid.UUID(signed.split(":")[1])
    except (BadSignature, ValueError, IndexError):
        return None


def _signer():
    return TimestampSigner(salt="partnership.form_token")
