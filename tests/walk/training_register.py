"""What the walk needs of registers, certificates and charges: each of the school of two personas ('ours': author_other
and school_outside lead there) and of one where none of them is ('theirs'); valid posts."""

import json
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from partnership.documents.models import Marking
from partnership.documents.services import keep
from partnership.people.models import Agency
from tests.training import making
from tests.walk.post import Post, day
from tests.world import canary, small_pdf
from training.certificates import prints
from training.certificates.codes import new_code
from training.models import Booking, Certificate, Charge, Tariff

CASES = ("ours", "theirs")
# register_event: begun, with nobody marked; register_marked: begun, with everybody marked; register_over: delivered.
EVENTS = ("register_event", "register_marked", "register_over", "tariff")
OF_A_CASE = (
    *("register_ticket", "ticket", "certificate", "certificate_filed", "certificate_revoked", "certificate_code"),
    *("charge", "charge_waived"),
)
NAMES = (*EVENTS, *OF_A_CASE)


def laid(ground) -> dict:
    """sample -> row, of an event or a tariff; {case name: row} of the others. Made once a ground."""
    if "registers" not in ground.__dict__:
        ground.registers = {name: {} for name in OF_A_CASE}
        _lay(ground)
    return ground.registers


def sample(name):
    def of(ground):
        found = laid(ground)[name]
        if not isinstance(found, dict):
            return [[found.pk]]
        return [_arguments(name, found[case.name]) for case in ground.cases]

    return of


def _arguments(name, row) -> list:
    if name == "register_ticket":
        return [row.event_id, row.pk]
    return [row.code] if name == "certificate_code" else [row.pk]


def _lay(ground):
    world, found = ground.world, ground.registers
    course = making.course(world, "A course with a register")
    found["tariff"] = Tariff.objects.create(
        kind="absent", amount=Decimal(50), starts=timezone.localdate() - timedelta(days=30), source="The board"
    )
    begun = {"days": -1 / 24, "taken": 2}
    found["register_event"] = event = making.event(world, course, **begun)
    found["register_marked"] = marked = making.event(world, course, **begun)
    found["register_over"] = over = making.event(world, course, status="delivered", **begun)
    schools = {
        "ours": world.agencies["school"], "theirs": Agency.objects.filter(kind="school").order_by("name")[9],
    }  # fmt: skip
    for case in CASES:
        mark = lambda what, case=case: canary(case, f"tr_{what}")  # noqa: E731
        of = lambda what, mark=mark, case=case: making.learner(world, schools[case], mark(f"reg_{what}"))  # noqa: E731
        one, two, three = of("one"), of("two"), of("three")
        ticket = _booked(event, one, needs=mark("reg_needs"))
        found["register_ticket"][case] = found["ticket"][case] = ticket
        _booked(marked, one, attended="present")
        present = _booked(over, one, attended="present")
        found["certificate_revoked"][case] = _certificate(
            present, mark("was_certified"), revoked_at=timezone.now(), why_revoked=mark("why_revoked")
        )
        found["certificate"][case] = _certificate(present, mark("certified"))
        filed = _certificate(_booked(over, two, attended="late"), mark("filed"), title=mark("filed_title"))
        found["certificate_filed"][case] = found["certificate_code"][case] = _with_file(filed, mark("certificate_file"))
        found["charge"][case] = _charged(_booked(over, three, attended="absent"), mark("charged"))
        found["charge_waived"][case] = _charged(
            _booked(over, of("four"), attended="absent"), "Tariff", status="waived", why_waived=mark("why_waived"),
            waived_at=timezone.now(),
        )  # fmt: skip


def _booked(event, of, **facts) -> Booking:
    return Booking.objects.create(
        folder_id=event.pk, event=event, agency=of.agency, learner=of, name=of.name, status="booked", **facts
    )


def _certificate(booking, name, **facts) -> Certificate:
    return Certificate.objects.create(
        folder=booking.folder, agency=booking.agency, learner=booking.learner, booking=booking, code=new_code(),
        name=name, completed_on=timezone.localdate(), **{"title": "A course with a register"} | facts,
    )  # fmt: skip


def _with_file(row, words) -> Certificate:
    version = keep(
        small_pdf(words), folder=row.folder, title="Certificate", name="certificate.pdf", kind=prints.KIND,
        content_type="application/pdf", marking=Marking.OFFICIAL, by=None, apart=True, goes_out=True,
    )  # fmt: skip
    row.document = version.document
    row.save(update_fields=["document"])
    return row


def _charged(booking, words, **facts) -> Charge:
    return Charge.objects.create(
        folder=booking.folder, agency=booking.agency, booking=booking, amount=Decimal(50), words=words, **facts
    )


def _ticked(ground, case, persona):
    rows = [str(row.pk) for row in laid(ground)["ticket"].values()]
    return {"read_answers": json.dumps(dict.fromkeys(rows, "")), f"mark_{rows[0]}": "present"}


def _at_the_door(ground, case, persona):
    agency = ground.world.agencies["mpft"].name
    return {"name": "Somebody New", "agency": agency, "email": "new@mpft.example", "answer": "present"}


def _tariff(ground, case, persona):
    said = {"kind": "late", "amount": "30", "until_hours": "", "source": "The board"}
    return said | day("starts", timezone.localdate())


def _always(**said):
    return lambda ground, case, persona: said


POSTS = {
    ("training:register", "register_event"): Post("register_marked", _ticked),
    ("training:register", "register_over correct"): Post("training_event_correct", _always(correct="yes")),
    ("training:unexpected", "register_event"): Post("register_unexpected", _at_the_door),
    ("training:complete", "register_marked"): Post("register_completed", _always()),
    ("training:came", "register_ticket"): Post("register_marked", _always(read="")),
    ("training:certificate", "certificate"): Post("work_asked", _always(do="pdf")),
    ("training:certificate", "certificate revoke"): Post("certificate_revoked", _always(do="revoke", why="Not hers.")),
    ("training:certificate", "certificate reissue"): Post(
        "certificate_reissued", _always(do="reissue", name="Another Name")
    ),
    ("training:charge", "charge"): Post("training_charge_waive", _always(why_waived="A death in the family.")),
    ("training:tariffs", ""): Post("tariff_added", _tariff),
    ("training:tariff", "tariff"): Post(
        "tariff_ended", lambda g, c, p: {"version": 1} | day("ends", timezone.localdate())
    ),
}
