"""A lost phone: the app and the recovery codes are taken off, and the next sign-in sets the new phone up."""

from allauth.mfa.models import Authenticator

from partnership.access.sessions import end_sessions
from partnership.directory.requests import notices
from partnership.directory.requests.kinds import LOST_FACTOR, Kind, register
from partnership.trail.services import record


def carry_out(request, by):
    """Nothing is left of the old phone: its app, its codes, whatever is signed in with it."""
    Authenticator.objects.filter(user=request.user).delete()
    end_sessions(request.user, by=by)
    record("second_factor_taken_off", by=by, obj=request.user, request=request.pk)
    notices.tell_factor_off(request)


def describe(request):
    how = (
        "On the page of the second step of signing in, after the right password"
        if request.opened_by_id is None
        else (f"They told {request.opened_by.name}")
    )
    said = request.said.get("note")
    return [("How they asked", how), *([("What they said", said)] if said else [])]


register(
    Kind(
        code=LOST_FACTOR,
        title="Lost phone",
        asks="Is it really this person who has lost the phone? Ring the number that the directory holds, never one "
        "that you were given, or see them.",
        describe=describe,
        carry_out=carry_out,
        said_yes="The app and the recovery codes are off. At the next sign-in the portal asks for the password and "
        "then sets up the new phone.",
    )
)
