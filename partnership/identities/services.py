"""Writing and reading identifiers. A reading is noted in the request's scope and logged before the answer leaves."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.access import scope
from partnership.access.flow import Stale, lock
from partnership.access.sealing import seal, unseal
from partnership.identities.models import Identity
from partnership.trail.models import new_id
from partnership.trail.services import record

# What is sealed, in the order in which it is shown.
FIELDS = ("name", "other_names", "date_of_birth", "addresses", "other")


@dataclass
class Identifiers:
    """One person's identifiers as read: plain text, never stored, never in a list, an email or a PDF."""

    id: object
    version: int
    subject: str
    label: str
    name: str = ""
    other_names: str = ""
    date_of_birth: date | None = None
    addresses: str = ""
    other: str = ""
    age: str = ""  # in words, on a day that the page chooses


@transaction.atomic
def add_identity(folder, *, subject, label, facts: dict, by) -> Identity:
    """Seal a person's identifiers. facts: the keys of FIELDS; date_of_birth a date or None.

    Raises ValueError for a `subject` that is none of Identity.Subject, ValidationError for a label that is taken.
    """
    subject, pk = Identity.Subject(subject), new_id()
    try:
        with transaction.atomic():
            row = Identity.objects.create(
                id=pk, folder=folder, subject=subject, label=label, sealed=seal(pk, _packed(facts)), changed_by=by
            )
    except IntegrityError:
        raise ValidationError({"label": f"There is an identity record for {label} already."}) from None
    record("identity_added", by=by, obj=row, fields=sorted(key for key, value in facts.items() if value))
    return row


@transaction.atomic
def change_identity(row, *, facts: dict, version: int, by) -> Identity:
    """Replace the identifiers. Raises Stale when somebody changed them since `version` was read."""
    row = lock(row)
    if row.version != version:
        raise Stale("Somebody else changed this record while you were typing.")
    before = unseal(row.pk, row.sealed)
    after = _packed(facts)
    row.sealed, row.version, row.changed_at, row.changed_by = seal(row.pk, after), version + 1, timezone.now(), by
    row.save(update_fields=["sealed", "version", "changed_at", "changed_by"])
    record("identity_changed", by=by, obj=row, fields=sorted(key for key in after if after[key] != before.get(key)))
    return row


def open_identities(folder_id, *, why: str) -> list[Identifiers]:
    """The identifiers of a folder, opened for a page that has already asked for IDENTITY_SEARCH on its own row.

    `why` names that page's right. Each row is noted as read. The children come first, then siblings, parents, others.
    """
    order = Identity.Subject.values
    rows = Identity.objects.unscoped(why).filter(folder_id=folder_id)
    return [opened(row) for row in sorted(rows, key=lambda row: (order.index(row.subject), row.label))]


def compare_identities(folder_id, *, why: str) -> list[Identifiers]:
    """The identifiers of a folder for a rule that compares texts with them and shows nobody what they say.

    No person reads them, so nothing is noted as read; `why` names the rule. Nothing of them may reach a page.
    """
    rows = Identity.objects.unscoped(why).filter(folder_id=folder_id)
    return [_unsealed(row) for row in rows]


def opened(row) -> Identifiers:
    """One row's identifiers, noted as read."""
    if current := scope.current():
        current.shown.setdefault(Identity._meta.label_lower, {})[row.pk] = row.folder_id
    return _unsealed(row)


def _unsealed(row) -> Identifiers:
    facts = unseal(row.pk, row.sealed)
    born = facts.get("date_of_birth")
    return Identifiers(
        id=row.pk,
        version=row.version,
        subject=row.get_subject_display(),
        label=row.label,
        date_of_birth=date.fromisoformat(born) if born else None,
        **{key: facts.get(key, "") for key in FIELDS if key != "date_of_birth"},
    )


def _packed(facts):
    unknown = set(facts) - set(FIELDS)
    if unknown:
        raise ValueError(f"not an identifier: {unknown}")
    born = facts.get("date_of_birth")
    return {key: facts.get(key) or "" for key in FIELDS} | {"date_of_birth": born.isoformat() if born else ""}
