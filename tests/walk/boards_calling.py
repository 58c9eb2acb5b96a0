"""What the walk needs of being called: meetings of both cases, planned and called, an item that is proposed, what was
said; the link of an invitation and of a group's calendar, of each one that was ended; their valid posts.

Of 'ours' the panel member is called and proposes; of 'theirs' its opener.
"""

from datetime import timedelta

from django.utils import timezone

from boards.calling import answering, services
from boards.meetings.services import plan
from boards.models import Group, Highlight, Invitee, Meeting, Proposal
from partnership.access import links
from partnership.access.models import Link
from partnership.actions.planning import feeds
from partnership.trail.models import new_id
from tests.walk.post import Post
from tests.world import canary

WHY = "the walk lays its own ground"
CASES = ("calling_planned", "calling_called", "calling_invitee", "calling_proposal")


def laid(ground) -> dict:
    """Sample name -> {case name: row}, and the two links: [[live token], [ended token]]. Made once."""
    if "calling" not in ground.__dict__:
        found = {name: {} for name in CASES}
        for case in ground.cases:
            for name, row in _lay(ground, case).items():
                found[name][case.name] = row
        ground.calling = found | _links(ground, found["calling_called"]["ours"])
    return ground.calling


def sample(name):
    if name not in CASES:
        return lambda ground: laid(ground)[name]
    return lambda ground: [[laid(ground)[name][case.name].pk] for case in ground.cases]


def _reader(ground, case):
    return ground.world.panel if case.name == "ours" else ground.world.stranger


def _lay(ground, case) -> dict:
    by = ground.world.officer if case.name == "ours" else ground.world.stranger
    mark = lambda what: canary(case.name, f"cm_{what}")  # noqa: E731
    rows = {}
    for name in ("planned", "called"):
        rows[name] = plan(
            case.folder, by=by, title=mark("title"), place=mark("place"), starts_at=timezone.now() + timedelta(days=4)
        )
        services.invite(rows[name], by=by, user=_reader(ground, case))
    by_post = services.invite(rows["called"], by=by, post=mark("post"), organisation=mark("organisation"))
    rows["called"] = services.call(rows["called"], by=by)
    answering.answer(by_post, by=by, answer="deputy", deputy_words=mark("deputy"), words=mark("words"))
    shared = {"folder": case.folder, "meeting": rows["called"]}
    proposed = Proposal.objects.create(user=_reader(ground, case), title=mark("item"), why=mark("why"), **shared)
    answered = {"outcome": "later", "outcome_words": mark("outcome")}
    Proposal.objects.create(user=ground.world.case_officer, title=mark("item"), **answered, **shared)
    agency = ground.world.agencies["council"]
    Highlight.objects.create(agency=agency, words=mark("highlight"), changed_by=by, **shared)
    return dict(zip(CASES, (rows["planned"], rows["called"], by_post, proposed), strict=True))


def _links(ground, meeting) -> dict:
    row = Invitee.objects.unscoped(WHY).get(meeting=meeting, user=ground.world.panel)
    until = timezone.now() + timedelta(days=3)
    live = links.live(Link.Purpose.MEETING).get(object_id=row.pk)
    links.make_mailed_to_each(Link.Purpose.MEETING, [(ground.world.author, new_id())], until=until)
    ended = links.live(Link.Purpose.MEETING).get(acts_as=ground.world.author)
    links.revoke_all(ground.world.author, Link.Purpose.MEETING)
    folder = Group.objects.select_related("folder").get(ref="quality").folder
    of_group = (Link.Purpose.GROUP_FEED, folder.pk)
    feed, gone = (feeds.make(user, *of_group) for user in (ground.world.officer, ground.world.case_officer))
    feeds.revoke(ground.world.case_officer, *of_group)
    return {
        "meeting_link": [[links.token_of(live)], [links.token_of(ended)]],
        "group_feed_link": [[links.token_of(feed)], [links.token_of(gone)]],
    }


def _coming(state):
    """Whoever is called says that she comes; state(invitee) -> what her page showed."""

    def build(ground, case, persona):
        meeting = laid(ground)["calling_called"][case.name]
        row = Invitee.objects.unscoped(WHY).get(meeting=meeting, user=_reader(ground, case))
        row.meeting = Meeting.objects.unscoped(WHY).get(pk=meeting.pk)
        return {"answer": "coming", "read": answering.mark_of(state(row))}

    return build


def _by_telephone(ground, case, persona):
    row = Invitee.objects.unscoped(WHY).get(pk=laid(ground)["calling_invitee"][case.name].pk)
    return {"answer": "coming", "read": answering.mark_of(answering.said_of(row))}


POSTS = {
    ("boards:invitations", "calling_planned"): Post("meeting_call", lambda g, c, p: {"do": "call"}),
    ("boards:invitations", "calling_called"): Post("meeting_reminded", lambda g, c, p: {"do": "remind"}),
    ("boards:invite", "calling_called"): Post("meeting_invited", lambda g, c, p: {"post": "Consultant"}),
    ("boards:invitee", "calling_invitee"): Post("meeting_answered", _by_telephone),
    ("boards:invitee", "calling_invitee chair"): Post("meeting_chaired", lambda g, c, p: {"do": "chair"}),
    ("boards:proposal", "calling_proposal take"): Post("proposal_take", lambda g, c, p: {"step": "take"}),
    ("boards:proposal", "calling_proposal later"): Post("proposal_later", lambda g, c, p: {"step": "later"}),
    ("boards:proposal", "calling_proposal decline"): Post(
        "proposal_decline", lambda g, c, p: {"step": "decline", "words": "Not this time."}
    ),
    ("boards:reply", "calling_called"): Post("meeting_answered", _coming(answering.as_saved)),
    ("boards:reply_by_link", "meeting_link"): Post("meeting_answered", _coming(answering.said_of)),
    ("boards:assistants", ""): Post("", lambda g, c, p: {"end": str(new_id())}),
    ("boards:group_calendar", "board"): Post("link_made"),
}
