"""The embedded services: shared, private, repaired, and gone with their last user, however that one ends."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "DATABASE_URL",
    "DATABASE_WEB_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "IDENTITY_KEYS",
    "PORTAL_EMBEDDED",
    "PORTAL_DATA",
)
REPORT = """
import json, os, sys
from partnership import embedded
embedded.ensure()
print(json.dumps(dict(os.environ)), flush=True)
sys.stdin.read()
"""
WIPE = """
import sys
from partnership import embedded
try:
    embedded.wipe()
except embedded.EmbeddedError as error:
    sys.exit(str(error))
"""


def environment(data, **more):
    return {name: value for name, value in os.environ.items() if name not in OURS} | {"PORTAL_DATA": str(data)} | more


def python(code, data, **more):
    """Run `code` to its end; a CompletedProcess."""
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=environment(data, **more), capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def begin(data, **more):
    return subprocess.Popen(
        [sys.executable, "-c", REPORT],
        cwd=ROOT,
        env=environment(data, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def user(data, **more):
    """A command that uses the services until the block ends; yields (its process, its environment after ensure)."""
    process = begin(data, **more)
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A data folder whose cluster is made once for the tests that do not mind what another left in it."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    yield folder
    assert python(WIPE, folder).returncode == 0


@pytest.fixture
def fresh(tmp_path):
    folder = tmp_path / "data"
    yield folder
    if folder.exists():
        assert python(WIPE, folder).returncode == 0


def services(data):
    """{pid: command line} of the supervisor and everything below it."""
    found, waiting = {}, [int(json.loads((data / "run/state.json").read_text())["pid"])]
    while waiting:
        pid = waiting.pop()
        found[pid] = command_line(pid)
        waiting += children_of(pid)
    return found


def children_of(pid):
    """None for a process that has just gone, as PostgreSQL's own short-lived workers do."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def command_line(pid):
    """Empty for a process that is gone or only waits to be collected."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def left(before, seconds=300):
    """What still runs of `before` after at most `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        running = {pid: line for pid, line in before.items() if line and command_line(pid) == line}
        if not running or time.monotonic() > deadline:
            return running
        time.sleep(0.1)


def cluster(data):
    """The cluster's folder: beside the data, or below /var/lib where root's postgres may reach it."""
    for line in services(data).values():
        if found := re.search(r"postgres -D (\S+)", line):
            return Path(found[1])
    raise AssertionError("no postgres is running")


def test_two_commands_share_the_services_which_end_with_the_last(kept):
    with user(kept) as (_, first):
        with user(kept) as (_, second):
            assert first["DATABASE_URL"] == second["DATABASE_URL"]
            assert first["REDIS_URL"] == second["REDIS_URL"]
            running = services(kept)
            assert sum("supervisor" in line for line in running.values()) == 1
        assert left(running, seconds=2.5), "the first command still uses them"
        with psycopg.connect(first["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert left(running) == {}


def test_ten_first_starts_at_once_make_one_cluster_and_one_set_of_secrets(fresh):
    commands = [begin(fresh) for _ in range(10)]
    try:
        seen = [json.loads(command.stdout.readline()) for command in commands]
        running = services(fresh)
    finally:
        for command in commands:
            command.communicate("")
    for name in ("DATABASE_URL", "DATABASE_WEB_URL", "REDIS_URL", "SECRET_KEY", "IDENTITY_KEYS"):
        assert len({each[name] for each in seen}) == 1, name
    assert left(running) == {}


def test_a_killed_command_leaves_no_orphan(kept):
    with user(kept) as (process, _):
        running = services(kept)
        process.send_signal(signal.SIGKILL)
    assert left(running) == {}


def test_a_killed_supervisor_takes_its_services_along_and_the_next_command_finds_the_data(kept):
    with user(kept) as (_, first):
        with psycopg.connect(first["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS entered (words text)")
            connection.execute("INSERT INTO entered VALUES ('kept')")
        running = services(kept)
        supervisor = next(iter(running))
        os.kill(supervisor, signal.SIGKILL)
        with user(kept) as (_, second):
            again = services(kept)
            assert supervisor not in again
            # The old port, so that a portal that still runs can connect again.
            assert second["DATABASE_URL"] == first["DATABASE_URL"]
            with psycopg.connect(second["DATABASE_URL"]) as connection:
                assert ("kept",) in connection.execute("SELECT words FROM entered").fetchall()
            assert left(running) == {}
    assert left(again) == {}


def test_a_lock_file_whose_number_now_belongs_to_another_process_is_repaired(kept):
    with user(kept):
        running = services(kept)
        folder = cluster(kept)
    assert left(running) == {}
    owner = folder.stat()
    stale = folder / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{folder}\n1\n5432\n\n127.0.0.1\n0 0\nready\n")
    os.chown(stale, owner.st_uid, owner.st_gid)
    with user(kept) as (_, seen), psycopg.connect(seen["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_services_listen_on_this_machine_only_and_ask_for_a_password(kept):
    with user(kept) as (_, seen):
        for name in ("DATABASE_URL", "REDIS_URL"):
            port = int(re.search(r"@127\.0\.0\.1:(\d+)/", seen[name])[1])
            assert listening(port) == {"0100007F"}, name
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(re.sub(r":[^:@/]+@", ":guess@", seen["DATABASE_URL"]))
        without = redis.Redis.from_url(re.sub(r":[^:@/]+@", "", seen["REDIS_URL"]))
        with without as client, pytest.raises(redis.AuthenticationError):
            client.ping()
        told = " ".join(services(kept).values())
        assert seen["REDIS_URL"].split("@")[0].removeprefix("redis://:") not in told


def listening(port):
    """The hexadecimal addresses on which something listens at `port`."""
    found = set()
    for table in ("tcp", "tcp6"):
        path = Path("/proc/net") / table
        for row in path.read_text().splitlines()[1:] if path.exists() else ():
            address, state = row.split()[1], row.split()[3]
            if state == "0A" and int(address.split(":")[1], 16) == port:
                found.add(address.split(":")[0])
    return found


def test_the_owner_may_make_databases_and_roles_but_is_no_superuser(kept):
    with user(kept) as (_, seen), psycopg.connect(seen["DATABASE_URL"]) as connection:
        asked = "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(asked).fetchone() == ("portal_owner", False, True, True)


def test_secrets_are_made_once_for_their_owner_only_and_given_ones_win(kept):
    with user(kept) as (_, first):
        pass
    with user(kept, SECRET_KEY="given") as (_, second):
        assert second["SECRET_KEY"] == "given"
        assert second["IDENTITY_KEYS"] == first["IDENTITY_KEYS"]
    assert stat.S_IMODE((kept / "secrets.env").stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700


def test_a_home_folder_that_others_cannot_read_serves_and_stays_closed(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    before = {path: path.stat().st_mode for path in (home, *home.parents)}
    data = home / "checkout" / ".data"
    with user(data) as (_, seen), psycopg.connect(seen["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert {path: path.stat().st_mode for path in before} == before
    assert python(WIPE, data).returncode == 0


def test_services_of_a_deleted_data_folder_end(fresh):
    with user(fresh):
        running = services(fresh)
        fresh.rename(fresh.with_name("gone"))
        assert left(running) == {}
    fresh.with_name("gone").rename(fresh)


def test_nothing_starts_where_the_services_are_named(tmp_path):
    data = tmp_path / "data"
    broker = {"REDIS_URL": "redis://broker.example/0"}
    for name in ("DATABASE_URL", "DATABASE_WEB_URL"):
        with user(data, **{name: "postgres://somebody@database.example/portal"}, **broker) as (_, seen):
            assert "SECRET_KEY" not in seen
            assert "PORTAL_EMBEDDED" not in seen
    assert not data.exists()


def test_a_wipe_refuses_while_in_use_and_then_begins_afresh(fresh):
    with user(fresh) as (_, first):
        refused = python(WIPE, fresh)
        assert refused.returncode == 1
        assert "in use" in refused.stderr
        with psycopg.connect(first["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE TABLE entered (words text)")
    assert python(WIPE, fresh).returncode == 0
    with user(fresh) as (_, second), psycopg.connect(second["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT to_regclass('entered')").fetchone() == (None,)
        assert second["IDENTITY_KEYS"] != first["IDENTITY_KEYS"]


def demo(data, **more):
    command = [sys.executable, str(ROOT / "tools" / "demo.py")]
    return subprocess.run(command, env=environment(data, **more), capture_output=True, text=True, timeout=600)


def test_the_demo_says_that_its_port_is_busy_before_it_starts_anything(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = demo(tmp_path / "data", PORT=port)
    assert refused.returncode == 1
    assert f"port {port} is busy" in refused.stderr
    assert not (tmp_path / "data" / "run" / "state.json").exists()
    assert not (tmp_path / "data" / "secrets.env").exists()


def test_the_demo_serves_replaces_a_killed_worker_and_ends_everything_on_sigterm(fresh):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    command = [sys.executable, str(ROOT / "tools" / "demo.py")]
    running = subprocess.Popen(
        command, env=environment(fresh, PORT=port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        told = next((line for line in running.stdout if "Portal ready" in line), "")
        assert told.strip() == f"Portal ready at http://localhost:{port}"
        # Each part leads a process group of its own.
        web, worker = (int(pid) for pid in Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split())
        with socket.create_connection(("127.0.0.1", int(port))) as asked:
            asked.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            assert asked.makefile("rb").readline().split()[1] == b"200"
        for part in (web, worker):
            assert f"PORTAL_URL=http://localhost:{port}\0" in Path(f"/proc/{part}/environ").read_text()
        assert "already running" in demo(fresh, PORT="1").stderr
        os.kill(worker, signal.SIGKILL)
        assert "starting another" in next(line for line in running.stdout if "background worker" in line)
        children = services(fresh) | {web: command_line(web)}
        running.terminate()
        # It proves that everything ends; how long a loaded machine takes is no matter.
        said, _ = running.communicate(timeout=300)
        assert (running.returncode, "Stopping the portal." in said) == (0, True)
    finally:
        running.kill()
        running.stdout.close()
        running.wait()
    assert left(children) == {}
    assert not in_group(worker)


SIGNAL_IN_A_FORK = """
import os, signal, sys
from tools import demo
signals = demo.Signals()
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
child = demo.start([sys.executable, "-c", ""], dict(os.environ))
try:
    signals.pause(30)
except demo.Stopped:
    print("stopped after", child.wait())
"""


def test_a_signal_that_falls_into_the_start_of_a_child_is_not_lost(tmp_path):
    told = python(SIGNAL_IN_A_FORK, tmp_path / "data")
    assert (told.returncode, told.stdout, told.stderr) == (0, "stopped after 0\n", "")


def in_group(leader):
    """The processes that still run in the group of `leader`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, group = entry.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(group) == leader and state != "Z":
            found.append(entry)
    return found


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_the_demo_says_that_its_port_is_none(tmp_path, port):
    refused = demo(tmp_path / "data", PORT=port)
    assert (refused.returncode, "is not a port" in refused.stderr) == (1, True)


def test_the_demo_never_resets_a_database_that_is_not_its_own(tmp_path):
    address = {"DATABASE_URL": "postgres://somebody@database.example/portal", "REDIS_URL": "redis://broker.example/0"}
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = str(probe.getsockname()[1])
    refused = demo(tmp_path / "data", PORT=free, RESET="1", **address)
    assert refused.returncode == 1
    assert "names another one" in refused.stderr


def pins(name):
    text = (ROOT / "requirements" / name).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, re.MULTILINE))


def test_every_locked_package_has_its_hashes_and_no_lock_names_an_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        blocks = re.split(r"\n(?=\S)", path.read_text().strip())
        assert blocks, path
        for block in blocks:
            assert re.match(r"[a-z0-9][a-z0-9._-]*==\S+( ;[^\\]*)? \\\n +--hash=sha256:[0-9a-f]{64}", block), block[:80]
        assert "://" not in path.read_text()


def test_the_locks_agree_with_one_another():
    tests = pins("dev.txt")
    for name in ("runtime.txt", "embedded.txt"):
        assert pins(name).items() <= tests.items(), name
