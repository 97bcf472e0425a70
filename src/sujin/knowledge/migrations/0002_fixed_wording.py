"""What was submitted is fixed, whoever asks: only the wording of a draft may be changed."""

from django.db import migrations

GUARD = """
CREATE FUNCTION knowledge_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        NEW.title, NEW.parts, NEW.asks, NEW.business, NEW.cause, NEW.demand, NEW.tiers,
        NEW.touchpoints, NEW.surfaces, NEW.orgs, NEW.replaces, NEW.item_id, NEW.number
    ) IS DISTINCT FROM (
        OLD.title, OLD.parts, OLD.asks, OLD.business, OLD.cause, OLD.demand, OLD.tiers,
        OLD.touchpoints, OLD.surfaces, OLD.orgs, OLD.replaces, OLD.item_id, OLD.number
    ) THEN
        RAISE EXCEPTION 'the wording of a version that was submitted is fixed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER knowledge_version_fixed BEFORE UPDATE ON knowledge_version
    FOR EACH ROW EXECUTE FUNCTION knowledge_version_refuse();
"""
UNGUARD = """
DROP TRIGGER knowledge_version_fixed ON knowledge_version;
DROP FUNCTION knowledge_version_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_items")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
