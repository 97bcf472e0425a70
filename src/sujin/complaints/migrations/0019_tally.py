"""The tally: a line with every case and every change of one, whoever makes it and by whatever
statement; and the cases there are already, summed."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

# A change that moves no count does not even call the function. To alter the type of a column that
# is named here, a migration drops the trigger first and creates it again.
KEEP = """
CREATE FUNCTION complaints_tally_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO complaints_tally
        (day, kind, origin_id, business, cause, touchpoint, cases, repeats)
    SELECT (received_at AT TIME ZONE 'Asia/Shanghai')::date, kind, origin_id, business, cause,
        touchpoint, sum(counted::int),
        sum((repeat_of_id IS NOT NULL AND merged_into_id IS NULL)::int)
    FROM added GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(counted::int) <> 0
        OR sum((repeat_of_id IS NOT NULL AND merged_into_id IS NULL)::int) <> 0;
    RETURN NULL;
END $$;
CREATE FUNCTION complaints_tally_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO complaints_tally
        (day, kind, origin_id, business, cause, touchpoint, cases, repeats)
    SELECT (received_at AT TIME ZONE 'Asia/Shanghai')::date, kind, origin_id, business, cause,
        touchpoint, -sum(counted::int),
        -sum((repeat_of_id IS NOT NULL AND merged_into_id IS NULL)::int)
    FROM removed GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(counted::int) <> 0
        OR sum((repeat_of_id IS NOT NULL AND merged_into_id IS NULL)::int) <> 0;
    RETURN NULL;
END $$;
CREATE FUNCTION complaints_tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO complaints_tally
        (day, kind, origin_id, business, cause, touchpoint, cases, repeats)
    SELECT * FROM (VALUES (
        (OLD.received_at AT TIME ZONE 'Asia/Shanghai')::date, OLD.kind, OLD.origin_id,
        OLD.business, OLD.cause, OLD.touchpoint, -(OLD.counted::int),
        -(OLD.repeat_of_id IS NOT NULL AND OLD.merged_into_id IS NULL)::int
    ), (
        (NEW.received_at AT TIME ZONE 'Asia/Shanghai')::date, NEW.kind, NEW.origin_id,
        NEW.business, NEW.cause, NEW.touchpoint, NEW.counted::int,
        (NEW.repeat_of_id IS NOT NULL AND NEW.merged_into_id IS NULL)::int
    )) AS sides (day, kind, origin_id, business, cause, touchpoint, cases, repeats)
    WHERE cases <> 0 OR repeats <> 0;
    RETURN NULL;
END $$;
CREATE FUNCTION complaints_tally_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM complaints_tally;
    DELETE FROM complaints_tallycell;
    DELETE FROM complaints_tallyboard;
    RETURN NULL;
END $$;
CREATE TRIGGER complaints_tally_added
    AFTER INSERT ON complaints_complaint REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_tally_added();
CREATE TRIGGER complaints_tally_removed
    AFTER DELETE ON complaints_complaint REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_tally_removed();
CREATE TRIGGER complaints_tally_moved
    AFTER UPDATE ON complaints_complaint FOR EACH ROW WHEN ((
        OLD.received_at, OLD.kind, OLD.origin_id, OLD.business, OLD.cause, OLD.touchpoint,
        OLD.counted, OLD.repeat_of_id, OLD.merged_into_id
    ) IS DISTINCT FROM (
        NEW.received_at, NEW.kind, NEW.origin_id, NEW.business, NEW.cause, NEW.touchpoint,
        NEW.counted, NEW.repeat_of_id, NEW.merged_into_id
    )) EXECUTE FUNCTION complaints_tally_moved();
CREATE TRIGGER complaints_tally_emptied
    AFTER TRUNCATE ON complaints_complaint
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_tally_emptied();
"""
LEAVE = """
DROP TRIGGER complaints_tally_emptied ON complaints_complaint;
DROP TRIGGER complaints_tally_moved ON complaints_complaint;
DROP TRIGGER complaints_tally_removed ON complaints_complaint;
DROP TRIGGER complaints_tally_added ON complaints_complaint;
DROP FUNCTION complaints_tally_emptied();
DROP FUNCTION complaints_tally_moved();
DROP FUNCTION complaints_tally_removed();
DROP FUNCTION complaints_tally_added();
"""
# The triggers' locks hold every writer off until this has committed.
COUNT = """
INSERT INTO complaints_tallycell
    (day, kind, origin_id, business, cause, touchpoint, cases, repeats)
SELECT (received_at AT TIME ZONE 'Asia/Shanghai')::date, kind, origin_id, business, cause,
    touchpoint, sum(counted::int), sum((repeat_of_id IS NOT NULL AND merged_into_id IS NULL)::int)
FROM complaints_complaint GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(counted::int) <> 0
    OR sum((repeat_of_id IS NOT NULL AND merged_into_id IS NULL)::int) <> 0;
INSERT INTO complaints_tallyboard (day, kind, org_id, business, cases, repeats)
SELECT day, kind, org_id, business, sum(cases), sum(repeats) FROM complaints_tallycell
JOIN (
    SELECT id AS origin_id, unnest((string_to_array(rtrim(path, '/'), '/')::bigint[])[1:2]) AS org_id
    FROM platform_org
) AS lineage USING (origin_id) GROUP BY 1, 2, 3, 4;
"""
COUNTED: list[tuple[str, Any]] = [
    (
        "id",
        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
    ),
    ("day", models.DateField()),
    ("kind", models.CharField(max_length=16)),
    ("business", models.CharField(max_length=60)),
    ("cases", models.IntegerField()),
    ("repeats", models.IntegerField()),
]


def org() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="platform.org",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar[list[Any]] = [
        ("complaints", "0018_whose_it_is"),
        ("platform", "0005_stand_ins"),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                *COUNTED,
                ("cause", models.CharField(max_length=60)),
                ("touchpoint", models.CharField(max_length=60)),
                ("origin", org()),
            ],
            options={
                "verbose_name_plural": "tally lines",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cases", 0), _negated=True),
                            models.Q(("repeats", 0), _negated=True),
                            _connector="OR",
                        ),
                        name="a_line_counts_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TallyBoard",
            fields=[*COUNTED, ("org", org())],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org", "kind", "day", "business"),
                        include=("cases", "repeats"),
                        name="a_board_has_one_sum",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TallyCell",
            fields=[
                *COUNTED,
                ("cause", models.CharField(max_length=60)),
                ("touchpoint", models.CharField(max_length=60)),
                ("origin", org()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("origin", "kind", "day", "business", "cause", "touchpoint"),
                        name="a_cell_has_one_sum",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
