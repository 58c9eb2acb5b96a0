"""`manage.py import_schools`: the same from the command line, and what a kill in its middle leaves."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from partnership.directory.importing import incoming
from partnership.directory.models import ImportBatch
from partnership.people.models import Agency, School
from tests import database
from tests.directory.registers import COLUMNS, school, table


@pytest.fixture
def run(tmp_path):
    """run(content, *options) -> what the command printed."""

    def run(content, *options):
        path, out = tmp_path / "edubasealldata.csv", StringIO()
        path.write_bytes(content)
        call_command("import_schools", str(path), *options, stdout=out)
        return out.getvalue()

    return run


def held(*urns):
    return set(School.objects.filter(urn__in=urns).values_list("urn", flat=True))


def test_the_preview_prints_counts_and_wrong_lines_and_changes_nothing(world, run):
    said = run(table(school(), school(999002), school(URN="1E5")), "--preview")
    assert "2 new\n" in said
    assert "Line 4 (Canal Bridge Primary School): The URN ‘1E5’ was shortened" in said
    assert "245 of 245 that the directory holds there are not in the file; none of them is closed by that." in said
    assert said.endswith("Nothing was changed.\n")
    assert held(999001, 999002) == set()


def test_the_command_takes_what_can_be_taken_and_nothing_the_second_time(world, run):
    admin = world.people["directory_admin"]
    assert run(table(school()), "--by", admin.email).endswith("Taken: 1 added.\n")
    assert Agency.objects.get(school__urn=999001).history.get().history_user == admin
    assert run(table(school())).endswith("Nothing to take: the directory says the same already.\n")


def test_other_authorities_are_asked_for_by_their_codes_or_all_together(world, run):
    content = table(school(**{"LA (code)": "888"}), school(999002, **{"LA (code)": "999"}), school(999003))
    assert "2 left out: in other areas" in run(content, "--preview")
    assert "1 new" in run(content, "--preview", "--authority", "888")
    assert "3 new" in run(content, "--preview", "--all")


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"<html>", (), "web page"),
        (table(school(), columns=COLUMNS[1:]), (), "lacks the column ‘URN’"),
        (table(school()), ("--authority", "86"), "three figures"),
        (table(school()), ("--by", "nobody@portal.example"), "Nobody with a sign-in"),
    ],
)
def test_what_cannot_be_read_ends_with_a_sentence_and_leaves_no_file(world, run, content, options, words):
    before = set(incoming.place().iterdir())
    with pytest.raises(CommandError, match=words):
        run(content, *options)
    assert set(incoming.place().iterdir()) == before


@pytest.fixture
def apart(tmp_path, static_files):
    """A database of its own, for processes that really end: (environment, ask(sql) -> one value)."""
    name = f"portal_killed_{os.getpid()}"
    database.make_database(name)
    environment = os.environ | {
        "DATABASE_URL": database.address_of(name),
        "DATABASE_WEB_URL": database.address_of(name, "DATABASE_WEB_URL"),
        "PORTAL_EMBEDDED": "",
        "DOCUMENT_ROOT": str(tmp_path / "documents"),
    }
    import psycopg

    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        yield environment, lambda sql: connection.execute(sql).fetchone()[0]
    database.drop_database(name)


def test_killed_in_the_middle_of_the_writing_nothing_is_taken_and_a_second_run_takes_all(apart, tmp_path):
    environment, ask = apart
    path = tmp_path / "edubasealldata.csv"
    ours = school(ask("SELECT min(urn) FROM people_school"))
    path.write_bytes(table(ours, *(school(n) for n in range(600_000, 604_000))))
    command = [sys.executable, "manage.py", "import_schools", str(path), "--all"]
    quiet = {"cwd": database.ROOT, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(command, **quiet)
    # Rows of the unfinished transaction cannot be seen from here, but the pages that they fill can.
    empty, ends = ask("SELECT pg_relation_size('people_school')"), time.monotonic() + 120
    while ask("SELECT pg_relation_size('people_school')") <= empty + 100_000 and time.monotonic() < ends:
        assert process.poll() is None, process.stdout.read()
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    taken = "SELECT count(*) FROM people_school WHERE urn BETWEEN 600000 AND 604000"
    assert ask(taken) == 0
    assert ask("SELECT count(*) FROM people_agency WHERE slug LIKE 'urn-60%'") == 0
    again = subprocess.run(command, **quiet, check=False)
    assert again.returncode == 0, again.stdout
    assert ask(taken) == 4000
    assert ask("SELECT count(*) FROM people_historicalagency WHERE slug LIKE 'urn-60%'") == 4000


def test_a_whole_file_of_another_area_is_refused_by_the_command(world, run):
    with pytest.raises(CommandError, match=r"none of the \d+ .* Is it another area’s"):
        run(table(*(school(n) for n in range(600_000, 600_012))), "--all")
    assert not held(600_001) and ImportBatch.objects.get().status == "discarded"


def test_a_batch_of_the_command_says_who_and_when(world, run):
    run(table(school()))
    batch = ImportBatch.objects.get()
    assert (batch.status, batch.uploaded_by, batch.taken_by, batch.taken_at is not None) == ("taken", None, None, True)
