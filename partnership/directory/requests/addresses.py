"""Another email address: cases are closed to the person until two people agree; then the new address confirms."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse

from partnership.access import links
from partnership.access.models import Link
from partnership.access.reach import reach_of
from partnership.access.sessions import end_sessions
from partnership.directory.accounts import prove_address
from partnership.directory.models import AccountRequest
from partnership.directory.requests import services
from partnership.directory.requests.kinds import ADDRESS, BOUNCED, Kind, register
from partnership.directory.requests.rules import why_not_approve
from partnership.notify.models import DemoMail
from partnership.notify.personal import letter_kind
from partnership.notify.senders import AUTOMATIC
from partnership.people.models import User
from partnership.people.roles import Perm
from partnership.trail.services import record

TAKEN = "Another account has this email address. If both are the same person, the two records are put together instead."
SAME = "This is the address that the account has already."


def ask_for_address(user, address, *, by) -> AccountRequest:
    """Ask for another address, oneself or for somebody. Raises ValidationError for the same one.

    That another account has it is said to the unit alone: whoever asked could learn who has an account. To others the
    request is as any, and the unit cannot approve it.
    """
    address = User.objects.normalize_email(address.strip())
    if address.lower() == (user.email or "").lower():
        raise ValidationError({"address": SAME})
    if reach_of(by).holds_wide(Perm.PEOPLE_APPROVE) and is_taken(address, but=user):
        raise ValidationError({"address": TAKEN})
    return services.open_request(ADDRESS, user=user, by=by, said={"address": address})


def is_taken(address, *, but) -> bool:
    """Whether another account has it, or had it confirmed."""
    users = User.objects.filter(email__iexact=address).exclude(pk=but.pk)
    return users.exists() or EmailAddress.objects.filter(email__iexact=address).exclude(user=but).exists()


def begin(request):
    end_sessions(request.user, by=request.opened_by)


def refuses(request):
    return TAKEN if is_taken(request.said["address"], but=request.user) else ""


def carry_out(request, by):
    """The link goes to the new address, and the old one is told: two mailboxes must agree with two people."""
    _send_link(request, by)
    if old := request.user.email:
        _mail("directory/mail/address_approved", request.user, old)


@transaction.atomic
def send_again(request, *, by) -> None:
    """A new link for an address that was approved and not yet confirmed. ValidationError where there is none."""
    services.lock_people(request.user)
    why_not = why_not_approve(request, by) if by.pk == request.user_id else ""
    if why_not or not waits_for_link(request):
        raise ValidationError(why_not or "There is no approved address that still waits to be confirmed.")
    _send_link(request, by)
    record("address_link_sent_again", by=by, obj=request)


def waits_for_link(request) -> bool:
    """Whether this approved address is not yet the account's, and the newest that was approved."""
    if request.kind != ADDRESS or request.status != AccountRequest.Status.DONE or request.user.closed_at:
        return False
    newest = services.approved_addresses(request.user).latest("decided_at")
    return newest.pk == request.pk and (request.user.email or "").lower() != request.said["address"].lower()


def _send_link(request, by):
    """Links of an earlier address die with the new one. They are good for seven days."""
    links.revoke_all(request.user, Link.Purpose.NEW_ADDRESS)
    token = links.make(Link.Purpose.NEW_ADDRESS, acts_as=request.user, by=by, object_id=request.pk)
    url = settings.PORTAL_URL + reverse("directory:confirm_address", args=[token])
    _mail("directory/mail/address_confirm", request.user, request.said["address"], url=url)


def _mail(template, person, to, **context):
    """As the emails of signing in go: straight, after the transaction. What cannot leave is sent again by the unit.

    The outbox cannot carry it: it writes to the address that an account has, at the moment that it sends.
    """
    context["person"] = person
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    body = render_to_string(f"{template}_message.txt", context)
    if settings.MAIL_SENDER == "demo":
        DemoMail.objects.create(recipient=person, subject=subject, body=body)
        return
    letter = EmailMessage(subject, body, to=[to], headers=AUTOMATIC)
    transaction.on_commit(letter.send, robust=True)


def request_of(link) -> AccountRequest:
    """The approved request that a link is about. Raises Http404 where it stands no longer."""
    rows = AccountRequest.objects.unscoped("the link was made for this one request").select_related("user")
    row = rows.filter(pk=link.object_id, user=link.acts_as_id, kind=ADDRESS).first()
    if row is None or not waits_for_link(row):
        raise Http404
    return row


@transaction.atomic
def confirm(link) -> User:
    """The new mailbox has answered: its address is the account's from now on. Raises Http404, ValidationError."""
    user, _ = services.lock_people(link.acts_as)
    request = request_of(link)
    address = request.said["address"]
    if user.closed_at or is_taken(address, but=user):
        raise ValidationError(TAKEN)
    links.use_up(link)
    user.email = address
    user.save(update_fields=["email"])
    prove_address(user)
    links.revoke_all(user, Link.Purpose.FIRST_SIGN_IN)
    links.revoke_all(user, Link.Purpose.ACTIONS)  # it went to the mailbox that they have left
    end_sessions(user, by=user)
    record("address_changed", by=user, obj=user, request=request.pk)
    return user


# --- an address that bounces ------------------------------------------------------------------------------------------


def tell_of_bounce(outgoing, letters) -> None:
    """The hook of the outbox: a letter came back, so somebody asks the person what became of the address.

    Of an account alone: that of somebody invited is put right where they were invited (`joining.letters.came_back`),
    and one that is nobody's account where it was typed.
    """
    user, kind = outgoing.recipient, letter_kind(outgoing.template)
    if kind and kind.elsewhere:
        return
    if user.email and user.is_active:
        services.open_request(BOUNCED, user=user, said={"address": user.email})


def describe(request):
    return [("New address", request.said["address"]), ("Address until now", request.user.email or "None")]


register(
    Kind(
        code=ADDRESS,
        title="Another email address",
        asks="Does the new address belong to this person? Ring the number that the directory holds, never one that "
        "you were given, or see them. Whoever has the address can ask for a new password.",
        describe=describe,
        carry_out=carry_out,
        begin=begin,
        refuses=refuses,
        suspends=lambda request: True,
        said_yes="A link went to the new address. When it is confirmed there, the person signs in with it; the old "
        "address was told.",
    )
)
register(
    Kind(
        code=BOUNCED,
        title="An address that bounces",
        asks="Email to this address came back. Ring the person: is it written rightly, and is it still theirs?",
        describe=lambda request: [("Address that came back", request.said["address"])],
        two=False,
        said_yes="The address was kept as it is.",
    )
)
