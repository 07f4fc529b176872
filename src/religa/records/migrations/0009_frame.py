"""How subscribers come in: sessions of their devices, passwords, passkeys."""

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
    FOR found IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
                  WHERE contype = 'f' AND conrelid IN ('portal_session'::regclass, 'portal_password'::regclass,
                                                       'portal_passkey'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', found.tab, found.conname,
                       found.tab || '_subscriber_fk');
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_money'),
    ]

    operations = [
        migrations.CreateModel(
            name='PortalPasskey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('credential', models.BinaryField()),
                ('public_key', models.BinaryField()),
                ('uses', models.BigIntegerField(default=0)),
                ('device', models.TextField(default='other')),
                ('since', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.subscriber')),
            ],
            options={
                'db_table': 'portal_passkey',
                'constraints': [models.UniqueConstraint(fields=('credential',), name='portal_passkey_credential_once'), models.CheckConstraint(condition=models.Q(('device__in', ['android', 'ipad', 'iphone', 'linux', 'mac', 'other', 'windows'])), name='portal_passkey_device_known'), models.CheckConstraint(condition=models.Q(('uses__gte', 0)), name='portal_passkey_uses_not_negative'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('used_at__gte', models.F('since')), _connector='OR'), name='portal_passkey_used_at_not_before_since')],
            },
        ),
        migrations.CreateModel(
            name='PortalPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.TextField()),
                ('set_at', models.DateTimeField()),
                ('failed', models.SmallIntegerField(default=0)),
                ('subscriber', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.subscriber')),
            ],
            options={
                'db_table': 'portal_password',
                'constraints': [models.UniqueConstraint(fields=('subscriber',), name='portal_password_subscriber_once'), models.CheckConstraint(condition=models.Q(('hash', ''), _negated=True), name='portal_password_hash_not_empty'), models.CheckConstraint(condition=models.Q(('failed__gte', 0)), name='portal_password_failed_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='PortalSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField()),
                ('since', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('device', models.TextField(default='other')),
                ('proof', models.TextField(default='code')),
                ('revoked_at', models.DateTimeField(null=True)),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.subscriber')),
            ],
            options={
                'db_table': 'portal_session',
                'indexes': [models.Index(fields=['ends_at'], name='portal_session_ends_at')],
                'constraints': [models.UniqueConstraint(fields=('digest',), name='portal_session_digest_once'), models.CheckConstraint(condition=models.Q(('device__in', ['android', 'ipad', 'iphone', 'linux', 'mac', 'other', 'windows'])), name='portal_session_device_known'), models.CheckConstraint(condition=models.Q(('proof__in', ['code', 'passkey', 'password'])), name='portal_session_proof_known'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gte', models.F('since')), _connector='OR'), name='portal_session_ends_at_not_before_since'), models.CheckConstraint(condition=models.Q(('seen_at__isnull', True), ('seen_at__gte', models.F('since')), _connector='OR'), name='portal_session_seen_at_not_before_since'), models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('revoked_at__gte', models.F('since')), _connector='OR'), name='portal_session_revoked_at_not_before_since')],
            },
        ),
        migrations.RunPython(finish, migrations.RunPython.noop),
    ]
