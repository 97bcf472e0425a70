"""A signed issue stays signed, its lines stay in it; a case is named by its number or not at all."""

from typing import Any, ClassVar

from django.db import migrations, models

# Only forwards: being compiled, then signed or given up, then handed out. And whichever of both
# issues a line is moved between, none that is signed loses or gains one.
GUARD = """
CREATE OR REPLACE FUNCTION knowledge_issue_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'signed'), ('draft', 'abandoned'), ('signed', 'distributed')
    ) THEN
        RAISE EXCEPTION 'an issue does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('signed', 'distributed') AND (
        NEW.series, NEW.year, NEW.number, NEW.name, NEW.chapters, NEW.frozen, NEW.digest,
        NEW.org_id, NEW.compiled_by_id, NEW.compiled_at, NEW.signed_by_id, NEW.signed_at
    ) IS DISTINCT FROM (
        OLD.series, OLD.year, OLD.number, OLD.name, OLD.chapters, OLD.frozen, OLD.digest,
        OLD.org_id, OLD.compiled_by_id, OLD.compiled_at, OLD.signed_by_id, OLD.signed_at
    ) THEN
        RAISE EXCEPTION 'a signed issue is fixed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION knowledge_issueline_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before bigint;
    after bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN before := OLD.issue_id; END IF;
    IF TG_OP <> 'DELETE' THEN after := NEW.issue_id; END IF;
    IF EXISTS (
        SELECT 1 FROM knowledge_issue WHERE id IN (before, after) AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'the lines of a signed issue are fixed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""
UNGUARD = """
CREATE OR REPLACE FUNCTION knowledge_issue_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('signed', 'distributed') AND (
        NEW.series, NEW.year, NEW.number, NEW.name, NEW.chapters, NEW.frozen, NEW.digest,
        NEW.signed_by_id, NEW.signed_at
    ) IS DISTINCT FROM (
        OLD.series, OLD.year, OLD.number, OLD.name, OLD.chapters, OLD.frozen, OLD.digest,
        OLD.signed_by_id, OLD.signed_at
    ) THEN
        RAISE EXCEPTION 'a signed issue is fixed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION knowledge_issueline_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line knowledge_issueline;
BEGIN
    IF TG_OP = 'DELETE' THEN line := OLD; ELSE line := NEW; END IF;
    IF EXISTS (
        SELECT 1 FROM knowledge_issue WHERE id = line.issue_id AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'the lines of a signed issue are fixed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN line;
END $$;
"""
# What was typed there before and is no number of a case may be anybody's own number.
CLEAN = """
UPDATE knowledge_feedback SET "case" = '' WHERE "case" !~ '^20[0-9]{2}-[0-9]{7}$';
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[Any]] = [("knowledge", "0007_no_way_back")]

    operations: ClassVar[list[Any]] = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(CLEAN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("case", ""), ("case__regex", "^20[0-9]{2}-[0-9]{7}$"), _connector="OR"
                ),
                name="a_case_is_named_by_its_number",
            ),
        ),
    ]
