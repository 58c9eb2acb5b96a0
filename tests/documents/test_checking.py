"""A file waits in quarantine until it is found clean; a refused one goes and says why; nothing is lost on the way."""

import hashlib
import io
import os
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import InMemoryStorage
from django.db import transaction
from django.utils import timezone
from PIL import Image

from partnership.access import services as access
from partnership.documents import checking, flow, hooks, services, storage, tending
from partnership.documents.models import Document, Marking, State, Version
from partnership.documents.scanners import CLEAN, EICAR, Away, BuiltInCheck, Verdict
from partnership.notify.models import Alarm, Heartbeat, Notice
from partnership.notify.reconciling import reconcile
from partnership.people.roles import Role
from partnership.trail.models import Event
from tests.database import ROOT
from tests.documents import bad_files
from tests.world import small_pdf


class Scripted:
    """A scanner that answers what it is told; `signatures` are of today."""

    def __init__(self, *answers, signatures="27500"):
        self.answers, self.version, self.asked = list(answers), signatures, 0

    def scan(self, content):
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def signatures(self):
        return self.version


VIRUS = Verdict(infected=True, reason="virus")


@pytest.fixture
def scanner(monkeypatch):
    def use(*answers, **more):
        found = Scripted(*answers, **more)
        monkeypatch.setattr(checking, "scanner", lambda: found)
        monkeypatch.setattr(tending, "scanner", lambda: found)
        return found

    return use


# --- the way of a file ------------------------------------------------------------------------------------------------


def test_a_file_waits_and_is_clean_after_its_check(taken, check):
    content = small_pdf("x")
    version = taken("Minutes_3_May.pdf", content, title="")
    assert (version.state, version.document.title, version.content_type) == (
        "quarantined", "Minutes 3 May", "application/pdf",
    )  # fmt: skip
    with pytest.raises(services.NotReady):
        services.read(version)
    assert check(version) == State.CLEAN
    assert services.read(version) == content
    assert version.scanned_with == "built-in" and version.look_at is None
    assert list(Event.objects.filter(object_id=version.pk).order_by("id").values_list("verb", flat=True)) == [
        "file_taken",
        "file_pass",
    ]


def test_it_lies_under_a_random_key_for_its_owners_eyes(taken, store):
    version = taken()
    path = store / version.key
    assert version.pk.hex not in version.key and "letter" not in version.key
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert ROOT / "static" not in path.parents
    with pytest.raises(ValueError, match="no address"):
        storage.documents().url(version.key)


@pytest.mark.parametrize("what, name, content, words", bad_files.REFUSED, ids=[row[0] for row in bad_files.REFUSED])
def test_what_is_bad_is_refused_in_a_sentence_and_goes(what, name, content, words, taken, check, lying):
    content = content()
    try:
        version = taken(name, content)
    except ValidationError as error:
        assert words in error.message_dict["file"][0]
        assert lying() == set()
        return
    said = check(version)
    assert said in (State.INFECTED, State.UNSCANNABLE), what
    assert words in services.state(version)
    assert (version.key, lying()) == ("", set())
    with pytest.raises(services.NotReady):
        services.read(version)


def test_a_picture_is_kept_as_it_was_written_anew_and_the_one_that_came_is_gone(taken, check, lying):
    version = taken("home.jpg", bad_files.photograph())
    came = version.key
    assert check(version) == State.CLEAN
    kept = services.read(version)
    assert b"GPS" not in kept and Image.open(io.BytesIO(kept)).format == "JPEG"
    assert lying() == {version.key} and version.key != came
    assert (version.sha256, version.size) == (hashlib.sha256(kept).hexdigest(), len(kept))
    assert version.received_sha256 == hashlib.sha256(bad_files.photograph()).hexdigest()


def test_a_virus_is_named_before_anything_else(taken, check):
    version = taken("letter.pdf", EICAR)
    check(version)
    assert (version.state, version.reason) == ("infected", "test_virus")


def test_the_next_version_belongs_to_the_same_folder(taken, world):
    first = taken()
    second = taken(content=b"more words", document=first.document)
    assert (second.number, second.document) == (2, first.document)
    with pytest.raises(ValueError, match="another folder"):
        taken(content=b"yet more", document=first.document, folder=world.theirs.folder)


def test_a_wing_is_told_by_the_kind_of_its_documents(taken, check, monkeypatch):
    told = []
    monkeypatch.setattr(hooks, "_clean", {})
    monkeypatch.setattr(hooks, "_refused", {})
    hooks.on_clean("letter")(lambda version: told.append(("clean", version.pk)))
    hooks.on_refused("letter")(lambda version: told.append(("refused", version.pk)))
    good, bad = taken(kind="letter"), taken("x.pdf", b"not one", kind="letter")
    other = taken("y.txt", b"others", kind="")
    for each in (good, bad, other):
        check(each)
    assert told == [("clean", good.pk), ("refused", bad.pk)]


def test_what_a_wing_raises_keeps_the_file_waiting(taken, check, monkeypatch):
    monkeypatch.setattr(hooks, "_clean", {"letter": [lambda version: 1 / 0]})
    version = taken(kind="letter")
    with pytest.raises(ZeroDivisionError):
        check(version)
    version.refresh_from_db()
    assert (version.state, version.attempts) == ("quarantined", 1)


def test_whoever_uploaded_a_refused_file_is_told(taken, check, world):
    version = taken("x.pdf", b"not one")
    check(version)
    notice = Notice.objects.get(kind="file_refused", subject_id=version.pk)
    assert notice.recipient == world.officer and "not one" not in str(notice.data)


# --- a scanner that is away -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["no connection: ConnectionRefusedError", "no answer in time", "nonsense"])
def test_without_an_answer_it_waits_and_the_sweep_asks_again(why, taken, check, scanner):
    scanner(Away(why))
    version = taken()
    assert check(version) == checking.AWAY
    assert (version.state, version.attempts) == ("quarantined", 0)
    assert Alarm.objects.filter(what="scanner_away", closed_at=None).count() == 1
    scanner(CLEAN)
    assert checking.sweep() == 0  # not before its minute has passed
    Version.objects.filter(pk=version.pk).update(look_at=timezone.now())
    assert checking.sweep() == 1
    version.refresh_from_db()
    assert version.state == "clean"
    assert not Alarm.objects.filter(what="scanner_away", closed_at=None).exists()


def test_a_sweep_ends_where_the_scanner_is_away_and_refuses_meanwhile_what_needs_none(taken, scanner):
    away = scanner(Away("down"))
    for number in range(3):
        taken(f"{number}.txt", f"words {number}".encode())
    bad = taken("x.pdf", b"not one")
    Version.objects.filter(pk=bad.pk).update(look_at=timezone.now() - timedelta(minutes=1))
    assert checking.sweep() == 1
    assert away.asked == 2
    assert Version.objects.get(pk=bad.pk).reason == "other_type"
    assert Heartbeat.objects.filter(name="documents").exists()


@pytest.mark.parametrize(
    "verdict, reason", [(Verdict(reason="password"), "password"), (Verdict(reason="not_scanned"), "not_scanned")]
)
def test_what_could_not_be_scanned_is_not_clean(verdict, reason, taken, check, scanner):
    scanner(verdict)
    version = taken()
    assert (check(version), version.reason) == ("unscannable", reason)


def test_a_file_that_ends_three_workers_is_refused(taken, check, monkeypatch):
    version = taken()
    monkeypatch.setattr(checking, "_look", lambda *args: 1 / 0)
    for _ in range(checking.MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            check(version)
        assert check(version) == checking.LEFT_ALONE  # its lease has not ended
        Version.objects.filter(pk=version.pk).update(look_at=timezone.now())
    assert (check(version), version.reason) == ("unscannable", "unreadable")


def test_a_check_that_comes_late_changes_nothing(taken, check):
    version = taken()
    check(version)
    assert check(version) == checking.LEFT_ALONE
    with pytest.raises(flow.Stale):
        flow.take_step(version, "refuse")


def test_an_upload_whose_file_never_arrived_is_refused(taken, check):
    version = taken()
    storage.forget(version.key)
    assert (check(version), version.reason) == ("unscannable", "lost")
    assert "did not arrive. Upload it again." in services.state(version)


def test_a_storage_that_does_not_answer_loses_nothing(taken, check, monkeypatch):
    class Away(InMemoryStorage):
        def open(self, *args):
            raise LookupError("an exception of the bucket's own library")

    version = taken()
    with monkeypatch.context() as patched:
        patched.setattr(storage, "documents", Away)
        assert (check(version), version.state, version.attempts) == ("away", "quarantined", 0)
        with pytest.raises(services.Damaged):
            services.read(Version(state=State.CLEAN, key=version.key))
    assert Alarm.objects.filter(what="storage_away", closed_at=None).exists()
    Version.objects.filter(pk=version.pk).update(look_at=timezone.now())
    assert check(version) == "clean"
    assert not Alarm.objects.filter(closed_at=None).exists()


# --- sent twice, broken off -------------------------------------------------------------------------------------------


def test_the_same_file_sent_twice_is_one(taken, check, lying):
    first = taken()
    assert taken() == first
    check(first)
    assert taken() == first
    assert taken("other.txt", b"words") != first  # another name is another document
    assert len(lying()) == 2


def test_the_same_file_by_another_person_is_another(taken, world):
    assert taken() != taken(by=world.case_officer)


def test_a_file_that_was_refused_may_be_sent_again(taken, check):
    first = taken("x.pdf", b"not one")
    check(first)
    assert taken("x.pdf", b"not one") != first


def test_a_row_that_is_taken_back_leaves_a_file_for_the_reaper(taken, lying, store):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        taken()
        1 / 0  # noqa: B018
    assert (Version.objects.filter(name="letter.txt").count(), len(lying())) == (0, 1)
    assert tending.reap()["files"] == 0  # it may be one that is being written
    for key in lying():
        os.utime(store / key, (time.time() - 7200,) * 2)
    assert tending.reap()["files"] == 1
    assert lying() == set()


def test_a_storage_that_fails_leaves_no_row(taken, monkeypatch):
    monkeypatch.setattr(storage, "put", lambda key, file: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        taken()
    assert not Version.objects.filter(name="letter.txt").exists()


def test_a_disk_that_fills_up_leaves_no_half_of_a_file(taken, lying, monkeypatch):
    monkeypatch.setattr(storage.os, "fsync", lambda number: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        taken()
    assert lying() == set()


def test_rows_without_their_file_are_an_alarm_and_stay(taken, check, world):
    """The world's own files lie elsewhere than this test's, and are missing too."""
    version = taken()
    check(version)
    storage.forget(version.key)
    Version.objects.filter(pk=version.pk).update(made_at=timezone.now() - timedelta(hours=2))
    assert tending.reap()["rows"] == 1
    assert str(version.pk) in Alarm.objects.get(what="file_missing").data["ids"]
    assert Version.objects.filter(pk=version.pk).exists()


def test_files_beside_the_documents_are_not_reaped(store, world):
    place = store / "incoming"
    place.mkdir(parents=True)
    (place / "batch").write_bytes(b"x")
    os.utime(place / "batch", (1, 1))
    tending.reap()
    assert (place / "batch").exists()


def test_any_storage_of_django_will_do(taken, check, monkeypatch):
    memory = InMemoryStorage()
    monkeypatch.setattr(storage, "documents", lambda: memory)
    version = taken("x.png", bad_files.picture())
    check(version)
    assert services.read(version)
    assert {key for key, _ in storage.all_keys()} == {version.key}
    assert tending.reap()["files"] == 0


# --- at the same moment -----------------------------------------------------------------------------------------------


@pytest.fixture
def committed_world(committed, store):
    from tests.world import make_world

    world = make_world()
    yield world
    Version.objects.filter(state="quarantined").update(state="unscannable", key="")


def test_at_the_same_moment_a_file_is_taken_once_and_checked_once(committed_world, at_once, lying):
    from django.core.files.uploadedfile import SimpleUploadedFile

    world = committed_world
    facts = {"folder": world.ours.folder, "marking": Marking.SENSITIVE, "by": world.officer}

    def take():
        return services.take(SimpleUploadedFile("home.jpg", bad_files.photograph()), **facts)

    before = lying()
    first, second = at_once(take, take)
    assert first == second and len(lying() - before) == 1
    version = Version.objects.get(pk=first.pk)

    def check():
        return checking.check(version.pk)

    assert sorted(at_once(check, check, check)) == ["clean", "left alone", "left alone"]
    Version.objects.filter(pk=version.pk).update(state="quarantined", look_at=timezone.now())
    version.refresh_from_db()
    # Two workers that both hold it (the first was slow): one settles it, and no second file is left.
    assert sorted(at_once(*[lambda: checking._settle(version, "refuse", reason="html")] * 2)) == [
        "left alone",
        "unscannable",
    ]
    assert lying() == before
    third, fourth = at_once(
        lambda: services.take(SimpleUploadedFile("a.txt", b"one"), document=version.document, **facts),
        lambda: services.take(SimpleUploadedFile("a.txt", b"two"), document=version.document, **facts),
    )
    assert {third.number, fourth.number} == {2, 3}


# --- what is scanned again --------------------------------------------------------------------------------------------


@pytest.fixture
def old(taken, check):
    version = taken()
    check(version)
    Version.objects.exclude(pk=version.pk).update(scanned_at=timezone.now())
    Version.objects.filter(pk=version.pk).update(scanned_at=timezone.now() - timedelta(days=2))
    return version


def test_a_clean_file_that_is_flagged_later_is_withdrawn_and_its_keepers_are_told(old, scanner, world, lying):
    access.grant(world.ours.folder, world.board_member, Role.PANEL_MEMBER, by=world.officer, reason="x")
    scanner(VIRUS)
    assert tending.rescan() == 1
    old.refresh_from_db()
    assert (old.state, old.reason, lying()) == ("withdrawn", "virus", {old.key})
    with pytest.raises(services.NotReady):
        services.read(old)
    assert "Withdrawn: a later check found a virus" in services.state(old)
    told = set(Notice.objects.filter(kind="file_withdrawn").values_list("recipient_id", flat=True))
    assert told == {world.officer.pk, world.manager.pk}


def test_a_withdrawn_file_comes_back_by_newer_signatures_alone(old, scanner):
    scanner(VIRUS, signatures="1")
    tending.rescan()
    scanner(CLEAN, signatures="1")
    assert tending.rescan() == 0
    Version.objects.filter(pk=old.pk).update(scanned_at=timezone.now() - timedelta(days=1))
    assert tending.rescan() == 0
    scanner(CLEAN, signatures="2")
    assert tending.rescan() == 1
    old.refresh_from_db()
    assert (old.state, old.reason) == ("clean", "")


def test_a_file_is_scanned_anew_for_new_signatures_only(old, scanner):
    asked = scanner(CLEAN, signatures="built-in")
    tending.rescan()
    assert asked.asked == 0
    asked = scanner(CLEAN, signatures="2")
    tending.rescan()
    tending.rescan()
    assert asked.asked == 1


def test_a_rescan_that_could_not_look_withdraws_nothing(old, scanner):
    scanner(Verdict(reason="not_scanned"))
    assert tending.rescan() == 0
    scanner(Away("down"))
    tending.rescan()
    old.refresh_from_db()
    assert old.state == "clean"


# --- the probe --------------------------------------------------------------------------------------------------------


def test_the_probe_proves_that_the_scanner_detects(world):
    assert tending.probe()
    assert Heartbeat.objects.filter(name="scanner").exists()


@pytest.mark.parametrize("answers", [(CLEAN,), (VIRUS, CLEAN), (VIRUS, Verdict(reason="not_scanned"))])
def test_a_scanner_that_misses_the_test_virus_is_an_alarm(answers, scanner, world):
    scanner(*answers)
    assert not tending.probe()
    assert Alarm.objects.filter(what="scanner_blind", closed_at=None).exists()
    assert not Heartbeat.objects.filter(name="scanner").exists()
    scanner(VIRUS)
    assert tending.probe()
    assert not Alarm.objects.filter(closed_at=None).exists()


def test_tending_is_done_once_an_hour(world, store, monkeypatch):
    done = []
    for name in ("probe", "rescan", "reap"):
        monkeypatch.setattr(tending, name, lambda name=name: done.append(name))
    tending.tend_when_due()
    for name in ("scanner", "rescan"):
        tending.beat(name)
    tending.tend_when_due()
    assert done == ["probe", "rescan", "reap", "reap"]


def test_a_file_that_waits_for_an_hour_is_an_alarm(committed_world, monkeypatch):
    from django.core.files.uploadedfile import SimpleUploadedFile

    world = committed_world
    facts = {"folder": world.ours.folder, "marking": Marking.SENSITIVE, "by": world.officer}
    version = services.take(SimpleUploadedFile("late.txt", b"late"), **facts)
    assert (reconcile()["file_waits"], reconcile()["file_unread"]) == (0, 0)
    Version.objects.filter(pk=version.pk).update(made_at=timezone.now() - timedelta(hours=2), look_at=None)
    assert (reconcile()["file_waits"], reconcile()["file_unread"]) == (1, 1)


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_drawing_is_that_of_the_table_and_every_state_is_reached():
    assert (ROOT / "docs/flows/file.md").read_text() == flow.drawing(), "write flow.drawing() into docs/flows/file.md"
    assert {step.to for step in flow.STEPS.values()} | {State.QUARANTINED} == set(State)


def test_nothing_but_clean_is_read(taken):
    version = taken()
    for state in set(State) - {State.CLEAN}:
        version.state = state
        with pytest.raises(services.NotReady):
            services.read(version)


def test_the_built_in_check_knows_the_test_virus_wherever_it_hides():
    look = BuiltInCheck().scan
    nested = bad_files.zipped({"a.zip": bad_files.zipped({"b.docx": bad_files.office("docx", {"x": EICAR})})})
    for content in (EICAR, bad_files.zipped({"a": EICAR}), bad_files.office("docx", {"word/x": EICAR}), nested):
        assert look(content) == Verdict(infected=True, reason="test_virus")
    assert look(b"words").clean and not look(bad_files.encrypted_zip()).clean and not look(bad_files.bomb()).clean


def test_a_document_for_somebody_without_the_folder_names_an_organisation(taken, world):
    with pytest.raises(ValueError, match="organisation"):
        taken(shown_to=world.author)
    version = taken(shown_to=world.author, shown_at=world.agencies["uhnm"], by=world.author)
    assert Document.objects.get(pk=version.document_id).shown_to == world.author
