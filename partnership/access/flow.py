"""Flow tables: every change of status is a row of a table, and this is the one engine that makes it (docs/adr/0003)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from partnership.access.rows import can, powers
from partnership.people.roles import Perm
from partnership.trail.services import record


@dataclass(frozen=True)
class Step:
    """One way from some statuses to one.

    source: the statuses that it starts from. to: where it ends. perm: who may. label: what the button says.
    needs: the name of an argument that must not be empty ("note"), with the words to ask for it in `ask`. portal: the
    portal itself takes it too, by its day or as what follows from another step (`by=None`).
    """

    source: tuple
    to: str
    perm: Perm
    label: str
    needs: str = ""
    ask: str = ""
    portal: bool = False


class Stale(ValidationError):
    """Somebody else was quicker, or the page was old: nothing was changed."""


class Flow:
    """A table of steps over one status field. `Flow("review", submit=Step(...), ...)`."""

    def __init__(self, name, /, *, field="status", **steps: Step):
        self.name, self.field, self.steps = name, field, steps

    def open_to(self, user, obj) -> list:
        """The (code, Step) pairs that `user` may take on `obj` now: the buttons of its page."""
        return self.open_with(powers(user, [obj])[obj.pk], obj)

    def open_with(self, held, obj) -> list:
        """The same for powers that the page knows already."""
        status = getattr(obj, self.field)
        return [(code, step) for code, step in self.steps.items() if status in step.source and step.perm in held]

    @transaction.atomic
    def take(self, obj, code, *, by, happened_at=None, on_behalf_of=None, data=None, **fields):
        """Take a step: lock, check the source, check the power, set the status and `fields`, write the event.

        by: None for the portal itself, which takes the steps that say so and no other. Returns the locked, saved row.
        Raises Stale when the status has moved on, PermissionDenied without the power, ValidationError when what the
        step needs is missing.
        """
        step = self.steps[code]
        row = lock(obj)
        if not (step.portal if by is None else can(by, step.perm, row)):
            raise PermissionDenied(f"{self.name}.{code}")
        if getattr(row, self.field) not in step.source:
            raise Stale(f"This is {label_of(row, self.field).lower()} now, so ‘{step.label}’ can no longer be done.")
        if step.needs and not str(fields.get(step.needs) or "").strip():
            raise ValidationError({step.needs: step.ask or "This is needed."})
        setattr(row, self.field, step.to)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=[self.field, *fields])
        record(
            f"{self.name}_{code}",
            by=by,
            obj=row,
            happened_at=happened_at,
            on_behalf_of=on_behalf_of,
            to=step.to,
            fields=sorted(fields),
            **(data or {}),
        )
        return row

    def drawing(self) -> str:
        """The table as a Mermaid diagram and a list, for docs/flows/."""
        lines = [f"# {self.name.replace('_', ' ').capitalize()}", "", "```mermaid", "stateDiagram-v2"]
        for code, step in self.steps.items():
            lines += [f"    {source} --> {step.to}: {code}" for source in step.source]
        lines += ["```", "", "| step | button | from | to | power | needs |", "|---|---|---|---|---|---|"]
        for code, step in self.steps.items():
            lines.append(
                f"| {code} | {step.label} | {', '.join(step.source)} | {step.to} | {step.perm} | {step.needs or '–'} |"
            )
        return "\n".join(lines) + "\n"


def lock(obj):
    """The fresh row of an object that the page has fetched already, locked until the transaction ends."""
    return type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)


def label_of(obj, field):
    return getattr(obj, f"get_{field}_display")()
