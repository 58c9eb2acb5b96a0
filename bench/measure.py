"""Timing and counting. Runs of the page and of its floor alternate, so that a slow minute hits both alike."""

import gc
import statistics
import time
from dataclasses import asdict, dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

WARM, RUNS = 5, 40
MOST_QUERIES = 12


@dataclass
class Result:
    """One line of bench/results.json; times in milliseconds, `size` the rows that the page shows."""

    name: str
    size: int
    median_ms: float
    queries: int
    floor_ms: float
    ratio: float


@dataclass
class Line:
    """A result with the target it is held to, None where it is shown for the record only."""

    result: Result
    most_ratio: float | None = None
    most_queries: int | None = MOST_QUERIES

    def missed(self):
        found = []
        if self.most_ratio is not None and self.result.ratio > self.most_ratio:
            found.append(f"ratio {self.result.ratio} is over {self.most_ratio}")
        if self.most_queries is not None and self.result.queries > self.most_queries:
            found.append(f"{self.result.queries} queries are over {self.most_queries}")
        return found


def measured(name, size, ours, floor, *, runs=RUNS, before=None) -> Result:
    """Medians of `runs` alternating warm runs. before: called, untimed, before each run of `ours`."""
    before = before or (lambda: None)
    for _ in range(min(WARM, runs // 5)):
        before()
        ours()
        floor()
    before()
    with CaptureQueriesContext(connection) as captured:
        ours()
    queries = asked(captured)  # now: the next request empties the log
    mine, least = [], []
    gc.collect()
    for _ in range(runs):
        before()
        mine.append(_timed(ours))
        least.append(_timed(floor))
    median, bottom = statistics.median(mine), statistics.median(least)
    return Result(name, size, round(median, 2), queries, round(bottom, 2), round(median / bottom, 2))


OF_THE_TRANSACTION = ("BEGIN", "COMMIT", "SET TRANSACTION", "SAVEPOINT", "RELEASE SAVEPOINT")


def asked(captured) -> int:
    """How many statements ask or write something; those that only open and close a transaction are left out."""
    return sum(1 for each in captured if not each["sql"].startswith(OF_THE_TRANSACTION))


def _timed(run):
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def table(lines) -> str:
    head = f"{'what':<44}{'rows':>6}{'ms':>9}{'queries':>9}{'floor ms':>10}{'ratio':>7}"
    rows = [head, "-" * len(head)]
    for line in lines:
        r = line.result
        note = "; ".join(line.missed()) and "  MISSED: " + "; ".join(line.missed())
        rows.append(f"{r.name:<44}{r.size:>6}{r.median_ms:>9}{r.queries:>9}{r.floor_ms:>10}{r.ratio:>7}{note}")
    return "\n".join(rows)


def as_list(lines) -> list:
    return [asdict(line.result) for line in lines]
