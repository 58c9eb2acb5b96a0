"""The second wall: what portal_web may not do, whatever the Python says. Plain SQL on the real role."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from partnership.access.provision import append_only_tables
from partnership.access.services import open_folder
from partnership.trail.services import record

FORBIDDEN = {
    "change an event": "UPDATE trail_event SET verb = 'nothing'",
    "delete an event": "DELETE FROM trail_event",
    "empty the trail": "TRUNCATE trail_event",
    "switch the trigger off": "ALTER TABLE trail_event DISABLE TRIGGER event_rows_stay",
    "switch all triggers off": "ALTER TABLE trail_event DISABLE TRIGGER ALL",
    "drop the trigger": "DROP TRIGGER event_rows_stay ON trail_event",
    "drop its function": "DROP FUNCTION portal_append_only() CASCADE",
    "replace its function": "CREATE OR REPLACE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NEW; END $$",
    "drop the trail": "DROP TABLE trail_event",
    "put another table in its place": "ALTER TABLE trail_event RENAME TO old_event",
    "act as a replica": "SET session_replication_role = replica",
    "make a table": "CREATE TABLE mine (id int)",
    "make a function": "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "add a column": "ALTER TABLE reviews_review ADD COLUMN mine int",
    "drop the folder's trigger": "DROP TRIGGER folder_holds ON access_folder",
    "make a role": "CREATE ROLE another SUPERUSER",
    "raise itself": "ALTER ROLE portal_web SUPERUSER",
    "say that a migration ran": "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
    "read a file of the server": "SELECT pg_read_file('/etc/passwd')",
    "run a program": "COPY trail_event TO PROGRAM 'cat'",
}


def refused(statement):
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return caught.value.__cause__.sqlstate


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_the_web_role_cannot(db, deed):
    record("something_happened")
    assert refused(FORBIDDEN[deed]) == "42501", "refused for want of the right, not for another fault"


def test_the_web_role_serves_and_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_web",)
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
            " WHERE m.member = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchall() == []


def test_the_web_role_cannot_become_the_owner(db):
    owner = connections["owner"].settings_dict["USER"]
    assert refused(f'SET ROLE "{owner}"') == "42501"


@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_versions_that_were_kept_are_not_rewritten(db, verb):
    tables = append_only_tables()
    assert "trail_event" in tables and len([table for table in tables if "historical" in table]) >= 4
    for table in tables:
        column = next(m for m in apps.get_models() if m._meta.db_table == table)._meta.pk.column
        assert refused(verb.format(table, column, column)) == "42501", table


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "statement", ["UPDATE trail_event SET verb = 'x'", "DELETE FROM trail_event", "TRUNCATE trail_event"]
)
def test_even_the_owners_trigger_refuses(statement):
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trail_event (verb, object_kind, data, happened_at, recorded_at)"
            " VALUES ('something_happened', '', '{}', now(), now())"
        )
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic(using="owner"):
            cursor.execute(statement)
        transaction.set_rollback(True, using="owner")


class TestFolderHolds:
    """The tree of folders, held by a constraint trigger when the transaction ends."""

    @pytest.fixture
    def tree(self, world):
        self.folder = open_folder(
            kind="item", title="Top", partnership=world.partnership, by=world.officer, sealed=True
        )
        self.child = open_folder(
            kind="item", title="Below", partnership=world.partnership, by=world.officer, parent=self.folder
        )
        self.check()

    @staticmethod
    def check():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @pytest.mark.parametrize(
        "words, statement",
        [
            ("under a sealed folder is sealed", "UPDATE access_folder SET sealed = false WHERE id = %(child)s"),
            ("path is its parent's and itself", "UPDATE access_folder SET path = ARRAY[id] WHERE id = %(child)s"),
            ("path of a top folder is itself", "UPDATE access_folder SET path = path || id WHERE id = %(folder)s"),
            ("path of a top folder is itself", "UPDATE access_folder SET parent_id = NULL WHERE id = %(child)s"),
            (
                "review folder is sealed",
                "UPDATE access_folder SET kind = 'review', sealed = false WHERE id = %(child)s",
            ),
        ],
    )
    def test_a_tree_that_does_not_hold_is_refused(self, world, tree, words, statement):
        assert words in self.refusal(statement, child=self.child.pk, folder=self.folder.pk)

    def test_a_sealed_parent_with_an_open_child_is_refused_from_above_too(self, world):
        top = open_folder(kind="item", title="Top", partnership=world.partnership, by=world.officer)
        open_folder(kind="item", title="Below", partnership=world.partnership, by=world.officer, parent=top)
        self.check()
        seal = "UPDATE access_folder SET sealed = true WHERE id = %(top)s"
        assert "does not follow" in self.refusal(seal, top=top.pk)

    def refusal(self, statement, **ids) -> str:
        """The database's words when the transaction would end; the statement itself is taken, and changes a row."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, ids)
            assert cursor.rowcount == 1
            with pytest.raises(DatabaseError) as refused, transaction.atomic():
                self.check()
            transaction.set_rollback(True)
        return str(refused.value)
