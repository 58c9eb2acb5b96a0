"""How many forms the national notification takes, and which child stands on which (statutory.md 1a, rules of GN)."""

from dataclasses import dataclass, field

from reviews.models import Child


@dataclass
class NationalForm:
    """One form of gov.uk's 'Report a serious child safeguarding incident'. why: the rule, in words."""

    main: Child
    others: list = field(default_factory=list)
    why: str = ""

    @property
    def children(self):
        return [self.main, *self.others]


def forms(children, *, one_form=False) -> list[NationalForm]:
    """The forms for these children, in the order of their letters. Children of concern stand on no form of their own.

    A death: one form for each child. Brothers and sisters who were harmed: one form. Children who are not related:
    one form each, but a large operation has one that names a main child (`one_form`).
    """
    died = [child for child in children if child.outcome == Child.Outcome.DIED]
    harmed = [child for child in children if child.outcome == Child.Outcome.HARMED]
    found = [NationalForm(child, why="A child’s death has a form of its own.") for child in died]
    if not harmed:
        return found
    if one_form:
        main, *others = harmed
        return [*found, NationalForm(main, others, "A large operation has one form that names a main child.")]
    first, *rest = harmed
    related = [child for child in rest if child.sibling]
    why = "Brothers and sisters who were harmed stand on one form." if related else ""
    found.append(NationalForm(first, related, why))
    alone = "A child who is not related has a form of their own."
    return found + [NationalForm(child, why=alone) for child in rest if not child.sibling]
