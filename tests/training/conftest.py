from tests.access.commits import at_once, committed

__all__ = ["at_once", "committed"]
