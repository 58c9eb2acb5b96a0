"""What every model declares about itself: where its protection comes from, and how long it is kept.

The words stand on the lowest floor so that every model can say them; `partnership.access` turns them into rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FOLDER_ITSELF = "self"
AGENCY_ITSELF = "pk"


class Retention(StrEnum):
    """Record classes of the retention schedule (facts: no national rule for review files; legal hold by default)."""

    CASE = "case"  # review files and everything that hangs on them: held until two people dispose of them
    IDENTITY = "identity"  # names and birth dates of children and families: own, shorter schedule
    TRAIL = "trail"  # what happened and who looked: outlives the case, holds ids only
    REFERENCE = "reference"  # organisations, lists, calendars: kept while the partnership exists
    ACCOUNT = "account"  # people's accounts and what they may do
    TECHNICAL = "technical"  # tokens and job rows: months


@dataclass(frozen=True)
class Person:
    """What being the person at the end of a path gives: `perms`, but only while the conditions hold.

    where: field -> the values it must have; (None,) for none. agency: the path to an agency that the person must belong
    to today. guest: it is given to the guest of a case alone, who belongs to none.
    """

    perms: frozenset
    where: Mapping[str, tuple] = field(default_factory=dict)
    agency: str = ""
    guest: bool = False


@dataclass(frozen=True)
class Access:
    """Where the protection of a model's rows comes from.

    view:    the Perm that a person needs to see a row at all.
    folder:  path to the row's Folder ("folder", or FOLDER_ITSELF on Folder).
    folder_where: field -> the values that it must have before the folder's people see the row (a draft beside a case).
    agency:  path to an agency (AGENCY_ITSELF on Agency) -> the perms that a role at that agency gives (never case
             material).
    wide:    the perms that a role of the whole partnership gives on every row, of a model without a folder.
    person:  path to a user id -> what being that person gives: a tuple of Person.
    change:  for an `everyone` model, the perm that changes it (held partnership-wide).
    logged:  a reading of these rows is an event in the trail.
    read_as: the verb of that event where it is one of its own, apart from the reading of the page.
    but:     for an `everyone` model, field -> the value of those rows that are nobody's by it.
    anywhere: for an `everyone` model, the perms that count on every row wherever the role that gives them is held.
    bars: for an `everyone` model, path to a folder: who is barred from it reads the row as everybody does, and does
             nothing with it.
    """

    view: str
    folder: str | None = None
    folder_where: Mapping[str, tuple] = field(default_factory=dict)
    agency: Mapping[str, frozenset] = field(default_factory=dict)
    wide: frozenset = frozenset()
    person: Mapping[str, tuple] = field(default_factory=dict)
    logged: bool = False
    read_as: str = ""
    open_to_everyone: bool = False
    why: str = ""
    but: Mapping[str, object] = field(default_factory=dict)
    anywhere: frozenset = frozenset()
    bars: str = ""

    @classmethod
    def everyone(
        cls,
        *,
        why: str,
        view: str = "sign_in",
        agency: Mapping | None = None,
        but: Mapping | None = None,
        anywhere: frozenset = frozenset(),
        bars: str = "",
    ):
        """Rows that everyone who holds `view` anywhere may see, `but` some; `why` says what makes that right.

        Every other perm is held on all rows by a role of the whole partnership, those of `agency` on an agency's, and
        those of `anywhere` on all rows by a role of an agency too; none of them through a bar on the folder at `bars`.
        """
        rest = {"agency": agency or {}, "but": but or {}, "anywhere": anywhere, "bars": bars}
        return cls(view=view, open_to_everyone=True, why=why, **rest)

    @property
    def guarded(self) -> bool:
        return not self.open_to_everyone
