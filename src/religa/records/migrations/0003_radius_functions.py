"""Schema `radius`: what FreeRADIUS may ask. Each file may be run again; a later change is a new migration that does."""

from importlib.resources import files

from django.db import migrations

# In the order of their names. Going back leaves the schema itself and radius_secret, which 0002 made.
FORGET = """
DO $$
BEGIN
    DROP TABLE radius.reply_template;
    EXECUTE (SELECT 'DROP FUNCTION ' || string_agg(oid::regprocedure::text, ', ')
               FROM pg_proc WHERE pronamespace = 'radius'::regnamespace);
    DROP TYPE radius.item, radius.told;
    DROP TABLE radius.reply;
END $$;
"""


def define(apps, schema_editor):
    folder = files("religa.records") / "sql" / "radius"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        schema_editor.connection.connection.execute(file.read_text())


def forget(apps, schema_editor):
    schema_editor.connection.connection.execute(FORGET)


class Migration(migrations.Migration):
    dependencies = [("records", "0002_integrity")]
    operations = [migrations.RunPython(define, forget)]
