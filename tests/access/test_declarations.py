"""Nothing can be forgotten: each thing left out of a model, a view or a form is named by a check."""

import inspect
import pkgutil
from dataclasses import replace
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django import forms
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from boards.calling import forms as calling
from boards.models import Decision, Group, Seat
from partnership.access import checks, page
from partnership.access.casereach import naming_people, rides
from partnership.access.checks import OURS, every_model_declares_its_access, every_view, our_models
from partnership.access.forms import PortalForm
from partnership.access.querysets import GuardedManager
from partnership.access.rows import allowing, can
from partnership.actions.models import Plan, Workplan
from partnership.deadlines.office import office_of
from partnership.people.models import Agency, NamedDuty, User
from partnership.people.roles import AGENCY_ROLES, FOLDER_ROLES, POWERS, WIDE_ROLES, Perm, Role
from partnership.trail.protection import Access, Retention
from reviews.models import Review
from tests.audits import making as auditing
from tests.boards import making
from tests.training import making as taught
from training.booking import services as booking


def test_the_system_check_is_clean():
    assert [error for error in run_checks(tags=["access"]) if error.is_serious()] == []


def _model(**attrs):
    """A model that is never registered: what the check looks at, and nothing else."""
    guarded = {"_default_manager": GuardedManager(), "_meta": SimpleNamespace(label="x.Thing", get_field=None)}
    return type("Thing", (), guarded | {"access": Access.everyone(why="a test"), "retention": Retention.CASE} | attrs)


def test_what_rides_on_another_row_opens_to_whom_that_names_and_to_nobody_else():
    """casereach asks the row alone that they come with."""
    riding = [model for model in naming_people() if rides(model)]
    assert riding
    for model in riding:
        for path, gifts in model.access.person.items():
            key, person = path.split("__")
            theirs = model._meta.get_field(key).related_model.access.person[person]
            where = [{name.removeprefix(f"{key}__"): values for name, values in each.where.items()} for each in gifts]
            alike = [(each.agency.removeprefix(f"{key}__"), each.guest) for each in gifts]
            assert where == [each.where for each in theirs], model
            assert alike == [(each.agency, each.guest) for each in theirs], model


class Child(_model()):
    """Inherits what its parent says, and says nothing itself."""


def _folder_field(null, to="access.Folder"):
    field = SimpleNamespace(null=null, related_model=SimpleNamespace(_meta=SimpleNamespace(label=to)))
    return SimpleNamespace(label="x.Thing", get_field=lambda name: field)


GUARDED = Access(view=Perm.FOLDER_VIEW, folder="folder")


@pytest.mark.parametrize(
    "model, code",
    [
        (_model(access=None), "access.E002"),
        (Child, "access.E002"),
        (_model(retention=None), "access.E003"),
        (_model(access=Access(view="x", open_to_everyone=True)), "access.E004"),
        (_model(access=GUARDED, _default_manager=models.Manager(), _meta=_folder_field(False)), "access.E005"),
        (_model(access=GUARDED, _meta=_folder_field(True)), "access.E006"),
        (_model(access=GUARDED, _meta=_folder_field(False, "people.Agency")), "access.E006"),
        (_model(access=replace(GUARDED, wide=frozenset({Perm.COVER})), _meta=_folder_field(False)), "access.E007"),
        (_model(access=Access.everyone(why="read by all", bars="folder"), _meta=_folder_field(True)), "access.E008"),
    ],
    ids=[
        "no access",
        "inherited access",
        "no retention",
        "no why",
        "plain manager",
        "folder may be null",
        "no folder",
        "wide",
        "bars by no folder",
    ],
)
def test_what_a_model_forgets_is_named(monkeypatch, model, code):
    monkeypatch.setattr(checks, "our_models", lambda: [model])
    assert code in [error.id for error in every_model_declares_its_access()]


def test_a_whole_model_passes(monkeypatch):
    monkeypatch.setattr(checks, "our_models", lambda: [_model(access=GUARDED, _meta=_folder_field(False))])
    assert every_model_declares_its_access() == []


def test_every_open_page_says_why():
    assert [route for route, _, view in every_view() if view.policy.kind == "public" and not view.policy.why] == []
    with pytest.raises(ValueError, match="why"):
        page.public(lambda request: None, why="")
    with pytest.raises(TypeError):
        page.page("review_view")


BARE = {"access.Folder", "notify.Notice", "actions.Lineup", "actions.PlanPrint", "boards.MinutesPrint"}


def test_every_guarded_table_is_one_key_from_its_folder():
    """So that row level security can be added as a second wall (house.md 2.11)."""
    for model in our_models():
        # A notice keeps a bare id and no words: it is shown only while its subject's own row may be seen.
        # What a partnership's role opens row by row (`wide`) holds no case material and has no folder.
        # So does a reminder of actions; what one asked to have printed is one's own,
        # and its words are those of parts that the folders give.
        bare = model.access.wide or model._meta.label in BARE
        if model.access.guarded and not bare:
            assert model.access.folder == "folder", model
            assert model._meta.get_field("folder").db_index or model._meta.get_field("folder").unique, model


def test_the_words_of_a_guarded_row_are_its_kind_not_its_text(world):
    for model in our_models():
        if model.access.guarded:
            for row in model._base_manager.all():
                assert "canary" not in str(row) and "canary" not in repr(row)
    assert world.ours.folder.reference in str(world.ours.folder)


def test_roles_stand_where_they_belong():
    assert set(POWERS) == set(Role) == set(FOLDER_ROLES) | set(WIDE_ROLES) | set(AGENCY_ROLES)
    used = frozenset().union(*POWERS.values()) | {Perm.SIGN_IN, Perm.BELONG}
    gifts = [gift for model in our_models() for each in model.access.person.values() for gift in each]
    by_person = frozenset().union(*(gift.perms for gift in gifts))
    assert set(Perm) - used - by_person == set(), "these powers are held by nobody"
    case_perms = POWERS[Role.CASE_LEAD] - POWERS[Role.PANEL_MEMBER]
    # A delegated partner sees the partnership's own clocks by agency; a sealed folder's open by grant alone.
    # So are actions: an agency's path never opens one of a sealed folder.
    clocks = {Perm.DEADLINE_VIEW, Perm.ACTION_VIEW}
    for role in AGENCY_ROLES:
        assert not POWERS[role] & (case_perms | POWERS[Role.PANEL_MEMBER]) - clocks, "an agency role opens no case"


# --- forms: what is offered is drawn from `allowing` -----------------------------------------------------------------


def portal_forms():
    for name in [name for name in OURS if not name.endswith(".")] + ["partnership"]:
        try:
            package = import_module(name)
        except ModuleNotFoundError:
            continue
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if found.name.endswith("forms") and "migrations" not in found.name:
                for _, form in inspect.getmembers(import_module(found.name), inspect.isclass):
                    if issubclass(form, forms.BaseForm) and form.__module__ == found.name:
                        yield form


FORMS = sorted(set(portal_forms()), key=lambda form: f"{form.__module__}.{form.__qualname__}")
WITH_ROWS = [
    form for form in FORMS if any(isinstance(field, forms.ModelChoiceField) for field in form.base_fields.values())
]


def test_there_are_forms_with_pickers():
    assert len(WITH_ROWS) >= 5


def test_every_form_that_picks_rows_is_a_portal_form():
    """But for what is answered by a link: nobody is signed in, and the deputies are those of the invited seat."""
    assert [form for form in WITH_ROWS if not issubclass(form, PortalForm)] == [calling.AttendanceForm]


def _of_a_meeting(world, group) -> dict:
    """What the forms of meetings are made with: as wide as a caller could give it."""
    row = making.meeting(group)
    item = making.item(row)
    decision = Decision.objects.create(folder=row.folder, meeting=row, item=item, number=1, text="It is agreed.")
    everybody, seats = User.objects.all(), Seat.objects.all()
    return {
        "data": None, "meeting": row, "item": item, "decision": decision, "people": everybody, "deputies": everybody,
        "seats": seats, "actions": (), "proposing": True, "meetings": (), "runs": True,
    }  # fmt: skip


def _of_an_audit(world, form) -> dict:
    """`row` is a round for the forms of rounds, a return for the others."""
    found = auditing.audit_return(auditing.audit_round(world), world.agencies["school"])
    question = found.round.set_version.wordings.first().question_id
    row = found.round if form.__module__ == "audits.rounds.forms" else found
    return {"row": row, "question_id": question, "here": (), "found": [world.agencies["uhnm"], world.agencies["mpft"]]}


def _of_training(world, form) -> dict:
    """`row` is a course for its form, a booking for those of booking, an event for the others."""
    event = taught.event(world)
    if form.__module__ == "training.catalogue.forms":
        row = event.course
    elif form.__module__ == "training.events.forms":
        row = event
    else:
        row = booking.book(event, taught.learner(world, world.agencies["uhnm"]), by=world.officer)
    return {"row": row, "usual": None, "agencies": [*world.agencies.values()], "approval": True, "keeps": True}


def _parameters(cls):
    return inspect.signature(cls.__init__).parameters if "__init__" in vars(cls) else ()


OF_PEOPLE = [form for form in WITH_ROWS if issubclass(form, PortalForm)]


@pytest.mark.parametrize("form", OF_PEOPLE, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_a_picker_offers_and_takes_only_what_is_allowed(world, form):
    agency = Agency.objects.get(slug="staffs-police")
    duty = NamedDuty.objects.get(holder=world.signer_police)
    extra = {"agency": agency, "duty": duty, "office": office_of(world.partnership)}
    extra["folder"] = world.ours.folder
    extra["group"] = Group.objects.select_related("folder").get(ref="quality")
    extra["plan"] = Plan.objects.first()
    extra["workplan"] = Workplan(folder=extra["group"].folder, starts=date(2026, 4, 1), ends=date(2027, 4, 1))
    extra |= _of_a_meeting(world, extra["group"]) | _of_an_audit(world, form)
    if form.__module__.startswith("training."):
        extra |= _of_training(world, form)
    wanted = {name for each in form.__mro__ if hasattr(each, "__init__") for name in _parameters(each)}
    if "meeting" in wanted:  # its folder goes with it
        wanted.discard("folder")
    extra = {name: value for name, value in extra.items() if name in wanted}
    for user in (world.officer, world.directory_admin, world.nobody):
        drawn = form(user=user, **extra)
        for name, field in drawn.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                perm = form.perms.get(name, form.perm)
                allowed = allowing(field.queryset.model, user, perm)
                over = field.queryset.exclude(pk__in=allowed.values("pk"))
                assert list(over) == [], f"{name} offers {user.name} what {perm} does not allow"
                if user == world.nobody:
                    assert not field.queryset.exists(), name


class ReviewForm(PortalForm):
    perm = Perm.SEND
    review = forms.ModelChoiceField(queryset=Review.objects.none())


def test_visible_is_not_choosable(world):
    assert can(world.panel, Perm.REVIEW_VIEW, world.ours.review)
    for user, row, good in [
        (world.officer, world.ours.review, True),
        (world.panel, world.ours.review, False),
        (world.officer, world.theirs.review, False),
    ]:
        form = ReviewForm({"review": str(row.pk)}, user=user)
        assert form.is_valid() is good
        assert (row in form.fields["review"].queryset) is good
        if not good:
            absent = ReviewForm({"review": "00000000-0000-0000-0000-000000000000"}, user=user)
            assert form.errors == absent.errors, "a row that may not be chosen answers as one that is not there"


def test_a_picker_that_names_no_perm_is_a_bug(world):
    class Forgetful(PortalForm):
        review = forms.ModelChoiceField(queryset=Review.objects.none())

    with pytest.raises(ImproperlyConfigured, match="which perm"):
        Forgetful(user=world.officer)
