"""Sample name -> the arguments of an address: on 'ours' and on 'theirs', or once where no case is meant."""

from partnership.notify.models import Alarm
from partnership.people.models import Alias, Classification, NamedDuty, Site, Succession


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
    "person": _once(lambda ground: ground.world.officer.pk),
    "notice": _each(lambda ground, case: ground.notice[case.name].pk),
    "letter": _once(lambda ground: ground.letter.pk),
    "alarm": _once(lambda ground: Alarm.objects.get(what="letter_dead").pk),
    "link": lambda ground: [[token] for token in ground.tokens],
    "key": lambda ground: [["1", "no-such-key"]],
}
