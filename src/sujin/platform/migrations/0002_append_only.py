"""The journal is append-only, whoever asks: the database refuses UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

GUARD = """
CREATE FUNCTION platform_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER platform_entry_append_only
    BEFORE UPDATE OR DELETE ON platform_entry
    FOR EACH ROW EXECUTE FUNCTION platform_entry_refuse();
CREATE TRIGGER platform_entry_no_truncate
    BEFORE TRUNCATE ON platform_entry
    FOR EACH STATEMENT EXECUTE FUNCTION platform_entry_refuse();
"""
UNGUARD = """
DROP TRIGGER platform_entry_no_truncate ON platform_entry;
DROP TRIGGER platform_entry_append_only ON platform_entry;
DROP FUNCTION platform_entry_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
