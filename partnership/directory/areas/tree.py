"""Areas and their parts. The table is short, so it is read whole and put in order here."""

from collections import defaultdict

from partnership.access.rows import allowing
from partnership.people.models import Agency, Area
from partnership.people.roles import Perm


def in_areas(rows, ids):
    """The organisations of `rows` that lie in these areas; ids None: everywhere."""
    if ids is None:
        return rows
    return rows.filter(pk__in=Agency.areas.through.objects.filter(area_id__in=ids).values("agency_id"))


class Tree:
    """The areas that `user` may see: `choices` for a picker, `below(slug)` for a filter."""

    def __init__(self, user=None):
        rows = Area.objects.all() if user is None else allowing(Area, user, Perm.DIRECTORY_VIEW)
        self.areas = list(rows.only("pk", "slug", "name", "kind", "parent_id").order_by("name"))
        self.by_slug = {area.slug: area for area in self.areas}
        self.by_pk = {area.pk: area for area in self.areas}
        self.parts = defaultdict(list)
        for area in self.areas:
            self.parts[area.parent_id if area.parent_id in self.by_pk else None].append(area)

    def walk(self, parent=None, depth=0):
        """(area, depth) from the top down, parts after their whole, each level by name."""
        for area in self.parts[parent]:
            yield area, depth
            yield from self.walk(area.pk, depth + 1)

    def choices(self):
        return [(area.slug, f"{'– ' * depth}{area.name}") for area, depth in self.walk()]

    def below(self, slug) -> list:
        """The ids of an area and of all its parts."""
        area = self.by_slug[slug]
        return [area.pk, *(part.pk for part, _ in self.walk(area.pk))]

    def above(self, ids) -> set:
        """The ids of these areas and of those that they are parts of."""
        found = set()
        for pk in ids:
            while pk in self.by_pk and pk not in found:
                found.add(pk)
                pk = self.by_pk[pk].parent_id
        return found


class ByArea:
    """Of a form with a field `area`: its choices, and what was chosen. user None: the areas are everybody's."""

    def __init__(self, data, *, user=None):
        super().__init__(data)
        self.tree = Tree(user)
        self.fields["area"].choices = [("", "All areas"), *self.tree.choices()]

    def area_ids(self):
        """The ids of the chosen area and of its parts; None for everywhere."""
        area = self.cleaned_data["area"]
        return self.tree.below(area) if area else None
