"""Sample name -> the arguments of an address: on 'ours' and on 'theirs', or once where no case is meant."""

from datetime import date

from partnership.deadlines import services as clocks
from partnership.deadlines.models import BankHoliday
from partnership.deadlines.rules import RAPID_REVIEW
from partnership.directory.merging import services as merging
from partnership.directory.models import AgencyMerge
from partnership.notify.models import Alarm
from partnership.people.models import (
    Agency,
    Alias,
    Area,
    Classification,
    Closure,
    ContactPoint,
    NamedDuty,
    Ownership,
    Registration,
    SharingAgreement,
    Site,
    Succession,
)
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


def _hanging(model, **facts):
    """A row of `model` that hangs on the organisation of the samples."""

    def of(ground):
        return model.objects.get_or_create(agency=ground.world.agencies["mpft"], **facts)[0].pk

    return of


def _holiday(ground):
    days = {"starts": date(2028, 8, 1), "ends": date(2028, 9, 1)}
    return Closure.objects.get_or_create(area=Area.objects.get(slug="stoke-on-trent"), name="Summer", **days)[0].pk


def _ownership(ground):
    agencies = ground.world.agencies
    return Ownership.objects.get_or_create(owner=agencies["council"], agency=agencies["mpft"], kind="provider")[0].pk


def _merging(ground):
    """Two records that were made one before the visit."""
    kept, gone = (
        Agency.objects.get_or_create(slug=slug, defaults={"name": slug, "kind": "provider"})[0]
        for slug in ("walk-kept", "walk-gone")
    )
    if done := AgencyMerge.objects.filter(kept=kept).first():
        return done.pk
    return merging.merge(gone, into=kept, by=None, seen=merging.seen_of(kept, gone)).pk


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
    "area": _once(lambda ground: Area.objects.get(slug="stoke-north").pk),
    "contact": _once(_hanging(ContactPoint, email="walk@mpft.example")),
    "agreement": _once(_hanging(SharingAgreement, title="An agreement of ours", officer="A post")),
    "number": _once(_hanging(Registration, register="ods", number="WALK1")),
    "closure": _once(_holiday),
    "ownership": _once(_ownership),
    "school": _once(lambda ground: ground.world.agencies["school"].pk),
    "merge": _once(_merging),
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
    "link": lambda ground: [[token] for token in ground.tokens],
    "key": lambda ground: [["1", "no-such-key"]],
}
