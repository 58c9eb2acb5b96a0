"""Whose signature returns wait for, read for many at once, and the links by which these are asked."""

from collections import defaultdict

from audits.models import AuditReturn, Signature
from audits.signing import letters
from audits.signing.chain import in_order
from partnership.access import links
from partnership.access.models import Link

WHY = "of returns that the caller has asked for already"


def turns_of(returns) -> dict:
    """return id -> the Signature that is asked for now, of those of `returns` that are being signed. One question, none
    where none is."""
    ids = [row.pk for row in returns if row.status == AuditReturn.Status.SIGNING]
    found = defaultdict(list)
    rows = Signature.objects.unscoped(WHY).filter(audit_return__in=ids, status=Signature.Status.ASKED)
    for row in rows.select_related("asked_by") if ids else ():
        found[row.audit_return_id].append(row)
    return {pk: in_order(rows)[0] for pk, rows in found.items()}


def open_links(signatures, *, by) -> None:
    """See to it that each of these has a link that opens: a new one for those alone whose last has ended, so that no
    address in an earlier email dies by it. In the caller's transaction. One question, and two more a new link."""
    live = links.live(Link.Purpose.SIGNATURE).filter(object_id__in=[row.pk for row in signatures])
    here = set(live.values_list("object_id", flat=True))
    for row in signatures:
        if row.pk not in here:
            links.make_mailed(
                Link.Purpose.SIGNATURE, acts_as=row.asked_by, by=by, object_id=row.pk, days=letters.days()
            )
