"""Message channels, their secrets, what was done to them, and what their platforms post."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAMES = """
    DO $$
    DECLARE found record;
    BEGIN
        FOR found IN
            SELECT c.conname, c.conrelid::regclass AS tab,
                   t.relname || '_' || regexp_replace(a.attname, '_id$', '') || '_fk' AS wished
              FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.conname ~ '_[0-9a-f]{8}_fk'
               AND t.relname IN ('channel_secret', 'message_channel', 'message_channel_change', 'message_event_raw',
                                 'message_event_result', 'message_window', 'refused_callback')
        LOOP
            EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', found.tab, found.conname, found.wished);
        END LOOP;
    END $$;
"""


def finish(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the foreign keys now and not at the end, so that they get readable names as all others have."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, None)
    schema_editor.deferred_sql.clear()
    schema_editor.connection.connection.execute(NAMES)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_money'),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageEventRaw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField()),
                ('content_type', models.TextField(default='')),
                ('query', models.JSONField(default=dict)),
                ('body', models.BinaryField()),
                ('proof', models.TextField()),
            ],
            options={
                'db_table': 'message_event_raw',
            },
        ),
        migrations.CreateModel(
            name='MessageChannel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('medium', models.TextField()),
                ('kind', models.TextField()),
                ('settings', models.JSONField(default=dict)),
                ('cost_tenths', models.IntegerField(default=0)),
                ('per_second', models.IntegerField(default=10)),
                ('position', models.SmallIntegerField(default=1)),
                ('hook_digest', models.BinaryField(null=True)),
                ('since', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('author', models.TextField(default='')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider')),
            ],
            options={
                'db_table': 'message_channel',
            },
        ),
        migrations.CreateModel(
            name='ChannelSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('sealed', models.BinaryField()),
                ('changed_at', models.DateTimeField()),
                ('author', models.TextField(default='')),
                ('message_channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.messagechannel')),
            ],
            options={
                'db_table': 'channel_secret',
            },
        ),
        migrations.CreateModel(
            name='MessageChannelChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('what', models.TextField()),
                ('detail', models.JSONField(default=dict)),
                ('author', models.TextField()),
                ('message_channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.messagechannel')),
            ],
            options={
                'db_table': 'message_channel_change',
            },
        ),
        migrations.CreateModel(
            name='MessageEventTodo',
            fields=[
                ('event', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='records.messageeventraw')),
                ('due_at', models.DateTimeField()),
                ('tries', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'message_event_todo',
            },
        ),
        migrations.AddField(
            model_name='messageeventraw',
            name='message_channel',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.messagechannel'),
        ),
        migrations.CreateModel(
            name='MessageEventResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('result', models.TextField()),
                ('receipts', models.IntegerField(default=0)),
                ('inbound', models.IntegerField(default=0)),
                ('detail', models.TextField(default='')),
                ('event', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.messageeventraw')),
                ('message_channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.messagechannel')),
            ],
            options={
                'db_table': 'message_event_result',
            },
        ),
        migrations.CreateModel(
            name='MessageWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.TextField()),
                ('until', models.DateTimeField()),
                ('message_channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.messagechannel')),
            ],
            options={
                'db_table': 'message_window',
            },
        ),
        migrations.CreateModel(
            name='RefusedCallback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('why', models.TextField()),
                ('count', models.IntegerField(default=1)),
                ('last_at', models.DateTimeField()),
                ('address', models.TextField(default='')),
                ('message_channel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.messagechannel')),
            ],
            options={
                'db_table': 'refused_callback',
            },
        ),
        migrations.AddConstraint(
            model_name='messagechannel',
            constraint=models.UniqueConstraint(fields=('provider', 'name'), name='message_channel_name_once'),
        ),
        migrations.AddConstraint(
            model_name='messagechannel',
            constraint=models.UniqueConstraint(fields=('hook_digest',), name='message_channel_hook_once'),
        ),
        migrations.AddConstraint(
            model_name='messagechannel',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['apprise', 'http_gateway', 'smtp', 'web_push', 'whatsapp_cloud'])), name='message_channel_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='messagechannel',
            constraint=models.CheckConstraint(condition=models.Q(('medium__in', ['email', 'push', 'sms', 'whatsapp'])), name='message_channel_medium_known'),
        ),
        migrations.AddConstraint(
            model_name='messagechannel',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='message_channel_name_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='messagechannel',
            constraint=models.CheckConstraint(condition=models.Q(('cost_tenths__gte', 0)), name='message_channel_cost_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='messagechannel',
            constraint=models.CheckConstraint(condition=models.Q(('per_second__gt', 0)), name='message_channel_per_second_positive'),
        ),
        migrations.AddConstraint(
            model_name='channelsecret',
            constraint=models.UniqueConstraint(fields=('message_channel', 'name'), name='channel_secret_name_once'),
        ),
        migrations.AddConstraint(
            model_name='channelsecret',
            constraint=models.CheckConstraint(condition=models.Q(('name__in', ['access_token', 'app_secret', 'callback_secret', 'hook', 'password', 'token', 'url', 'vapid_key', 'verify_token'])), name='channel_secret_name_known'),
        ),
        migrations.AddIndex(
            model_name='messagechannelchange',
            index=models.Index(fields=['message_channel', '-at'], name='message_channel_change_latest'),
        ),
        migrations.AddConstraint(
            model_name='messagechannelchange',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['address_replaced', 'address_shown', 'changed', 'closed', 'created', 'secret_set', 'tested'])), name='message_channel_change_what_known'),
        ),
        migrations.AddConstraint(
            model_name='messagechannelchange',
            constraint=models.CheckConstraint(condition=models.Q(('author', ''), _negated=True), name='message_channel_change_names_person'),
        ),
        migrations.AddIndex(
            model_name='messageeventtodo',
            index=models.Index(fields=['due_at'], name='message_event_todo_due'),
        ),
        migrations.AddIndex(
            model_name='messageeventraw',
            index=models.Index(fields=['message_channel', '-received_at'], name='message_event_raw_latest'),
        ),
        migrations.AddIndex(
            model_name='messageeventraw',
            index=models.Index(fields=['received_at'], name='message_event_raw_age'),
        ),
        migrations.AddConstraint(
            model_name='messageeventraw',
            constraint=models.CheckConstraint(condition=models.Q(('proof__in', ['secret', 'signature'])), name='message_event_raw_proof_known'),
        ),
        migrations.AddIndex(
            model_name='messageeventresult',
            index=models.Index(fields=['message_channel', '-at'], name='message_event_result_latest'),
        ),
        migrations.AddConstraint(
            model_name='messageeventresult',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['done', 'failed', 'ignored'])), name='message_event_result_result_known'),
        ),
        migrations.AddIndex(
            model_name='messagewindow',
            index=models.Index(fields=['until'], name='message_window_until'),
        ),
        migrations.AddConstraint(
            model_name='messagewindow',
            constraint=models.UniqueConstraint(fields=('message_channel', 'address'), name='message_window_address_once'),
        ),
        migrations.AddConstraint(
            model_name='refusedcallback',
            constraint=models.UniqueConstraint(fields=('message_channel', 'day', 'why'), name='refused_callback_day_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='refusedcallback',
            constraint=models.CheckConstraint(condition=models.Q(('why__in', ['no_length', 'too_large', 'unknown_address', 'wrong_signature', 'wrong_token'])), name='refused_callback_why_known'),
        ),
        migrations.RunPython(finish, migrations.RunPython.noop),
    ]
