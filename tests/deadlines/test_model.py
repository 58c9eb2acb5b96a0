"""Random interleavings of met, moved, cancelled, paused and swept, against a model in plain Python."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnership.deadlines import services
from partnership.deadlines.models import Deadline, Milestone
from partnership.deadlines.sweep import sweep
from partnership.notify.models import Notice
from tests.deadlines.clocks import make_case

DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("come due"), st.integers(0, 12)),
        st.tuples(st.just("sweep"), st.just(0)),
        st.tuples(st.just("move"), st.integers(-30, 0)),
        st.sampled_from([("meet", 0), ("cancel", 0), ("pause", 0), ("resume", 0), ("step", 0)]),
    ),
    min_size=1,
    max_size=12,
)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


class Model:
    """What must be true: one standing clock; a milestone that came due while it ran was told or has its reason."""

    def __init__(self):
        self.status = "open"

    def may(self, deed) -> bool:
        return {
            "move": self.status in ("open", "paused"),
            "cancel": self.status in ("open", "paused"),
            "pause": self.status in ("open", "paused"),
            "resume": self.status == "paused",
            "step": self.status in ("open", "paused"),
            "meet": self.status in ("open", "paused", "met"),
        }[deed]

    def did(self, deed):
        after = {"cancel": "cancelled", "pause": "paused", "resume": "open", "meet": "met"}
        self.status = after.get(deed, self.status)


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(deeds=DEEDS)
def test_no_interleaving_tells_twice_or_forgets(db, deeds):
    with transaction.atomic():
        case = make_case()
        by = case.people["lead"]
        clock, model = case.clock(code="subject_access"), Model()
        for deed, n in deeds:
            clock = Deadline.objects.get(pk=services.newest(clock).pk)
            if deed == "come due":
                rows = Milestone.objects.filter(deadline=clock, state="pending").order_by("fire_at")
                if rows:
                    chosen = rows[n % len(rows)]
                    Milestone.objects.filter(pk=chosen.pk).update(fire_at=timezone.now() - timedelta(minutes=n + 1))
            elif deed == "sweep":
                sweep()
                assert not _due(clock), "after a sweep nothing that is due is left of a running clock"
            else:
                _do(deed, n, clock, by, model)
            _holds(model)
        transaction.set_rollback(True)


def _do(deed, n, clock, by, model):
    try:
        {
            "move": lambda: services.move(clock, by=by, reason="Corrected", trigger=timezone.now() + timedelta(days=n)),
            "meet": lambda: services.meet(clock, by=by, late_reason="Late"),
            "cancel": lambda: services.cancel(clock, by=by, reason="Not owed"),
            "pause": lambda: services.pause(clock, by=by, reason="Waits"),
            "resume": lambda: services.resume(clock, by=by),
            "step": lambda: services.done(clock, _step(clock), by=by),
        }[deed]()
    except (ValidationError, Milestone.DoesNotExist) as refused:
        assert not model.may(deed) or isinstance(refused, Milestone.DoesNotExist), (deed, refused)
    else:
        assert model.may(deed), deed
        model.did(deed)


def _step(clock):
    step = Milestone.objects.filter(deadline=clock, step=True).first()
    return step.code if step else "none"


def _due(clock):
    return Milestone.objects.filter(
        deadline=clock, state="pending", fire_at__lte=timezone.now(), deadline__status="open"
    ).exists()


def _holds(model):
    running = list(Deadline.objects.filter(status__in=["open", "paused"]))
    assert len(running) == (model.status in ("open", "paused"))
    assert not running or running[0].status == model.status
    for each in Milestone.objects.select_related("deadline"):
        told = Notice.objects.filter(key=f"milestone:{each.pk}").values_list("recipient_id", flat=True)
        assert len(told) == len(set(told))
        assert bool(told) == (each.state == "fired"), "told and marked are one"
        assert each.state != "suppressed" or each.why
        assert each.state != "pending" or each.deadline.status in ("open", "paused")
