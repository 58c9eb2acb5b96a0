from django.db import migrations

TABLES = ("boards_edition", "boards_part")
FORWARD = "".join(
    f"""
CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER {table}_table_stays BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
    for table in TABLES
)
BACKWARD = "".join(
    f"DROP TRIGGER {table}_table_stays ON {table}; DROP TRIGGER {table}_rows_stay ON {table};" for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("boards", "0003_meetings"), ("trail", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
