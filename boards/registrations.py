"""What the wing tells the floors: its place in the navigation, its sentences, what is held, what runs."""

from boards import merging, open_work, searching, sentences
from boards.agenda import drawing, packs, papers
from boards.agenda import notices as notices_of_papers
from boards.agenda import reads as reads_of_agendas
from boards.attending import reads as reads_of_items
from boards.attending import sections
from boards.attending import services as attending
from boards.calling import assistants, letters
from boards.calling import notices as notices_of_calling
from boards.calling import reads as reads_of_calling
from boards.calling import services as calling
from boards.challenges import clocks, notices, reads
from boards.groups import handing, nearing
from boards.groups import reads as reads_of_groups
from boards.groups.grants import LEFT_OUT
from boards.matrix import misses
from boards.matrix import notices as notices_of_attendance
from boards.meetings import calendar, hooks, hosted
from boards.meetings.sections import register_section
from boards.minutes import matters, prints, publishing
from boards.minutes import notices as notices_of_minutes
from boards.minutes import reads as reads_of_minutes
from boards.minutes import rules as rules_of_minutes
from boards.models import Challenge, Item, Pack
from partnership.access.context import add_to_navigation, register_folder_page
from partnership.access.gatherings import Host, register_host, register_keeper
from partnership.access.mine import register_named
from partnership.access.open_work import register_open_work
from partnership.access.over import register_over
from partnership.access.parts import register_parts
from partnership.access.provision import register_setup
from partnership.access.readers import register_readings
from partnership.access.story import register_sentences
from partnership.access.work import register_ahead, register_work
from partnership.actions.planning.calendar import register_entries
from partnership.actions.sources import Source, register_source
from partnership.deadlines.registry import register_own
from partnership.deadlines.subjects import register_subject
from partnership.documents.hooks import hold_back, leave_out
from partnership.jobs.services import Kind
from partnership.jobs.services import register as register_job
from partnership.notify.kinds import register_bounced
from partnership.notify.watch import expect_heartbeat, register_alarm
from partnership.people.roles import Perm

BOARDS = "Boards and meetings"


def register():
    add_to_navigation("Meetings", "boards:meetings", Perm.GROUP_VIEW, order=32, group=BOARDS)
    add_to_navigation("Groups", "boards:groups", Perm.GROUP_VIEW, order=32, group=BOARDS)
    register_folder_page("group", "boards:group", pages_of_group)
    register_sentences(sentences.SENTENCES, saved_as_typed=("minutes_written", "attendance_marked"))
    register_setup("load_groups")
    register_setup("load_attendance")
    register_over(reads_of_groups.ended)
    register_own(nearing.HAND_OVER, nearing.REVIEW, nearing.TASK_ENDS)
    handing.register_notices()
    register_open_work(open_work.seats_of, order=31)
    register_ahead(calendar.next_meetings)
    register_entries(calendar.KIND, "Meetings", "Meeting", calendar.entries)
    register_section(10, reads_of_calling.answer_section)
    register_section(15, reads_of_calling.invited_section)
    register_section(30, reads_of_calling.highlights_section)
    register_work(reads_of_calling.work)
    letters.register()
    register_bounced(letters.came_back)
    notices_of_calling.register_notices()
    hooks.on_changed(calling.changed)
    hooks.on_cancelled(calling.cancelled)
    hooks.on_held(attending.was_held)
    register_open_work(assistants.held_by, order=32)
    register_minutes()
    register_section(20, reads_of_agendas.section)
    merging.follow_agencies()
    merging.decide_about_doubles()
    add_to_navigation("Challenges", "boards:challenges", Perm.CHALLENGE_LIST, order=33)
    register_folder_page("challenge", "boards:challenge", pages_of_challenge)
    register_keeper(hosted.KEEPER)
    register_host("challenge", Host("Meeting on the challenge"))
    register_own(*clocks.CODES, clocks.URGENT)
    register_subject(Challenge._meta.label_lower, reads.describe)
    register_source(Source("Professional challenge", Challenge, reads.as_source))
    register_section(30, sections.came)
    register_section(35, sections.interests)
    register_source(Source("Item of a meeting", Item, reads_of_items.as_source))
    register_work(reads.work)
    register_named(reads.that_name)
    register_parts(reads.parts)
    register_open_work(reads.held_by, order=22)
    notices.register_notices()
    searching.register()
    register_folder_page("item", "boards:item", pages_of_item)
    register_work(reads_of_agendas.work)
    register_readings("boards.item", reads_of_agendas.names_of_items)
    register_readings("boards.paper", reads_of_agendas.names_of_papers)
    hold_back(papers.of_withdrawn, papers.TAKEN_AWAY)
    leave_out(papers.withdrawn)
    notices_of_papers.register_notices()
    register_job(
        packs.JOB,
        Kind(
            title="Pack of a meeting",
            model=Pack,
            perm=Perm.MEETING_VIEW,
            make=drawing.make,
            keep=packs.keep,
            result_url="boards:pack",
            back_url="boards:pack",
            result_words="Open the pack",
            back_words="the pack",
        ),
    )
    expect_heartbeat("papers", "The reminders of papers that are due", minutes=60)
    register_alarm(
        LEFT_OUT,
        "Somebody has a seat on a group and cannot be let in",
        "Open the group’s page: it names them and says why. End the seat, or put right what keeps them out.",
    )
    register_work(misses.work)
    notices_of_attendance.register_notices()
    expect_heartbeat("seats", "The opening of groups to those who sit on them", minutes=60)


def register_minutes():
    add_to_navigation("Decisions", "boards:decisions", Perm.MEETING_VIEW, order=32, group=BOARDS)
    add_to_navigation("Published minutes", "boards:published", Perm.GROUP_VIEW, order=32, group=BOARDS)
    register_section(30, matters.section)
    register_own(rules_of_minutes.CIRCULATED, rules_of_minutes.CORRECTIONS, rules_of_minutes.ANSWER)
    register_work(reads_of_minutes.work)
    notices_of_minutes.register_notices()
    publishing.register()
    prints.register()


def pages_of_item(user, folder, held):
    """A restricted item shares its id with its folder."""
    if Perm.MEETING_VIEW in held:
        yield "Item", "boards:item", folder.pk, ""


def pages_of_challenge(user, folder, held):
    if Perm.CHALLENGE_VIEW in held:
        yield "Challenge", "boards:challenge", folder.pk, ""
    if Perm.MEETING_VIEW in held:
        yield "Meetings", "boards:meetings_of", folder.pk, ""


BESIDE = (
    ("Meetings", "boards:meetings_of", Perm.MEETING_VIEW),
    ("Sent up", "boards:received", Perm.MEETING_VIEW),
    ("Attendance", "boards:matrix", Perm.MEETING_VIEW),
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
