"""Programs that ask for subscribers, whom they have identified, conversations, and what came in."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Foreign keys get readable names, as all others have.
NAMES = """
    DO $$
    DECLARE found record;
    BEGIN
        FOR found IN
            SELECT c.conrelid::regclass AS tab, c.conname,
                   format('%s_%s_fk', c.conrelid::regclass, regexp_replace(a.attname, '_id$', '')) AS wished
              FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.conrelid IN ('api_client'::regclass, 'api_subject'::regclass,
                                                      'conversation'::regclass, 'inbound_message'::regclass)
        LOOP
            EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', found.tab, found.conname, found.wished);
        END LOOP;
    END $$
"""


def name_the_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the foreign keys now and not at the end, so that they can be named."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, None)
    schema_editor.deferred_sql.clear()
    schema_editor.execute(NAMES, None)



class Migration(migrations.Migration):

    dependencies = [
        ('records', '0011_frame'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('role', models.TextField()),
                ('digest', models.BinaryField()),
                ('ending', models.TextField()),
                ('addresses', models.JSONField(default=list)),
                ('per_minute', models.IntegerField()),
                ('created_at', models.DateTimeField()),
                ('created_by', models.TextField()),
                ('last_used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_by', models.TextField(default='')),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider')),
            ],
            options={
                'db_table': 'api_client',
            },
        ),
        migrations.CreateModel(
            name='ApiSubject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField()),
                ('strength', models.TextField()),
                ('number', models.TextField(default='')),
                ('contact', models.TextField(default='')),
                ('language', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.apiclient')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.subscriber')),
            ],
            options={
                'db_table': 'api_subject',
            },
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.TextField()),
                ('sender', models.TextField()),
                ('identified_at', models.DateTimeField(null=True)),
                ('step', models.TextField(default='open')),
                ('wish', models.TextField(default='')),
                ('page', models.SmallIntegerField(default=0)),
                ('protocol', models.TextField(default='')),
                ('last_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(null=True)),
                ('wrong_person_at', models.DateTimeField(null=True)),
                ('handed_over_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('taken_by', models.TextField(default='')),
                ('contract', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contract')),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider')),
                ('subscriber', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.subscriber')),
            ],
            options={
                'db_table': 'conversation',
            },
        ),
        migrations.CreateModel(
            name='InboundMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.TextField()),
                ('at', models.DateTimeField()),
                ('intent', models.TextField()),
                ('text', models.TextField(default='')),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.conversation')),
            ],
            options={
                'db_table': 'inbound_message',
            },
        ),
        migrations.AddConstraint(
            model_name='apiclient',
            constraint=models.UniqueConstraint(fields=('digest',), name='api_client_digest_once'),
        ),
        migrations.AddConstraint(
            model_name='apiclient',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('provider', 'name'), name='api_client_name_once'),
        ),
        migrations.AddConstraint(
            model_name='apiclient',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['app', 'chat', 'phone'])), name='api_client_role_known'),
        ),
        migrations.AddConstraint(
            model_name='apiclient',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='api_client_name_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='apiclient',
            constraint=models.CheckConstraint(condition=models.Q(('per_minute__gt', 0)), name='api_client_per_minute_positive'),
        ),
        migrations.AddConstraint(
            model_name='apiclient',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), models.Q(('revoked_by', ''), _negated=True), _connector='OR'), name='api_client_revocation_names_person'),
        ),
        migrations.AddIndex(
            model_name='apisubject',
            index=models.Index(fields=['expires_at'], name='api_subject_expiry'),
        ),
        migrations.AddConstraint(
            model_name='apisubject',
            constraint=models.UniqueConstraint(fields=('digest',), name='api_subject_digest_once'),
        ),
        migrations.AddConstraint(
            model_name='apisubject',
            constraint=models.CheckConstraint(condition=models.Q(('strength__in', ['caller', 'code'])), name='api_subject_strength_known'),
        ),
        migrations.AddConstraint(
            model_name='apisubject',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('strength', 'caller'), _negated=True), models.Q(('number', ''), _negated=True), _connector='OR'), name='api_subject_caller_has_number'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('handed_over_at__isnull', False)), fields=['provider', 'handed_over_at'], name='conversation_waiting'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.UniqueConstraint(fields=('provider', 'channel', 'sender'), name='conversation_once'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['confirm', 'contract', 'digits', 'menu', 'open'])), name='conversation_step_known'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('wish__in', ['', 'paid', 'pix', 'status', 'unlock'])), name='conversation_wish_known'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('subscriber__isnull', True), ('identified_at__isnull', False), _connector='OR'), name='conversation_identified_whole'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('taken_at__isnull', True), models.Q(('taken_by', ''), _negated=True), _connector='OR'), name='conversation_taken_names_person'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('taken_at__isnull', True), ('taken_at__gte', models.F('handed_over_at')), _connector='OR'), name='conversation_taken_at_not_before_handed_over_at'),
        ),
        migrations.AddIndex(
            model_name='inboundmessage',
            index=models.Index(fields=['at'], name='inbound_message_at'),
        ),
        migrations.AddConstraint(
            model_name='inboundmessage',
            constraint=models.UniqueConstraint(fields=('conversation', 'message_id'), name='inbound_message_once'),
        ),
        migrations.RunPython(name_the_keys, migrations.RunPython.noop),
    ]
