"""The audits: one answer saved, the list of a round's returns, its grid, and sending it out to a whole register.

`python -m bench.audits` measures them alone, in a scratch database of its own with fewer cases.
"""

import itertools
import json
import statistics
import time
from functools import partial

from django.db import connection, connections, transaction
from django.http import JsonResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

MOST, MOST_QUERIES = 3.0, 12
LIST_QUERIES, ON_A_PAGE = 10, 50
SAVE_MS, GRID_MS, RUNS = 25, 200, 40
SAVE_MOST = 4.5  # no template is drawn on either side, so what the floor has not weighs more: README.md
LAUNCHED, LAUNCH_SECONDS = 24_500, 30


def lines(user):
    """It fills a round of 406 schools and 100 questions; the launch comes last, because it fills the directory."""
    from bench import auditing, measure, pages

    version, round, rows = auditing.ground(user)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    begun = next(row for row in rows if row.status == "begun" and row.answered > auditing.QUESTIONS // 2)
    yield from saving(begun, auditing.leads_of([begun.agency])[0])
    for visit in visits(round, len(rows), user):
        yield measure.Line(pages.measured(visit), MOST, LIST_QUERIES)
    yield grid(round, len(rows), user)
    yield launch(version, user)


def saving(row, user):
    """One answer, as the page of a section saves it while it is typed: against its target, and against bare SQL."""
    from bench import measure
    from tests.world import sign_in

    wording = row.round.set_version.wordings.select_related("section").order_by("position").first()
    url = reverse("audits:return_section", args=[row.pk, wording.section.code])
    client, turn = sign_in(Client(SERVER_NAME="localhost"), user), itertools.count(1)
    state = {"mark": "1"}  # of the answer as it is saved: its version stands before a dot

    def ours():
        key = wording.pk.hex
        said = {f"{key}_code": "met", f"{key}_text": f"Looked at for the {next(turn)}. time, with the governors."}
        answer = client.post(url, {"part": key, "version": state["mark"]} | said)
        assert answer.status_code == 200, answer.content
        state["mark"] = answer.json()["version"]

    floor = _bare_save(client, url, row, wording, user, state)
    found = measure.measured("answer saved, beside bare SQL", row.answered, ours, floor, runs=RUNS)
    share = round(found.median_ms / SAVE_MS, 2)
    yield measure.Line(
        measure.Result("answer saved", row.answered, found.median_ms, found.queries, SAVE_MS, share), 1.0, MOST_QUERIES
    )
    yield measure.Line(found, SAVE_MOST, MOST_QUERIES)


def _bare_save(client, url, row, wording, user, state):
    """The same rows by hand behind Django's own session and user look-up; nothing is asked of anybody's powers."""
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware

    from bench.floors import statements

    sql = statements("answer_save")
    facts = {
        "return": row.pk, "folder": row.folder_id, "agency": row.agency_id, "user": user.pk, "wording": wording.pk,
        "question": wording.question_id,
    }  # fmt: skip

    def view(request):
        version = int(state["mark"].split(".")[0]) + 1
        params = facts | {"version": version, "text": f"Looked at in version {version}, with the governors."}
        with transaction.atomic(), connection.cursor() as cursor:
            for name, text in sql.items():
                cursor.execute(text, params)
                if name in ("held", "now"):
                    cursor.fetchall()
                if name == "written":
                    (at,) = cursor.fetchone()
        state["mark"] = str(version)
        return JsonResponse({"saved_at": at.isoformat(), "version": state["mark"]})

    handler = SessionMiddleware(AuthenticationMiddleware(lambda request: request.user.is_active and view(request)))
    cookies = client.cookies.output(header="", sep=";")

    def floor():
        json.loads(handler(RequestFactory().post(url, headers={"cookie": cookies}, SERVER_NAME="localhost")).content)

    return floor


def visits(round, number, user):
    """The list with progress: as it opens, and all of it on one page."""
    from bench import pages
    from partnership.access.reach import reach_of
    from partnership.people.roles import Perm

    url = reverse("audits:round_returns", args=[round.pk])
    reach = pages.case(user, Perm.ANSWERS_VIEW) | {
        "agencies": list(reach_of(user).agencies(Perm.ANSWERS_VIEW)), "round": round.pk, "today": timezone.localdate(),
    }  # fmt: skip
    for title, size, query in (("a page", ON_A_PAGE, ""), ("all", number, "?all=on")):
        params = reach | {"limit": size}
        shape = partial(returns_list, size=size)
        yield pages.Visit(f"list of {number} returns, {title}", size, user, url + query, "returns_list", shape, params)


def returns_list(found, shown, *, size):
    """What a status is called, and who is reached, is said of each row in the same words."""
    from audits.models import AuditReturn
    from audits.rounds.listing import COLOURS, Found
    from partnership.ui.listing import cut_page

    fields, now = shown["form"].fields, timezone.now()
    offered = {name: {} for name in ("district", "phase", "area", "trust", "window")}
    for row in found["choices"]:
        for name in offered:
            value, label = row.get(f"{name}_id", row[name]), row[name]
            if value:
                offered[name][str(value)] = label
    for name, choices in offered.items():
        fields[name].choices = [("", "Any"), *sorted(choices.items(), key=lambda pair: pair[1])]
    labels = dict(AuditReturn.Status.choices)
    for row in found["rows"]:
        row["said"], row["colour"] = labels[row["status"]], COLOURS[row["status"]]
        row["people"] = [json.loads(each) for each in row["people"]]
        row["leads"] = ", ".join(dict.fromkeys(each["name"] for each in row["people"]))
        row["reached"] = any(each["email"] for each in row["people"])
        row["late"] = row["status"] in AuditReturn.OWES and row["closes_at"] < now
    total = found["rows"][0]["total"]
    return {"found": Found(total, cut_page(found["rows"], total, 1, size), "name")}


def grid(round, number, user):
    """Every organisation and every question at once; the target stands in the place of a floor."""
    from bench import auditing, measure
    from tests.world import sign_in

    client = sign_in(Client(SERVER_NAME="localhost"), user)
    url = f"{reverse('audits:round_grid', args=[round.pk])}?all=1"

    def ask():
        start = time.perf_counter()
        page = client.get(url)
        assert page.status_code == 200, page.status_code
        return (time.perf_counter() - start) * 1000, page

    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    asked = measure.asked(queries)
    median = statistics.median(ask()[0] for _ in range(RUNS))
    result = measure.Result(
        f"grid of {number} by {auditing.QUESTIONS}",
        number,
        round_to(median),
        asked,
        GRID_MS,
        round_to(median / GRID_MS),
    )
    return measure.Line(result, 1.0, MOST_QUERIES)


def launch(version, user):
    """A round that goes out to every school of a national register, each with a lead who gets a letter; as a job."""
    from audits.models import AuditReturn, Round, Window
    from audits.rounds import sending
    from bench import auditing, measure
    from partnership.access import scope
    from partnership.jobs import services as jobs

    round = auditing.open_round(version, by=user, title="Audit of every school")
    Round.objects.filter(pk=round.pk).update(status=Round.Status.PLANNED, opened_at=None)
    Window.objects.filter(round=round).update(name="All")
    asked = auditing.grown(LAUNCHED)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    with scope.entered():
        job = jobs.ask(sending.SEND, Round.objects.get(pk=round.pk), by=user)
    with CaptureQueriesContext(connection) as queries:
        start = time.perf_counter()
        assert jobs.run(job.pk) == "done"
        seconds = time.perf_counter() - start
    made = AuditReturn.objects.unscoped(auditing.WHY).filter(round=round).count()
    assert made >= asked >= LAUNCHED, (made, asked)
    result = measure.Result(
        f"round sent to {LAUNCHED:,} schools", made, round_to(seconds * 1000), len(queries), LAUNCH_SECONDS * 1000,
        round_to(seconds / LAUNCH_SECONDS),
    )  # fmt: skip
    return measure.Line(result, 1.0, None)


def round_to(number):
    return float(f"{number:.2f}")


def alone():
    from bench import run

    return run.alone(lambda: lines(run.small(AGENCIES=900).people["manager"]))


if __name__ == "__main__":
    raise SystemExit(alone())
