"""Who must not come to an action by another door: a folder that organisations open, a past post, a leaving, a seal."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partnership.access.holding import holders_of
from partnership.access.rows import can, holders, powers
from partnership.access.services import seal
from partnership.actions import dates, evidence, services
from partnership.actions.models import Action, Update
from partnership.deadlines.office import office_of
from partnership.documents import services as documents
from partnership.documents.models import Document, Marking
from partnership.people.models import Membership
from partnership.people.roles import Perm, Role
from partnership.people.services import join
from tests.actions.ground import in_days, make_action, make_group
from tests.world import person


@pytest.fixture
def of_the_council(world):
    """An action in the partnership's own business, which the three partners' organisations open."""
    owner = person("of_council", Role.AGENCY_STAFF, world.agencies["council"], world.partnership)
    return make_action(world, office_of(world.partnership), owner=owner, agency=world.agencies["council"])


def test_a_folder_that_partners_open_gives_a_partner_its_own_actions_alone(world, of_the_council):
    row = of_the_council
    services.update(row, by=row.owner, words="Begun")
    for name in ("signer_icb", "signer_police", "partner_outside", "deputy_police"):
        user = world.people[name]
        assert not Action.objects.visible_to(user).filter(pk=row.pk).exists(), name
        assert not Update.objects.visible_to(user).filter(action=row).exists(), name
        assert Perm.ACTION_VIEW not in powers(user, [row])[row.pk], "the rule in memory says the same"
        assert user not in holders(row.folder, Perm.ACTION_VIEW)
        assert user.pk not in holders_of([row.folder], [Perm.ACTION_VIEW])[row.folder_id, Perm.ACTION_VIEW]
        with pytest.raises(Exception, match="action"):
            services.update(row, by=user, words="Not ours")
    assert can(world.signer_council, Perm.ACTION_VIEW, row), "it is their organisation's"


@pytest.mark.parametrize("sealed", [True, False])
def test_whoever_has_left_the_organisation_has_its_action_no_longer(world, sealed):
    row = make_action(world, world.ours.folder if sealed else make_group(world))
    services.update(row, by=world.colleague, words="Begun")
    join(world.colleague, role=Role.AGENCY_STAFF, partnership=world.partnership, agency=world.agencies["mpft"])
    Membership.objects.filter(user=world.colleague, agency=world.agencies["uhnm"]).update(ends=timezone.localdate())
    assert not Action.objects.visible_to(world.colleague).filter(pk=row.pk).exists()
    said = Update.objects.unscoped("a test").select_related("action", "folder").get(action=row)
    assert powers(world.colleague, [said])[said.pk] == frozenset()
    own = make_action(world, make_group(world, "Another"), agency=None)
    assert Action.objects.visible_to(world.colleague).filter(pk=own.pk).exists(), "one of no organisation stays theirs"


def test_a_file_of_the_case_is_not_handed_out_as_evidence(world):
    row = make_action(world, world.ours.folder, owner=world.officer, agency=None)

    def sent():
        return SimpleUploadedFile("plan.txt", b"What was done.")

    in_the_case = documents.take(
        sent(), folder=row.folder, title="plan", marking=Marking.SENSITIVE, by=world.officer, kind="upload"
    )
    shown = evidence.add(row, by=world.officer, upload_file=sent(), title="plan")
    assert shown.document_id != in_the_case.document_id
    assert Document.objects.unscoped("a test").get(pk=shown.document_id).apart


def test_a_folder_that_is_sealed_after_all_makes_its_actions_sensitive(world):
    group = make_group(world)
    row, other = make_action(world, group), make_action(world, make_group(world, "Another"))
    upload = SimpleUploadedFile("done.txt", b"What was done.")
    shown = evidence.add(row, by=world.colleague, upload_file=upload, title="Done")
    seal(group, by=world.manager)
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.sensitive and not other.sensitive
    assert Document.objects.unscoped("a test").get(pk=shown.document_id).marking == Marking.SENSITIVE


def test_files_bear_the_marking_of_the_most_sensitive_action_that_they_show(world):
    group = make_group(world)

    def sent():
        return SimpleUploadedFile("done.txt", b"What was done.")

    def marked(shown):
        return Document.objects.unscoped("a test").get(pk=shown.document_id).marking

    first, second = make_action(world, group), make_action(world, group, sensitive=True)
    shown = evidence.add(first, by=world.colleague, upload_file=sent(), title="Done")
    assert marked(shown) == Marking.OFFICIAL
    again = evidence.add(second, by=world.colleague, upload_file=sent(), title="Done")
    assert again.document_id == shown.document_id and marked(shown) == Marking.SENSITIVE
    whole = make_action(world, group, owner=None, agency=None)
    part = {"agency": world.agencies["uhnm"], "owner": world.colleague}
    (part,) = services.split(whole, by=world.manager, version=whole.version, parts=[part])
    other = evidence.add(part, by=world.colleague, upload_file=sent(), title="Of a part")
    whole.refresh_from_db()
    assert marked(other) == Marking.OFFICIAL
    services.change(whole, by=world.manager, version=whole.version, sensitive=True)
    assert marked(other) == Marking.SENSITIVE


def test_what_is_marked_as_sensitive_is_so_in_its_parts(world):
    whole = make_action(world, make_group(world), owner=None, agency=None)
    (part,) = services.split(whole, by=world.manager, version=whole.version, parts=[{"agency": world.agencies["uhnm"]}])
    whole.refresh_from_db()
    services.change(whole, by=world.manager, version=whole.version, sensitive=True)
    part.refresh_from_db()
    assert part.sensitive


def test_who_owns_an_action_does_not_decide_about_its_date_whoever_asked(world):
    row = make_action(world, make_group(world), owner=world.manager, agency=None)
    asked = dates.ask_date(row, by=world.manager, wanted=in_days(60), reason="Leave")
    asked.asked_by = world.lead_same
    asked.save()
    for deed in (
        lambda: dates.grant(asked, by=world.manager),
        lambda: dates.refuse(asked, by=world.manager, answer="No"),
    ):
        with pytest.raises(ValidationError, match="Somebody else decides"):
            deed()
    assert dates.grant(asked, by=world.officer).due_on == in_days(60)


def test_a_lead_lets_neither_herself_nor_a_newcomer_into_a_cases_action(world):
    row = make_action(world, world.ours.folder)
    with pytest.raises(ValidationError, match="not to yourself"):
        services.give(row, by=world.lead_same, owner=world.lead_same)
    new = person("newcomer", Role.AGENCY_STAFF, world.agencies["uhnm"], world.partnership)
    Membership.objects.filter(user=new).update(starts=timezone.localdate())
    Action.objects.unscoped("a test").filter(pk=row.pk).update(added_at=timezone.now() - timedelta(days=3))
    with pytest.raises(ValidationError, match="who was here"):
        services.give(row, by=world.lead_same, owner=new)
    assert services.give(row, by=world.manager, owner=new).owner == new, "who runs the case may"
