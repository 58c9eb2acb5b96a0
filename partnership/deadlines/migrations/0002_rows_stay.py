"""Versions of a calendar and local editions are never changed; a bank holiday is given up, never deleted."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER calendar_version_rows_stay BEFORE UPDATE OR DELETE ON deadlines_calendarversion
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER calendar_version_table_stays BEFORE TRUNCATE ON deadlines_calendarversion
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER local_edition_rows_stay BEFORE UPDATE OR DELETE ON deadlines_localedition
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER local_edition_table_stays BEFORE TRUNCATE ON deadlines_localedition
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER bank_holiday_rows_stay BEFORE DELETE ON deadlines_bankholiday
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER bank_holiday_table_stays BEFORE TRUNCATE ON deadlines_bankholiday
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
BACKWARD = """
DROP TRIGGER bank_holiday_table_stays ON deadlines_bankholiday;
DROP TRIGGER bank_holiday_rows_stay ON deadlines_bankholiday;
DROP TRIGGER local_edition_table_stays ON deadlines_localedition;
DROP TRIGGER local_edition_rows_stay ON deadlines_localedition;
DROP TRIGGER calendar_version_table_stays ON deadlines_calendarversion;
DROP TRIGGER calendar_version_rows_stay ON deadlines_calendarversion;
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial"), ("trail", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
