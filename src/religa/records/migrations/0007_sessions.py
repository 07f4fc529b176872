"""Session log: partitions that can still be made when rows came first, and what staff's questions need."""

import django.db.models.deletion
from django.db import migrations, models

MORE = """
    -- A Stop that comes before the month's partition is made lies in the default one, and PostgreSQL then refuses to make
    -- that partition: its rows move into it. Nobody writes to the log meanwhile.
    CREATE OR REPLACE FUNCTION make_session_partition(month date) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        first date := date_trunc('month', month);
        name text := 'session_log_' || to_char(first, 'YYYY_MM');
        since timestamptz := first::timestamp AT TIME ZONE 'UTC';
        following timestamptz := (first + interval '1 month')::timestamp AT TIME ZONE 'UTC';
    BEGIN
        IF to_regclass(name) IS NOT NULL THEN
            RETURN;
        END IF;
        LOCK TABLE session_log IN ACCESS EXCLUSIVE MODE;
        IF to_regclass(name) IS NOT NULL THEN  -- another worker was quicker
            RETURN;
        END IF;
        EXECUTE format('CREATE TABLE %I (LIKE session_log INCLUDING ALL)', name);
        EXECUTE format('WITH moved AS (DELETE FROM session_log_default WHERE stopped_at >= %L AND stopped_at < %L'
                       ' RETURNING *) INSERT INTO %I SELECT * FROM moved', since, following, name);
        EXECUTE format('ALTER TABLE session_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       name, since, following);
    END $$;

    -- Months of the log that the law does not ask for any more (Marco Civil art. 13), the oldest first.
    CREATE FUNCTION old_session_partitions(at timestamptz) RETURNS SETOF date
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT month FROM (
            SELECT to_date(right(c.relname, 7), 'YYYY_MM') AS month
              FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'session_log'::regclass AND c.relname ~ '^session_log_[0-9]{4}_[0-9]{2}$') made
         WHERE month + interval '13 months' <= least(at, now()) ORDER BY month
    $$;
    REVOKE ALL ON FUNCTION old_session_partitions(timestamptz) FROM PUBLIC;

    -- "Who had this prefix": as session_log_delegated_ipv6.
    CREATE INDEX session_log_framed_ipv6 ON session_log USING gist (framed_ipv6_prefix inet_ops);
"""

# By hand, so that the foreign key has a readable name: Django makes its own at the very end of a migration.
PROVIDER = """
    ALTER TABLE session_read ADD COLUMN provider_id bigint
        CONSTRAINT session_read_provider_fk REFERENCES provider DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_nas_test")]
    operations = [
        migrations.RunSQL(
            PROVIDER,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AddField(
                    model_name="sessionread",
                    name="provider",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                )
            ],
        ),
        migrations.AddField(
            model_name="sessionread", name="reason", field=models.TextField(db_default="", default="")
        ),
        migrations.AddIndex(
            model_name="sessionread", index=models.Index(fields=["at"], name="session_read_at")
        ),
        migrations.AddIndex(
            model_name="sessionread",
            index=models.Index(fields=["provider", "at"], name="session_read_provider"),
        ),
        migrations.AddIndex(
            model_name="sessionlive",
            index=models.Index(
                fields=["push_after"],
                name="session_live_pending",
                condition=models.Q(push_tries__gt=0),
            ),
        ),
        migrations.RunSQL(MORE, migrations.RunSQL.noop),
    ]
