"""Who still owes an account of their own in a folder: rows that wings name. Until it is in, the folder's list does not
give them what is made of the others' (roles.AFTER_ONES_OWN); what is theirs by another path stays theirs."""

from dataclasses import dataclass, field

from partnership.people.roles import waits

WHY = "who owes something, by id alone"


@dataclass(frozen=True)
class Owed:
    """model: guarded, with a folder. person: the foreign key to whoever owes it. where: while it is owed."""

    model: type
    person: str
    where: dict = field(hash=False)

    def rows(self):
        return self.model.objects.unscoped(WHY).filter(**self.where).order_by()


_owed: list[Owed] = []


def register_owed(owed: Owed) -> None:
    """Called once from an AppConfig.ready."""
    if owed not in _owed:
        _owed.append(owed)


def owed_by(person):
    """For the person's reach: (queryset of what they owe) of each kind."""
    return [each.rows().filter(**{f"{each.person}_id": person}) for each in _owed]


def owing(folders) -> set:
    """(user id, folder id) of those who owe something in these folders; one query a kind."""
    found = set()
    for each in _owed:
        found |= set(each.rows().filter(folder_id__in=folders).values_list(f"{each.person}_id", "folder_id"))
    return found


def roles_that_wait(roles) -> list:
    return [role for role in roles if waits(role)]
