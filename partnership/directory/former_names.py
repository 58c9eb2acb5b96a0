"""The name that an organisation gives up stays with it, so that people who know only that one still find it."""

from collections import defaultdict

from partnership.people.finding import fold
from partnership.people.models import Alias


def keep_former(renamed: dict) -> None:
    """renamed: agency id -> (the name until now, the new one). Another spelling of the same name is no former name.

    A former name that is the name again is taken away. Whoever calls it writes the search's words afterwards
    (`people.finding.refresh`), in the same transaction; two statements and a third where a name came back.
    """
    changed = {pk: names for pk, names in renamed.items() if fold(names[0]) != fold(names[1])}
    if not changed:
        return
    known, again = defaultdict(set), []
    for alias in Alias.objects.filter(agency__in=changed):
        known[alias.agency_id].add(fold(alias.name))
        if alias.former and fold(alias.name) == fold(changed[alias.agency_id][1]):
            again.append(alias.pk)
    if again:
        Alias.objects.filter(pk__in=again).delete()
    Alias.objects.bulk_create(
        Alias(agency_id=pk, name=old, former=True) for pk, (old, _) in changed.items() if fold(old) not in known[pk]
    )
