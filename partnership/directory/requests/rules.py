"""Who may take which step of a request, each refusal as the sentence that its page shows."""

from partnership.directory.requests.kinds import kind_of

OWN = "This is about your own account, so somebody else deals with it."
TWO = "You checked who it is, so somebody else must approve it."
ASKED = "You asked for this, so somebody else must approve it."


def why_not_check(request, user) -> str:
    """Why `user` may not record the check of this request; empty where nothing stands against it."""
    return OWN if user.pk in (request.user_id, request.other_id) else ""


def why_not_approve(request, user) -> str:
    """The same for the approval: neither the subject, nor who checked, nor who asked."""
    if user.pk in (request.user_id, request.other_id):
        return OWN
    if user.pk == request.checked_by_id:
        return TWO
    if user.pk == request.opened_by_id and kind_of(request).two:
        return ASKED
    return ""


def why_not_refuse(request, user) -> str:
    return OWN if user.pk in (request.user_id, request.other_id) else ""
