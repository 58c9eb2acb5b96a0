"""Demo material: the meetings of two cases, one that was held and minuted and one to which people are called."""

from datetime import timedelta

from boards.agenda import services as agenda
from boards.attending import minuting
from boards.attending import services as attending
from boards.attending.rows import rows_of
from boards.calling import services as calling
from boards.meetings import services
from boards.models import Attendance
from partnership.trail.then import then

M = Attendance.Mark
CHAIR = "panel_icb"
TITLE = "Rapid review meeting"


def fill_held(folder, people, *, planned_at, met_at, notes) -> None:
    """A meeting of a case that was held: who came, one of them with apologies, what was noted."""
    by = people["officer"]
    with then(planned_at):
        row = services.plan(folder, by=by, title=TITLE, starts_at=met_at, place="Civic Centre, room 4")
        item = agenda.add_item(row, by=by, title="Returns, chronology and what follows")
        chair = calling.invite(row, by=by, user=people[CHAIR])
        calling.chair(chair, by=by, chairs=True)
        for key in ("panel_council", "dsp_council", "dsp_police"):
            calling.invite(row, by=by, user=people[key])
        calling.invite(row, by=by, post="Headteacher of the school")
    with then(met_at + timedelta(hours=3)):
        row = services.hold(row, by=by)
        lines = rows_of(row)
        away = people["dsp_council"].pk
        marks = {line.key: (M.APOLOGIES if line.user_id == away else M.PRESENT, "", "") for line in lines}
        led = next(line.key for line in lines if line.user_id == people[CHAIR].pk)
        attending.mark(row, by=by, marks=marks, read={}, chair=led, chair_read="")
        minuting.write(item, by=by, version=0, text=notes)


def fill_ahead(folder, people, *, starts_at) -> None:
    """A meeting of a case that lies ahead: those on its list are called, one guest comes by video."""
    by = people["officer"]
    row = services.plan(folder, by=by, title=TITLE, starts_at=starts_at, place="Civic Centre, room 2")
    for key in (CHAIR, "panel_council", "deputy_police", "dsp_council", "dsp_icb"):
        calling.invite(row, by=by, user=people[key])
    calling.invite(row, by=by, post="Headteacher of the school, by video")
    calling.call(row, by=by)
