"""Sample name -> the arguments of an address: on 'ours' and on 'theirs', or once where no case is meant."""

from partnership.deadlines import services as clocks
from partnership.deadlines.models import BankHoliday
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.directory.importing.services import READ
from partnership.directory.models import ImportBatch, ImportRow
from partnership.jobs.services import ask
from partnership.notify.models import Alarm
from partnership.people.models import Alias, Classification, NamedDuty, Site, Succession
from reviews.clocks import AGENCY_RETURN


def _each(of):
    return lambda ground: [[of(ground, case)] for case in ground.cases]


def _once(of):
    return lambda ground: [[of(ground)]]


def _classified(ground):
    row = Classification.objects.filter(agency=ground.world.agencies["uhnm"], ends=None).first()
    return (row or Classification.objects.filter(ends=None).first()).pk


def _alias(ground):
    agency = ground.world.agencies["mpft"]
    return Alias.objects.get_or_create(agency=agency, name="Another name of ours")[0].pk


def _site(ground):
    return Site.objects.get_or_create(agency=ground.world.agencies["mpft"], name="A site of ours")[0].pk


def _duty(ground):
    agency = ground.world.agencies["mpft"]
    return NamedDuty.objects.get_or_create(agency=agency, post="A post of ours", defaults={"kind": "lay"})[0].pk


def _import(ground):
    """A file that was read, with one new school in it."""
    batch, made = ImportBatch.objects.get_or_create(
        file_name="edubasealldata.csv",
        defaults={"source": "schools", "sha256": "0" * 64, "size": 1, "status": "ready", "counts": {"unchanged": 0}},
    )
    if made:
        facts = {
            "name": "Canal Bridge Primary School",
            "local_authority_code": "861",
            "establishment_type": "Free schools",
        }
        ImportRow.objects.create(batch=batch, line=2, number="999001", action="new", label=facts["name"], new=facts)
    return batch.pk


def _import_job(ground):
    """The work that the directory's administrator asked for: his bar, and the business unit's to look at."""
    admin = ground.world.people["directory_admin"]
    batch = ImportBatch.objects.get(pk=_import(ground))
    return ask(READ, batch, by=admin).pk


SAMPLES = {
    "": lambda ground: [[]],
    "review": _each(lambda ground, case: case.review.pk),
    "folder": _each(lambda ground, case: case.folder.pk),
    "child": _each(lambda ground, case: ground.new_child[case.name].pk),
    "identity": _each(lambda ground, case: case.identity.pk),
    "analysis": _each(lambda ground, case: case.review.analysis.pk),
    "asked": _each(lambda ground, case: ground.asked[case.name].pk),
    "returned": _each(lambda ground, case: ground.returned[case.name].pk),
    "version": _each(lambda ground, case: case.version.pk),
    "job": _each(lambda ground, case: case.job.pk),
    "agency": _once(lambda ground: ground.world.agencies["mpft"].pk),
    "site": _once(_site),
    "duty": _once(_duty),
    "classification": _once(_classified),
    "alias": _once(_alias),
    "succession": _once(lambda ground: Succession.objects.first().pk),
    "review_clock": _each(lambda ground, case: clocks.running(case.review, RAPID_REVIEW).pk),
    "asked_clock": _each(lambda ground, case: clocks.running(ground.asked[case.name], AGENCY_RETURN).pk),
    "duty_clock": _once(lambda ground: ground.duty_clock.pk),
    "rule": _once(lambda ground: "rapid_review"),
    "division": _once(lambda ground: "england-and-wales"),
    "holiday": _once(lambda ground: BankHoliday.objects.get(division="england-and-wales", date="2028-05-29").pk),
    "person": _once(lambda ground: ground.world.officer.pk),
    "notice": _each(lambda ground, case: ground.notice[case.name].pk),
    "letter": _once(lambda ground: ground.letter.pk),
    "alarm": _once(lambda ground: Alarm.objects.get(what="letter_dead").pk),
    "import": _once(_import),
    "import_job": _once(_import_job),
    "link": lambda ground: [[token] for token in ground.tokens],
    "key": lambda ground: [["1", "no-such-key"]],
}
