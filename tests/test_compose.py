"""docker-compose.yml: what it must hold beyond being valid."""

import importlib.util
from pathlib import Path

import jsonschema
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema

ROOT = Path(__file__).resolve().parent.parent
SERVING = ("web", "worker", "relay", "beat")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def secrets():
    spec = importlib.util.spec_from_file_location("deployment_secrets", ROOT / "tools" / "deployment_secrets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.files("portal.example.org")


def variables(service, secrets):
    """All variables that a service is given."""
    files = [Path(path).name for path in service.get("env_file", [])]
    return {name: value for file in files for name, value in secrets[file].items()} | service.get("environment", {})


def test_the_file_follows_the_compose_specification(compose):
    schema = get_builtin_schema("vendor.compose-spec")
    checker = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in checker.iter_errors(compose)] == []


def test_the_check_against_the_specification_sees_a_misspelt_key(compose):
    schema = get_builtin_schema("vendor.compose-spec")
    checker = jsonschema.validators.validator_for(schema)(schema)
    spoilt = compose | {"services": compose["services"] | {"web": compose["services"]["web"] | {"helthcheck": {}}}}
    assert not checker.is_valid(spoilt)


def test_only_the_migration_knows_the_owner(compose, secrets):
    owner = secrets["database.env"]["OWNER_PASSWORD"]
    assert "DATABASE_URL" in variables(compose["services"]["migrate"], secrets)
    for name in (*SERVING, "broker"):
        given = variables(compose["services"][name], secrets)
        assert "DATABASE_URL" not in given
        assert not [variable for variable, value in given.items() if owner in value]


def test_what_serves_connects_as_the_web_role(compose, secrets):
    for name in SERVING:
        given = variables(compose["services"][name], secrets)
        assert given["DATABASE_WEB_URL"].startswith("postgres://portal_web:")
        assert {"SECRET_KEY", "IDENTITY_KEYS", "REDIS_URL"} <= given.keys()


def test_the_servers_files_agree_on_their_passwords(secrets):
    assert f":{secrets['database.env']['OWNER_PASSWORD']}@" in secrets["owner.env"]["DATABASE_URL"]
    assert f":{secrets['broker.env']['BROKER_PASSWORD']}@" in secrets["portal.env"]["REDIS_URL"]


def test_nothing_but_the_web_server_is_reached_from_outside_and_only_from_this_machine(compose):
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("database", "broker"):
        assert compose["services"][name]["networks"] == ["inside"]


def test_the_scanner_is_named_reached_from_inside_and_takes_more_than_the_portal_does(compose, secrets):
    for name in SERVING:
        assert variables(compose["services"][name], secrets)["CLAMAV_URL"] == "tcp://clamav:3310"
    assert "ports" not in compose["services"]["clamav"] and "inside" in compose["services"]["clamav"]["networks"]
    lines = (ROOT / "tools" / "clamd.conf").read_text().splitlines()
    said = dict(line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    sizes = {key: int(value[:-1]) for key, value in said.items() if value.endswith("M")}
    most = 100  # what DOCUMENTS_MAX_MB can be at most
    assert most < sizes["StreamMaxLength"] == sizes["MaxFileSize"] <= sizes["MaxScanSize"]
    for alert in ("AlertExceedsMax", "AlertOLE2Macros", "AlertEncryptedArchive", "AlertEncryptedDoc"):
        assert said[alert] == "yes"


def test_a_full_broker_refuses_and_never_drops_a_task(compose):
    assert "maxmemory-policy noeviction" in " ".join(compose["services"]["broker"]["command"])


def test_every_lasting_service_is_watched_and_given_time_to_end(compose):
    for name, service in compose["services"].items():
        if name == "migrate":
            assert service["restart"] == "no"
            continue
        assert service["healthcheck"]["test"], name
        assert service["stop_grace_period"], name
        assert service["restart"] == "unless-stopped", name


def test_the_portal_starts_only_after_its_tables_are_made(compose):
    for name in SERVING:
        assert compose["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_image_serves_as_an_unprivileged_user_with_the_locked_packages():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER portal" in lines
    assert lines.index("USER portal") < next(n for n, line in enumerate(lines) if line.startswith("CMD "))
    assert any("--require-hashes -r /tmp/runtime.txt" in line for line in lines)
