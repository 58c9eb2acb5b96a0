"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from boards import merging, open_work, searching, sentences
from boards.challenges import clocks, notices, reads
from boards.groups import reads as reads_of_groups
from boards.groups.grants import LEFT_OUT
from boards.meetings import reads as reads_of_meetings
from boards.meetings.sections import register_section
from boards.minutes import searching as minutes
from boards.models import Challenge
from partnership.access.context import add_to_navigation, register_folder_page
from partnership.access.mine import register_named
from partnership.access.open_work import register_open_work
from partnership.access.over import register_over
from partnership.access.parts import register_parts
from partnership.access.provision import register_setup
from partnership.access.story import register_sentences
from partnership.access.work import register_work
from partnership.actions.sources import Source, register_source
from partnership.deadlines.registry import register_own
from partnership.deadlines.subjects import register_subject
from partnership.notify.watch import expect_heartbeat, register_alarm
from partnership.people.roles import Perm

BOARDS = "Boards and meetings"


def register():
    add_to_navigation("Meetings", "boards:meetings", Perm.GROUP_VIEW, order=32, group=BOARDS)
    add_to_navigation("Groups", "boards:groups", Perm.GROUP_VIEW, order=32, group=BOARDS)
    register_folder_page("group", "boards:group", pages_of_group)
    register_sentences(sentences.SENTENCES)
    register_setup("load_groups")
    register_over(reads_of_groups.ended)
    register_open_work(open_work.seats_of, order=31)
    register_section(20, reads_of_meetings.agenda_section)
    merging.follow_agencies()
    merging.decide_about_doubles()
    add_to_navigation("Challenges", "boards:challenges", Perm.CHALLENGE_LIST, order=33)
    register_folder_page("challenge", "boards:challenge", pages_of_challenge)
    register_own(*clocks.CODES, clocks.URGENT)
    register_subject(Challenge._meta.label_lower, reads.describe)
    register_source(Source("Professional challenge", Challenge, reads.as_source))
    register_work(reads.work)
    register_named(reads.that_name)
    register_parts(reads.parts)
    register_open_work(reads.held_by, order=22)
    notices.register_notices()
    searching.register()
    minutes.register()
    register_alarm(
        LEFT_OUT,
        "Somebody has a seat on a group and cannot be let in",
        "Open the group’s page: it names them and says why. End the seat, or put right what keeps them out.",
    )
    expect_heartbeat("seats", "The opening of groups to those who sit on them", minutes=60)


def pages_of_challenge(user, folder, held):
    if Perm.CHALLENGE_VIEW in held:
        yield "Challenge", "boards:challenge", folder.pk, ""


BESIDE = (
    ("Meetings", "boards:meetings_of", Perm.MEETING_VIEW),
    ("Actions", "actions:of_group", Perm.ACTION_VIEW),
    ("Workplan", "actions:workplan", Perm.WORKPLAN_VIEW),
    ("Owed to the next meeting", "actions:owed", Perm.ACTION_VIEW),
)


def pages_of_group(user, folder, held):
    """The tabs of a group's own pages, and of what the floor of actions keeps for it."""
    yield "Group", "boards:group", folder.pk, ""
    for text, name, perm in BESIDE:
        if perm in held:
            yield text, name, folder.pk, ""
