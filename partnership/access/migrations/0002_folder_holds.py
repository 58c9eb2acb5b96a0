from django.db import migrations

# Checked when the transaction ends, on the row as it then is: sealing a tree may pass through in-between states.
FORWARD = """
CREATE FUNCTION access_folder_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_now access_folder%ROWTYPE;
    above access_folder%ROWTYPE;
BEGIN
    SELECT * INTO row_now FROM access_folder WHERE id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF row_now.kind = 'review' AND NOT row_now.sealed THEN
        RAISE EXCEPTION 'a review folder is sealed' USING ERRCODE = 'check_violation';
    END IF;
    IF row_now.parent_id IS NULL THEN
        IF row_now.path <> ARRAY[row_now.id] THEN
            RAISE EXCEPTION 'the path of a top folder is itself' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        SELECT * INTO above FROM access_folder WHERE id = row_now.parent_id;
        IF row_now.path <> above.path || row_now.id THEN
            RAISE EXCEPTION 'a folder''s path is its parent''s and itself' USING ERRCODE = 'check_violation';
        END IF;
        IF above.sealed AND NOT row_now.sealed THEN
            RAISE EXCEPTION 'a folder under a sealed folder is sealed' USING ERRCODE = 'check_violation';
        END IF;
        IF above.partnership_id <> row_now.partnership_id THEN
            RAISE EXCEPTION 'a folder belongs to its parent''s partnership' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF EXISTS (
        SELECT 1 FROM access_folder below WHERE below.parent_id = row_now.id
        AND (below.path <> row_now.path || below.id OR (row_now.sealed AND NOT below.sealed))
    ) THEN
        RAISE EXCEPTION 'a folder below does not follow this one' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER folder_holds AFTER INSERT OR UPDATE ON access_folder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_folder_holds();
"""
BACKWARD = "DROP TRIGGER folder_holds ON access_folder; DROP FUNCTION access_folder_holds();"


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
