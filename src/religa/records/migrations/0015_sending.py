"""Sending: one row for each way, events, receipts, the pace of channels, closed addresses, words about trust."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def finish(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the foreign keys now and not at the end, so that they get readable names as all others have."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, None)
    schema_editor.deferred_sql.clear()
    schema_editor.connection.connection.execute(READABLE_NAMES)


READABLE_NAMES = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT c.conname, c.conrelid::regclass AS tab,
               t.relname || '_' || regexp_replace(a.attname, '_id$', '') || '_fk' AS wished
          FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.conname ~ '_[0-9a-f]{8}_fk' AND t.relnamespace = 'public'::regnamespace
           AND t.relname IN ('channel_pace', 'delivery_event', 'message', 'message_event', 'message_notice',
                             'message_receipt')
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', found.tab, found.conname, found.wished);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0014_templates'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelPace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.TextField()),
                ('per_second', models.DecimalField(decimal_places=3, max_digits=10)),
                ('tokens', models.FloatField(default=0)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'channel_pace',
            },
        ),
        migrations.CreateModel(
            name='DoNotContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.TextField(default='')),
                ('address', models.TextField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('why', models.TextField()),
                ('ended_by', models.TextField(default='')),
            ],
            options={
                'db_table': 'do_not_contact',
            },
        ),
        migrations.CreateModel(
            name='MessageEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('state', models.TextField()),
                ('channel', models.TextField()),
                ('provider_message_id', models.TextField(default='')),
                ('detail', models.TextField(default='')),
            ],
            options={
                'db_table': 'message_event',
            },
        ),
        migrations.CreateModel(
            name='MessageNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'db_table': 'message_notice',
            },
        ),
        migrations.CreateModel(
            name='MessageReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.TextField()),
                ('provider_message_id', models.TextField()),
                ('state', models.TextField()),
                ('at', models.DateTimeField()),
                ('error', models.TextField(default='')),
                ('permanent', models.BooleanField(default=False)),
                ('known_at', models.DateTimeField()),
                ('named', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'message_receipt',
            },
        ),
        migrations.RemoveConstraint(
            model_name='deliveryevent',
            name='delivery_event_evidence_known',
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_state_known',
        ),
        migrations.RemoveIndex(
            model_name='message',
            name='message_queued',
        ),
        migrations.AddField(
            model_name='message',
            name='claimed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='contact_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='priority',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='message',
            name='send_after',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='send_before',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='subscriberphone',
            name='wrong_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='trustunlock',
            name='warned_hours',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='deliveryevent',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.message'),
        ),
        migrations.AddIndex(
            model_name='deliveryevent',
            index=models.Index(condition=models.Q(('evidence__in', ('failed', 'withdrawn'))), fields=['notice'], name='delivery_event_failed'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['provider', 'channel', 'priority', 'id'], name='message_queued'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'sending')), fields=['claimed_at'], name='message_sending'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'sent')), fields=['sent_at'], name='message_sent_lately'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['address'], name='message_address'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('notice__isnull', False), ('state__in', ('failed', 'unknown'))), fields=['notice'], name='message_notice_failed'),
        ),
        migrations.AddConstraint(
            model_name='deliveryevent',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__in', ['delivered', 'failed', 'none', 'sent', 'withdrawn'])), name='delivery_event_evidence_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['agreement', 'answer', 'block_warning', 'blocked', 'code', 'contact', 'debt_notice', 'locked', 'pix', 'receipt', 'reminder', 'restored', 'termination_notice', 'termination_receipt', 'trust', 'trust_ending', 'trust_expired'])), name='message_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['failed', 'queued', 'sending', 'sent', 'unknown', 'withdrawn'])), name='message_state_known'),
        ),
        migrations.RunSQL("UPDATE message SET claimed_at = coalesce(sent_at, created_at) WHERE state = 'sending'", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('claimed_at__isnull', False), _connector='OR'), name='message_sending_has_time'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(condition=models.Q(('contact_day__isnull', False)), fields=('subscriber', 'contact_day'), name='message_one_collection_a_day'),
        ),
        migrations.AddConstraint(
            model_name='trustunlock',
            constraint=models.CheckConstraint(condition=models.Q(('warned_hours__isnull', True), ('warned_hours__in', [2, 24]), _connector='OR'), name='trust_unlock_warned_hours_known'),
        ),
        migrations.AddField(
            model_name='channelpace',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider'),
        ),
        migrations.AddConstraint(
            model_name='donotcontact',
            constraint=models.CheckConstraint(condition=models.Q(('why__in', ['asked', 'bounced', 'wrong_person'])), name='do_not_contact_why_known'),
        ),
        migrations.AddConstraint(
            model_name='donotcontact',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='do_not_contact_until_not_before_since'),
        ),
        migrations.AddConstraint(
            model_name='donotcontact',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('address', 'channel'), name='do_not_contact_open_once'),
        ),
        migrations.AddField(
            model_name='messageevent',
            name='message',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.message'),
        ),
        migrations.AddField(
            model_name='messagenotice',
            name='message',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.message'),
        ),
        migrations.AddField(
            model_name='messagenotice',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.notice'),
        ),
        migrations.AddField(
            model_name='messagereceipt',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.message'),
        ),
        migrations.AddConstraint(
            model_name='channelpace',
            constraint=models.UniqueConstraint(fields=('provider', 'channel'), name='channel_pace_once'),
        ),
        migrations.AddConstraint(
            model_name='channelpace',
            constraint=models.CheckConstraint(condition=models.Q(('per_second__gt', 0)), name='channel_pace_positive'),
        ),
        migrations.AddConstraint(
            model_name='messageevent',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['bounced', 'delivered', 'failed', 'queued', 'read', 'sent'])), name='message_event_state_known'),
        ),
        migrations.AddConstraint(
            model_name='messageevent',
            constraint=models.UniqueConstraint(fields=('message', 'state'), name='message_event_once'),
        ),
        migrations.AddConstraint(
            model_name='messagenotice',
            constraint=models.UniqueConstraint(fields=('message', 'notice'), name='message_notice_once'),
        ),
        migrations.AddIndex(
            model_name='messagereceipt',
            index=models.Index(condition=models.Q(('message__isnull', True)), fields=['known_at'], name='message_receipt_waiting'),
        ),
        migrations.AddConstraint(
            model_name='messagereceipt',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['delivered', 'failed', 'read', 'sent'])), name='message_receipt_state_known'),
        ),
        migrations.AddConstraint(
            model_name='messagereceipt',
            constraint=models.UniqueConstraint(fields=('channel', 'provider_message_id', 'state'), name='message_receipt_once'),
        ),
        migrations.RunPython(finish, migrations.RunPython.noop),
    ]
