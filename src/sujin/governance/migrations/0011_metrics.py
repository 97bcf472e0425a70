"""The cube, and the marks that the database itself makes with every change of what it sums up.

A migration that alters the type of a column named here drops the trigger first and makes it again.
"""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

# A mark for each day that a moment lies in; of no moment none.
KEEP = """
CREATE FUNCTION governance_mark_days(variadic told text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO governance_mark (moment, day)
    SELECT DISTINCT told[at], (told[at + 1]::timestamptz AT TIME ZONE 'Asia/Shanghai')::date
    FROM generate_series(1, cardinality(told), 2) AS at WHERE told[at + 1] IS NOT NULL;
$$;
CREATE FUNCTION governance_mark_more(found bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO governance_mark (moment, day)
    SELECT moment, (at AT TIME ZONE 'Asia/Shanghai')::date FROM (
        SELECT 'answered' AS moment, answered_at AS at FROM complaints_course
            WHERE complaint_id = found
        UNION SELECT 'contacted', contacted_at FROM complaints_course WHERE complaint_id = found
        UNION SELECT 'reviewed', decided_at FROM complaints_review WHERE complaint_id = found
        UNION SELECT 'promised', due_at FROM complaints_promise WHERE complaint_id = found
    ) AS moments WHERE at IS NOT NULL;
$$;
CREATE FUNCTION governance_mark_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO governance_mark (moment, day)
    SELECT DISTINCT moment, (at AT TIME ZONE 'Asia/Shanghai')::date
    FROM added LEFT JOIN complaints_complaint AS earlier ON earlier.id = added.repeat_of_id,
    LATERAL (VALUES ('received', added.received_at), ('closed', added.closed_at),
        ('called', added.called_back_at), ('closed', earlier.closed_at)) AS moments (moment, at)
    WHERE at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION governance_mark_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM governance_mark_days(
        'received', OLD.received_at::text, 'received', NEW.received_at::text,
        'closed', OLD.closed_at::text, 'closed', NEW.closed_at::text,
        'called', OLD.called_back_at::text, 'called', NEW.called_back_at::text
    );
    IF (OLD.repeat_of_id, OLD.received_at) IS DISTINCT FROM (NEW.repeat_of_id, NEW.received_at) THEN
        INSERT INTO governance_mark (moment, day)
        SELECT 'closed', (closed_at AT TIME ZONE 'Asia/Shanghai')::date FROM complaints_complaint
        WHERE id IN (OLD.repeat_of_id, NEW.repeat_of_id) AND closed_at IS NOT NULL;
    END IF;
    IF (OLD.kind, OLD.origin_id, OLD.line, OLD.received_at)
        IS DISTINCT FROM (NEW.kind, NEW.origin_id, NEW.line, NEW.received_at) THEN
        PERFORM governance_mark_more(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION governance_mark_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM governance_mark_days('received', OLD.received_at::text,
        'closed', OLD.closed_at::text, 'called', OLD.called_back_at::text);
    INSERT INTO governance_mark (moment, day)
    SELECT 'closed', (closed_at AT TIME ZONE 'Asia/Shanghai')::date FROM complaints_complaint
    WHERE id = OLD.repeat_of_id AND closed_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION governance_mark_course() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM governance_mark_days('answered', OLD.answered_at::text,
            'contacted', OLD.contacted_at::text);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM governance_mark_days('answered', NEW.answered_at::text,
            'contacted', NEW.contacted_at::text);
    END IF;
    INSERT INTO governance_mark (moment, day)
    SELECT moment, (at AT TIME ZONE 'Asia/Shanghai')::date FROM complaints_complaint,
    LATERAL (VALUES ('received', received_at), ('closed', closed_at)) AS moments (moment, at)
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.complaint_id ELSE NEW.complaint_id END
        AND at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION governance_mark_overrun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO governance_mark (moment, day)
    SELECT 'answered', (answered_at AT TIME ZONE 'Asia/Shanghai')::date FROM complaints_course
    WHERE complaint_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.complaint_id ELSE NEW.complaint_id END
        AND answered_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION governance_mark_rung() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO governance_mark (moment, day)
    SELECT 'closed', (closed_at AT TIME ZONE 'Asia/Shanghai')::date FROM complaints_complaint
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.complaint_id ELSE NEW.complaint_id END
        AND closed_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION governance_mark_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM governance_mark_days('reviewed', OLD.decided_at::text);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM governance_mark_days('reviewed', NEW.decided_at::text);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION governance_mark_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM governance_mark_days('promised', OLD.due_at::text);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM governance_mark_days('promised', NEW.due_at::text);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION governance_mark_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM governance_mark;
    DELETE FROM governance_daysum;
    DELETE FROM governance_monthsum;
    RETURN NULL;
END $$;
CREATE TRIGGER governance_mark_added
    AFTER INSERT ON complaints_complaint REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION governance_mark_added();
CREATE TRIGGER governance_mark_changed
    AFTER UPDATE ON complaints_complaint FOR EACH ROW WHEN ((
        OLD.kind, OLD.origin_id, OLD.line, OLD.lane, OLD.channel, OLD.vulnerable, OLD.counted,
        OLD.business = '', OLD.cause = '', OLD.touchpoint = '', OLD.fault = '', OLD.finding,
        OLD.satisfied, OLD.repeat_of_id, OLD.merged_into_id, OLD.received_at, OLD.closed_at,
        OLD.called_back_at
    ) IS DISTINCT FROM (
        NEW.kind, NEW.origin_id, NEW.line, NEW.lane, NEW.channel, NEW.vulnerable, NEW.counted,
        NEW.business = '', NEW.cause = '', NEW.touchpoint = '', NEW.fault = '', NEW.finding,
        NEW.satisfied, NEW.repeat_of_id, NEW.merged_into_id, NEW.received_at, NEW.closed_at,
        NEW.called_back_at
    )) EXECUTE FUNCTION governance_mark_changed();
CREATE TRIGGER governance_mark_removed
    AFTER DELETE ON complaints_complaint
    FOR EACH ROW EXECUTE FUNCTION governance_mark_removed();
CREATE TRIGGER governance_mark_emptied
    AFTER TRUNCATE ON complaints_complaint
    FOR EACH STATEMENT EXECUTE FUNCTION governance_mark_emptied();
CREATE TRIGGER governance_mark_course_new
    AFTER INSERT OR DELETE ON complaints_course
    FOR EACH ROW EXECUTE FUNCTION governance_mark_course();
CREATE TRIGGER governance_mark_course
    AFTER UPDATE ON complaints_course FOR EACH ROW WHEN ((
        OLD.complaint_id, OLD.is_history, OLD.first_desk_id, OLD.hops, OLD.hand_backs,
        OLD.layer_first, OLD.on_the_spot, OLD.outlet_minutes, OLD.contacted_at, OLD.answered_at
    ) IS DISTINCT FROM (
        NEW.complaint_id, NEW.is_history, NEW.first_desk_id, NEW.hops, NEW.hand_backs,
        NEW.layer_first, NEW.on_the_spot, NEW.outlet_minutes, NEW.contacted_at, NEW.answered_at
    )) EXECUTE FUNCTION governance_mark_course();
CREATE TRIGGER governance_mark_overrun
    AFTER INSERT OR UPDATE OR DELETE ON complaints_overrun
    FOR EACH ROW EXECUTE FUNCTION governance_mark_overrun();
CREATE TRIGGER governance_mark_rung
    AFTER INSERT OR UPDATE OR DELETE ON complaints_rung
    FOR EACH ROW EXECUTE FUNCTION governance_mark_rung();
CREATE TRIGGER governance_mark_review
    AFTER INSERT OR UPDATE OR DELETE ON complaints_review
    FOR EACH ROW EXECUTE FUNCTION governance_mark_review();
CREATE TRIGGER governance_mark_promise
    AFTER INSERT OR UPDATE OR DELETE ON complaints_promise
    FOR EACH ROW EXECUTE FUNCTION governance_mark_promise();
"""
LEAVE = """
DROP TRIGGER governance_mark_promise ON complaints_promise;
DROP TRIGGER governance_mark_review ON complaints_review;
DROP TRIGGER governance_mark_rung ON complaints_rung;
DROP TRIGGER governance_mark_overrun ON complaints_overrun;
DROP TRIGGER governance_mark_course ON complaints_course;
DROP TRIGGER governance_mark_course_new ON complaints_course;
DROP TRIGGER governance_mark_emptied ON complaints_complaint;
DROP TRIGGER governance_mark_removed ON complaints_complaint;
DROP TRIGGER governance_mark_changed ON complaints_complaint;
DROP TRIGGER governance_mark_added ON complaints_complaint;
DROP FUNCTION governance_mark_emptied();
DROP FUNCTION governance_mark_promise();
DROP FUNCTION governance_mark_review();
DROP FUNCTION governance_mark_rung();
DROP FUNCTION governance_mark_overrun();
DROP FUNCTION governance_mark_course();
DROP FUNCTION governance_mark_removed();
DROP FUNCTION governance_mark_changed();
DROP FUNCTION governance_mark_added();
DROP FUNCTION governance_mark_more(bigint);
DROP FUNCTION governance_mark_days(text[]);
"""
# What there is already waits to be summed: the worker does it within the minute.
BEGIN = """
INSERT INTO governance_mark (moment, day)
SELECT DISTINCT moment, (at AT TIME ZONE 'Asia/Shanghai')::date FROM (
    SELECT 'received' AS moment, received_at AS at FROM complaints_complaint
    UNION ALL SELECT 'closed', closed_at FROM complaints_complaint
    UNION ALL SELECT 'called', called_back_at FROM complaints_complaint
    UNION ALL SELECT 'answered', answered_at FROM complaints_course
    UNION ALL SELECT 'contacted', contacted_at FROM complaints_course
    UNION ALL SELECT 'reviewed', decided_at FROM complaints_review
    UNION ALL SELECT 'promised', due_at FROM complaints_promise
) AS moments WHERE at IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0010_ledger'),
        ('complaints', '0020_moments'),
    ]

    operations = [
        migrations.CreateModel(
            name='DaySum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fact', models.CharField(max_length=24)),
                ('scope', models.CharField(max_length=40)),
                ('n', models.IntegerField()),
                ('hits', models.IntegerField()),
                ('day', models.DateField()),
                ('values', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scope', 'fact', 'day'), include=('n', 'hits'), name='a_day_is_summed_once')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.CharField(max_length=12)),
                ('day', models.DateField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['day', 'moment'], name='mark_day')],
            },
        ),
        migrations.CreateModel(
            name='MonthSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fact', models.CharField(max_length=24)),
                ('scope', models.CharField(max_length=40)),
                ('n', models.IntegerField()),
                ('hits', models.IntegerField()),
                ('month', models.DateField()),
                ('median', models.IntegerField(null=True)),
                ('p90', models.IntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scope', 'month', 'fact'), name='a_month_is_summed_once')],
            },
        ),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
