"""What was released once never becomes a draft again, whoever asks; its wording stays fixed."""

from django.db import migrations

WORDING = """
        NEW.title, NEW.parts, NEW.asks, NEW.business, NEW.cause, NEW.demand, NEW.tiers,
        NEW.touchpoints, NEW.surfaces, NEW.orgs, NEW.replaces, NEW.item_id, NEW.number
"""
GUARD = f"""
CREATE OR REPLACE FUNCTION knowledge_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.released_at IS NOT NULL AND (
        NEW.released_at IS NULL OR NEW.state IN ('draft', 'submitted', 'dropped')
    ) THEN
        RAISE EXCEPTION 'a version that was released is no draft any more'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.state <> 'draft' OR OLD.released_at IS NOT NULL) AND
        ({WORDING}) IS DISTINCT FROM ({WORDING.replace("NEW.", "OLD.")})
    THEN
        RAISE EXCEPTION 'the wording of a version that was submitted is fixed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0006_conversations")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
