"""Three fictional reviews: one on working day 9, one whose returns are late, one that was sent and answered."""

from reviews.demo.late import late_in_returns
from reviews.demo.running import on_working_day_nine
from reviews.demo.sent import sent_to_the_panel


def fill_reviews(people) -> tuple:
    """Once, in a database that holds no review. people: the demo's users by key. Returns (the review on working day 9,
    the one that was sent): their meetings are made by whoever stands above the wing that keeps them."""
    running = on_working_day_nine(people)
    late_in_returns(people)
    return running, sent_to_the_panel(people)
