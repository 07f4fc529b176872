"""On which devices subscribers want to be told something."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def finish(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the foreign keys now and not at the end, and gives them readable names as all others have."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, None)
    schema_editor.deferred_sql.clear()
    schema_editor.connection.connection.execute(NAMES)


NAMES = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT c.conname, 'push_subscription_' || regexp_replace(a.attname, '_id$', '') || '_fk' AS wished
          FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.conrelid = 'push_subscription'::regclass
    LOOP
        EXECUTE format('ALTER TABLE push_subscription RENAME CONSTRAINT %I TO %I', found.conname, found.wished);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0015_sending'),
    ]

    operations = [
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField()),
                ('sealed', models.BinaryField(null=True)),
                ('device', models.TextField(default='other')),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.TextField(default='')),
                ('message_channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.messagechannel')),
                ('portal_session', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.portalsession')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.subscriber')),
            ],
            options={
                'db_table': 'push_subscription',
                'indexes': [models.Index(fields=['ended_at'], name='push_subscription_ended_at')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('digest',), name='push_subscription_digest_once'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('portal_session',), name='push_subscription_session_once'), models.CheckConstraint(condition=models.Q(('device__in', ['android', 'ipad', 'iphone', 'linux', 'mac', 'other', 'windows'])), name='push_subscription_device_known'), models.CheckConstraint(condition=models.Q(('why__in', ['', 'gone', 'replaced', 'signed_out', 'switched_off'])), name='push_subscription_why_known'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('created_at')), _connector='OR'), name='push_subscription_ended_at_not_before_created_at'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('why', '')), models.Q(('ended_at__isnull', False), models.Q(('why', ''), _negated=True)), _connector='OR'), name='push_subscription_ended_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('sealed__isnull', False)), models.Q(('ended_at__isnull', False), ('sealed__isnull', True)), _connector='OR'), name='push_subscription_sealed_while_living')],
            },
        ),
        migrations.RunPython(finish, migrations.RunPython.noop),
    ]
