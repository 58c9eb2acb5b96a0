from tests.access.commits import at_once, committed
from tests.reviews.answering import signed, waiting, written

__all__ = ["at_once", "committed", "signed", "waiting", "written"]
