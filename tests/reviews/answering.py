"""What the tests of a return at its body share: the trust's return as it is written, as it waits, as it was signed."""

import pytest
from django.utils import timezone

from partnership.notify.models import Notice
from reviews import returns
from reviews.answering import signing
from reviews.models import AgencyReturn
from tests.walk.post import day
from tests.world import answer

WHY = "the test looks"
S = AgencyReturn.Status


def fresh(row):
    return AgencyReturn.objects.unscoped(WHY).get(pk=row.pk)


def told(code):
    return {notice.recipient for notice in Notice.objects.filter(kind=code).select_related("recipient")}


@pytest.fixture
def written(world):
    """The trust's return with everything that it needs, not finished yet."""
    return answer(world.ours, world.ours.returns["uhnm"], by=world.author, submit=False)


@pytest.fixture
def waiting(world, written):
    """The same, waiting for the signature of the trust's lead."""
    return signing.finish(written, by=world.author, version=written.version, signer=world.lead_same)


@pytest.fixture
def signed(world, waiting):
    return signing.sign(waiting, by=world.lead_same, read=signing.as_read(waiting))


def typed(row):
    texts = {name: getattr(row, name) for name in returns.WRITTEN if isinstance(getattr(row, name), str)}
    return texts | {"records_secured": "on"} | day("searched_on", timezone.localdate())
