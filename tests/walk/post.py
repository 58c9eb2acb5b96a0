"""What a valid POST is: its data, and the event that it leaves in the trail."""

from dataclasses import dataclass

from django.utils import timezone

from partnership.directory.services import version_of
from partnership.people.models import Agency, NamedDuty, Site
from tests.walk.samples import SAMPLES


@dataclass(frozen=True)
class Post:
    """verb: the event of a POST that was accepted; empty where it leaves none. data(ground, case, persona) -> what is
    sent; what it writes is undone with the visit."""

    verb: str
    data: object = lambda ground, case, persona: {}


def day(name, value) -> dict:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def moment(name, value) -> dict:
    local = timezone.localtime(value)
    return day(name, local) | {f"{name}_time": f"{local:%H:%M}"}


def versioned(sample, **data):
    """Data of an edit, with the version of the row that is edited."""

    def build(ground, case, persona):
        return data | {"version": version_of(row_of(ground, sample))}

    return build


def row_of(ground, sample):
    pk = SAMPLES[sample](ground)[0][0]
    return {"agency": Agency, "duty": NamedDuty, "site": Site}[sample].objects.get(pk=pk)
