"""What joining tells the floors below: letters, notices, sentences, a line of navigation and one of home."""

from django.urls import reverse

from partnership.access.context import add_to_navigation
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.directory.joining import asking, letters, reads
from partnership.notify import kinds
from partnership.notify.kinds import NoticeKind, register_bounced
from partnership.people.models import Agency, DutyKind
from partnership.people.roles import Perm
from partnership.ui.forms import spoken

SENTENCES = {
    "person_known": "entered somebody without a sign-in",
    "person_invited": "invited this person as {role}",
    "invitation_sent_again": "sent the invitation again",
    "invitation_withdrawn": "withdrew the invitation",
    "invitation_over": "ended the invitation: an account or the organisation had ended",
    "invitation_accepted": "accepted the invitation",
    "invitation_approved": "approved it",
    "invitation_refused": "refused it",
    "address_given": "gave somebody without a sign-in an email address",
    "account_opened": "opened the account",
    "membership_began": "gave a role: {role}",
    "duty_holder_asked": "asked who holds a duty",
    "school_claim_asked": "was asked for a link by the school’s known address",
    "access_asked": "was asked for access by somebody who is not known",
    "access_request_invited": "answered a request for access with an invitation",
    "access_request_refused": "refused a request for access",
}


def _asked(notices, user):
    names = dict(Agency.objects.filter(pk__in={n.subject_id for n in notices}).values_list("pk", "name"))
    duties = dict(DutyKind.choices)

    def words(notice):
        where = names.get(notice.subject_id, "Your organisation")
        return f"{where}: who is the {spoken(duties.get(notice.data.get('duty'), ''))}? Please name somebody."

    return {notice.pk: words(notice) for notice in notices}


def register():
    letters.register()
    register_bounced(letters.came_back)
    register_sentences(SENTENCES)
    register_work(reads.waiting)
    register_work(reads.to_name)
    add_to_navigation("Invitations", "directory:invitations", Perm.COLLEAGUES, order=61, group="People")
    add_to_navigation("Requests for access", "directory:access_requests", Perm.PEOPLE_APPROVE, order=62, group="People")
    kinds.register(
        NoticeKind(
            code=asking.WITHOUT_HOLDER,
            title="A duty of your organisation has no holder",
            model=Agency,
            perm=Perm.COLLEAGUES,
            describe=_asked,
            url=lambda notice: reverse("directory:agency_duties", args=[notice.subject_id]),
            still_wanted=asking.still_vacant,
        )
    )
