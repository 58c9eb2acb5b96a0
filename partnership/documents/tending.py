"""What must hold without anybody's doing: the scanner detects, old files are scanned anew, no file lacks its row."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from partnership.access.flow import Stale
from partnership.documents import hooks, renditions, services, storage
from partnership.documents.flow import take_step
from partnership.documents.models import State, Version
from partnership.documents.notices import tell_withdrawn
from partnership.documents.scanners import Away, probes, scanner
from partnership.notify.watch import beat, close_alarm, has_beaten, raise_alarm

log = logging.getLogger(__name__)
HOUR = 3600
YOUNG = timedelta(hours=1)  # an upload whose row is not committed yet
RESCAN_SECONDS = 120
KEPT = (State.CLEAN, State.WITHDRAWN)


def tend_when_due() -> None:
    """Once an hour each, however often it is asked for: beat forgets its intervals when it is restarted."""
    if not has_beaten("scanner", within=HOUR):
        probe()
    if not has_beaten(renditions.CONVERTER, within=HOUR):
        renditions.prove()
    if not has_beaten("rescan", within=HOUR):
        rescan()
    if not has_beaten("reaper", within=HOUR):
        reap()


def probe() -> bool:
    """Whether the scanner still finds the test virus, alone and in the largest file that may be uploaded."""
    asked = scanner()
    try:
        found = all(asked.scan(content).infected for content in probes())
    except Away as away:
        log.warning("the probe was not answered: %s", away)
        raise_alarm("scanner_away", "scanner_away")
        return False
    if not found:
        raise_alarm("scanner_blind", "scanner_blind")
        return False
    close_alarm("scanner_away")
    close_alarm("scanner_blind")
    beat("scanner")
    return True


def rescan(*, seconds=RESCAN_SECONDS) -> int:
    """Scan what was clean under older signatures, the longest ago first. Returns how many changed their state."""
    asked, until, changed = scanner(), time.monotonic() + seconds, 0
    try:
        signatures = asked.signatures()
        today = timezone.now() - timedelta(hours=20)
        rows = Version.objects.unscoped("the re-scan sees all").filter(state__in=KEPT).exclude(scanned_at__gt=today)
        if signatures:
            rows = rows.exclude(scanned_with=signatures)
        for version in rows.order_by("scanned_at", "pk").iterator(chunk_size=100):
            if time.monotonic() > until:
                break
            changed += _again(version, asked, signatures)
    except Away as away:
        log.warning("the re-scan ended: %s", away)
        raise_alarm("scanner_away", "scanner_away")
        return changed
    beat("rescan")
    return changed


def _again(version, asked, signatures) -> bool:
    try:
        content = services.bytes_of(version)
    except (services.Damaged, OSError):
        return False  # the reaper says so
    verdict = asked.scan(content)
    scanned = {"scanned_at": timezone.now(), "scanned_with": signatures}
    step = None
    if version.state == State.CLEAN and verdict.infected:
        step, scanned["reason"] = "withdraw", verdict.reason
    elif version.state == State.WITHDRAWN and verdict.clean:
        step, scanned["reason"] = "give_back", ""
    if step is None:
        Version.objects.unscoped("the re-scan sees all").filter(pk=version.pk).update(**scanned)
        return False
    try:
        with transaction.atomic():
            row = take_step(version, step, **scanned)
            if step == "withdraw":
                hooks.after_refused(row)
                tell_withdrawn(row)
    except Stale:
        return False
    return True


def reap() -> dict:
    """Delete files without a row; say of rows without a file that they are so. Returns how many of each."""
    old = timezone.now() - YOUNG
    lying = dict(storage.all_keys())
    known = set(Version.objects.unscoped("the reaper sees all").exclude(key="").values_list("key", flat=True))
    gone = [key for key, at in lying.items() if key not in known and at < old]
    for key in gone:
        storage.forget(key)
    missing = [
        pk
        for pk, key in Version.objects.unscoped("the reaper sees all")
        .filter(state__in=KEPT, made_at__lt=old)
        .values_list("pk", "key")
        if key not in lying
    ]
    if missing:
        raise_alarm("file_missing", "file_missing", count=len(missing), ids=missing[:20])
    else:
        close_alarm("file_missing")
    beat("reaper")
    return {"files": len(gone), "rows": len(missing)}
