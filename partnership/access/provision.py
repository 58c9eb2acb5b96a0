"""Making the database ready: the web role, what it may do, the tables, what the apps start with. By the owner only."""

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

# Tables that the web role reads at most: it migrates nothing.
READ_ONLY_TABLES = ("django_migrations",)

_commands: list[str] = []


def register_setup(command: str) -> None:
    """Called by an AppConfig.ready: `portal_setup` runs this management command, after those of the floors below.

    It must be safe to run at every start.
    """
    if command not in _commands:
        _commands.append(command)


def ensure_web_role(connection):
    """Create portal_web, or give it the password that the settings say; it owns nothing and bypasses nothing."""
    web = settings.DATABASES["default"]
    owner = settings.DATABASES["owner"]
    if web["USER"] == owner["USER"]:
        raise SystemExit("DATABASE_WEB_URL names the owner's role: the portal must serve as another role.")
    name, password = sql.Identifier(web["USER"]), sql.Literal(web["PASSWORD"])
    with connection.cursor() as cursor:
        # Two set-ups at once (several test workers): one makes the role, the other waits.
        cursor.execute("SELECT pg_advisory_lock(746571)")
        try:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [web["USER"]])
            found = cursor.fetchone()
            if found and found[0]:
                raise SystemExit(f"The role {web['USER']} is a superuser or bypasses row security: it must not serve.")
            # A new role holds none of these powers by default, and only a superuser may name them.
            verb = "ALTER" if found else "CREATE"
            cursor.execute(sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(name, password))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(746571)")


def ensure_privileges(connection):
    """What portal_web may do: rows yes, tables no; append-only tables take INSERT and SELECT."""
    role = sql.Identifier(settings.DATABASES["default"]["USER"])
    with connection.cursor() as cursor:
        run = lambda text, **names: cursor.execute(sql.SQL(text).format(role=role, **names))  # noqa: E731
        run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        run("GRANT USAGE ON SCHEMA public TO {role}")
        run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for table in append_only_tables():
            run(
                "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM {role}",
                table=sql.Identifier(table),
            )
        for table in READ_ONLY_TABLES:
            run("REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}", table=sql.Identifier(table))


def append_only_tables():
    """Tables of models that say `append_only`, and every history table: versions are not rewritten."""
    tables = []
    for model in apps.get_models(include_auto_created=True):
        if getattr(model, "append_only", False) or hasattr(model, "instance_type"):
            tables.append(model._meta.db_table)
    return sorted(tables)


def provision(*, verbosity=1):
    """Role, tables, privileges, in that order; safe to run at every start."""
    if "owner" not in settings.DATABASES:
        raise SystemExit("DATABASE_URL, the owner's address, is needed to set the database up.")
    connection = connections["owner"]
    ensure_web_role(connection)
    call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
    ensure_privileges(connection)


def load_what_apps_need(*, verbosity=1):
    """Run what the apps registered; each writes through the web role, as a service does."""
    for command in _commands:
        call_command(command, verbosity=verbosity)
