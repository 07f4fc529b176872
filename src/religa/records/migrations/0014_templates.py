"""The provider's own texts of messages, and the kinds of message that have texts."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_foreign_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """They are made at the end unless asked for, with a digest in their names."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, None)
    schema_editor.deferred_sql.clear()
    with schema_editor.connection.cursor() as cursor:
        for table in ("message_habit", "message_template"):
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", [table]
            )
            [(found,)] = cursor.fetchall()
            cursor.execute(f'ALTER TABLE {table} RENAME CONSTRAINT "{found}" TO {table}_provider_fk')


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0013_deeds'),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageHabit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sms_carries_notices', models.BooleanField()),
                ('sms_without_accents', models.BooleanField()),
                ('author', models.TextField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'message_habit',
            },
        ),
        migrations.CreateModel(
            name='MessageTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('channel', models.TextField()),
                ('language', models.TextField()),
                ('number', models.IntegerField()),
                ('origin', models.TextField(default='own')),
                ('subject', models.TextField(default='')),
                ('body', models.TextField()),
                ('author', models.TextField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'message_template',
            },
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_known',
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['agreement', 'answer', 'block_warning', 'blocked', 'code', 'contact', 'debt_notice', 'locked', 'pix', 'receipt', 'reminder', 'restored', 'termination_notice', 'termination_receipt', 'trust', 'trust_ending', 'trust_expired'])), name='message_kind_known'),
        ),
        migrations.AddField(
            model_name='messagehabit',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider'),
        ),
        migrations.AddField(
            model_name='messagetemplate',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider'),
        ),
        migrations.AddConstraint(
            model_name='messagehabit',
            constraint=models.CheckConstraint(condition=models.Q(('author', ''), _negated=True), name='message_habit_author_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.UniqueConstraint(fields=('provider', 'kind', 'channel', 'language', 'number'), name='message_template_number_once'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['agreement', 'answer', 'block_warning', 'blocked', 'code', 'contact', 'debt_notice', 'locked', 'pix', 'receipt', 'reminder', 'restored', 'termination_notice', 'termination_receipt', 'trust', 'trust_ending', 'trust_expired'])), name='message_template_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['any', 'email', 'letter', 'push', 'sms', 'whatsapp'])), name='message_template_channel_known'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es', 'pt-br'])), name='message_template_language_known'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['own', 'shipped'])), name='message_template_origin_known'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='message_template_number_positive'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='message_template_body_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(('author', ''), _negated=True), name='message_template_author_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['debt_notice', 'termination_notice']), _negated=True), ('language', 'pt-br'), _connector='OR'), name='message_template_notice_in_portuguese'),
        ),
        migrations.RunPython(name_foreign_keys, migrations.RunPython.noop),
    ]
