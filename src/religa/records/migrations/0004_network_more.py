"""What Django's models cannot say of the tables of 0003; apart from it, because foreign keys are made last."""

from django.db import migrations

MORE = """
    ALTER TABLE session_log ADD COLUMN applied_until timestamptz, ADD COLUMN verified_at timestamptz;
    CREATE INDEX session_live_framed_ipv6 ON session_live USING gist (framed_ipv6_prefix inet_ops);
    CREATE INDEX session_log_delegated_ipv6 ON session_log USING gist (delegated_ipv6_prefix inet_ops);
    DROP TABLE IF EXISTS radius.reply_template CASCADE;  -- has got another form, and is made again with the functions

    -- Foreign keys get readable names, as in `guarantees.sql`.
    DO $$
    DECLARE found record;
    BEGIN
        FOR found IN
            SELECT c.conname, c.conrelid::regclass AS tab,
                   t.relname || '_' || regexp_replace(a.attname, '_id$', '') || '_fk' AS wished
              FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.conname ~ '_[0-9a-f]{8}_fk'
               AND t.relname IN ('coa_log', 'incident', 'nas_health', 'session_read')
        LOOP
            EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', found.tab, found.conname, found.wished);
        END LOOP;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0003_network")]
    operations = [migrations.RunSQL(MORE, migrations.RunSQL.noop)]
