from django.db import migrations

FORWARD = """
CREATE TRIGGER attempt_rows_stay BEFORE UPDATE OR DELETE ON notify_attempt
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER attempt_table_stays BEFORE TRUNCATE ON notify_attempt
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
BACKWARD = """
DROP TRIGGER attempt_table_stays ON notify_attempt;
DROP TRIGGER attempt_rows_stay ON notify_attempt;
"""


class Migration(migrations.Migration):
    dependencies = [("notify", "0001_initial"), ("trail", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
