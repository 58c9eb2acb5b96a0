"""The check of one file, and the sweep that finds those which a lost message or a dead worker left behind."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.documents import hooks, services, storage
from partnership.documents.contents import kinds
from partnership.documents.flow import take_step
from partnership.documents.models import State, Version
from partnership.documents.notices import tell_refused
from partnership.documents.refusals import Refused
from partnership.documents.scanners import CLEAN, Away, Verdict, scanner
from partnership.notify.watch import beat, close_alarm, raise_alarm

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=11)  # above CELERY_TASK_TIME_LIMIT: a check that hangs is dead before another begins
AGAIN = timedelta(minutes=1)
MOST_ATTEMPTS = 3
AT_ONCE = 50
SWEEP_SECONDS = 240  # with the longest check at its end still below CELERY_TASK_TIME_LIMIT
LEFT_ALONE, AWAY = "left alone", "away"


def check(version_id) -> str:
    """Claim, look, scan, settle. Returns the new state; 'away' while the scanner gives no answer; 'left alone'."""
    version = _claim(version_id)
    if version is None:
        return LEFT_ALONE
    if version.attempts > MOST_ATTEMPTS:  # it killed three workers, or made three of them fail
        return _settle(version, "refuse", reason="unreadable")
    try:
        content = services.bytes_of(version)
    except services.Damaged:
        return _settle(version, "refuse", reason="lost")
    except OSError as error:
        return _wait(version, f"the storage does not answer: {error}", "storage_away")
    close_alarm("storage_away")
    asked = scanner()
    try:
        verdict, kept = _look(version.name, content, asked)
        signatures = asked.signatures() if verdict.clean else ""
    except Away as away:
        return _wait(version, str(away), "scanner_away")
    close_alarm("scanner_away")
    if not verdict.clean:
        return _settle(version, "infect" if verdict.infected else "refuse", reason=verdict.reason)
    return _pass(version, kept if kept != content else None, signatures)


def sweep() -> int:
    """Look at every file whose time has come, until the scanner is away. Returns how many were settled."""
    done, until = 0, time.monotonic() + SWEEP_SECONDS
    waiting = Version.objects.unscoped("the sweep sees all").filter(
        state=State.QUARANTINED, look_at__lte=timezone.now()
    )
    for pk in list(waiting.order_by("look_at").values_list("pk", flat=True)[:AT_ONCE]):
        said = check(pk)
        if said == AWAY or time.monotonic() > until:
            break
        done += said != LEFT_ALONE
    beat("documents")
    return done


def _claim(version_id):
    now = timezone.now()
    versions = Version.objects.unscoped("the check works for the portal")
    due = versions.filter(pk=version_id, state=State.QUARANTINED, look_at__lte=now)
    if not due.update(look_at=now + LEASE, attempts=F("attempts") + 1):
        return None
    return versions.get(pk=version_id)


def _look(name, content, asked) -> tuple:
    """(verdict, the bytes to keep). A virus is named before anything else; what is refused anyway waits for nobody."""
    try:
        kept, refused = kinds.look(name, content), None
    except Refused as error:
        kept, refused = None, Verdict(reason=error.code)
    try:
        verdict = asked.scan(content)
    except Away:
        if refused is None:
            raise
        verdict = CLEAN
    return (verdict if verdict.infected or refused is None else refused), kept


def _wait(version, why, alarm) -> str:
    """Nobody's fault: it is not counted, and the sweep asks again."""
    log.warning("version %s waits: %s", version.pk, why)
    versions = Version.objects.unscoped("the check works for the portal")
    versions.filter(pk=version.pk, state=State.QUARANTINED).update(
        look_at=timezone.now() + AGAIN, attempts=F("attempts") - 1
    )
    raise_alarm(alarm, alarm)
    return AWAY


def _pass(version, written_anew, signatures) -> str:
    now = timezone.now()
    fields = {"checked_at": now, "scanned_at": now, "scanned_with": signatures, "look_at": None}
    if written_anew is not None:
        fields |= {"key": storage.new_key(), "size": len(written_anew), "sha256": services.sha256(written_anew)}
        storage.put(fields["key"], written_anew)  # a file without a row, if the next lines fail: the reaper's
    try:
        with transaction.atomic():
            row = take_step(version, "pass", **fields)
            hooks.after_clean(row)
            if written_anew is not None:
                transaction.on_commit(lambda: storage.forget(version.key))
    except Stale:
        return LEFT_ALONE
    return row.state


def _settle(version, step, *, reason) -> str:
    """Refuse for good: the row says why, the file goes."""
    try:
        with transaction.atomic():
            row = take_step(version, step, reason=reason, key="", look_at=None, checked_at=timezone.now())
            hooks.after_refused(row)
            tell_refused(row)
            transaction.on_commit(lambda: storage.forget(version.key))
    except Stale:
        return LEFT_ALONE
    return row.state
