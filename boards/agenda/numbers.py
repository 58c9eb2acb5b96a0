"""How the items of an agenda are numbered: for each reader those that they see, so that no gap tells of another."""


def numbered(items) -> list[tuple[str, object]]:
    """[(number, item)] of the items that a reader sees, in the order of the agenda: open ones '1', '2', '3', then the
    restricted ones 'R1', 'R2': an open item has one number for everybody, and one time of the day."""
    found, counts = [], {True: 0, False: 0}
    for item in sorted(items, key=lambda each: (each.restricted, each.position, str(each.pk))):
        counts[item.restricted] += 1
        found.append((f"{'R' if item.restricted else ''}{counts[item.restricted]}", item))
    return found
