"""The page of areas: each with its whole, its postcodes and how many organisations are in it or in its parts."""

from collections import defaultdict

from partnership.directory.areas.tree import Tree
from partnership.people.models import Agency, Area


def area_rows(user) -> list:
    """[{"area", "indent", "count"}] from the whole down; three questions whatever the number of areas."""
    tree, inside = Tree(user), defaultdict(set)
    live = Agency.objects.live().order_by().values("pk")
    placed = Agency.areas.through.objects.filter(agency_id__in=live).values_list("area_id", "agency_id")
    for area, agency in placed:
        for each in tree.above([area]):
            inside[each].add(agency)
    full = Area.objects.in_bulk([area.pk for area in tree.areas])
    return [
        {"area": full[area.pk], "indent": "– " * depth, "count": len(inside[area.pk])} for area, depth in tree.walk()
    ]
