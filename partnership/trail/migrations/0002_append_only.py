from django.db import migrations

FORWARD = """
CREATE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_rows_stay BEFORE UPDATE OR DELETE ON trail_event
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER event_table_stays BEFORE TRUNCATE ON trail_event
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
BACKWARD = """
DROP TRIGGER event_table_stays ON trail_event;
DROP TRIGGER event_rows_stay ON trail_event;
DROP FUNCTION portal_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
