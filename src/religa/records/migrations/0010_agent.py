"""Contacts with their promises, addresses and how they changed, notices proven by hand, and the dossiers made."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RENAME = """
    DO $$
    DECLARE key record;
    BEGIN
        FOR key IN
            SELECT c.conname AS found, t.relname AS owner, regexp_replace(a.attname, '_id$', '') AS names
              FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
              JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND t.relname IN ('contact', 'address_check', 'address_change', 'notice_proof', 'dossier')
        LOOP
            EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO %I', key.owner, key.found,
                           key.owner || '_' || key.names || '_fk');
        END LOOP;
    END $$
"""


def name_the_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the foreign keys now and not at the end, so that they get readable names as all others have."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, None)
    schema_editor.deferred_sql.clear()
    schema_editor.execute(RENAME, None)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0009_channels'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('old', models.TextField(default='')),
                ('new', models.TextField()),
                ('at', models.DateTimeField()),
                ('author', models.TextField()),
                ('reason', models.TextField()),
            ],
            options={
                'db_table': 'address_change',
            },
        ),
        migrations.CreateModel(
            name='AddressCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('old', models.TextField(default='')),
                ('new', models.TextField()),
                ('whatsapp', models.BooleanField(default=False)),
                ('digest', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('attempts', models.SmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('author', models.TextField()),
                ('reason', models.TextField()),
            ],
            options={
                'db_table': 'address_check',
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('protocol', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('registered_at', models.DateTimeField()),
                ('means', models.TextField()),
                ('caller', models.TextField()),
                ('caller_name', models.TextField(default='')),
                ('about', models.TextField()),
                ('promised_on', models.DateField(null=True)),
                ('promised_amount', models.BigIntegerField(null=True)),
                ('recording', models.TextField(default='')),
                ('notes', models.TextField()),
                ('author', models.TextField()),
            ],
            options={
                'db_table': 'contact',
            },
        ),
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('who', models.TextField()),
                ('reason', models.TextField()),
                ('sha256', models.TextField()),
            ],
            options={
                'db_table': 'dossier',
            },
        ),
        migrations.CreateModel(
            name='NoticeProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('given_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('tracking_code', models.TextField(default='')),
                ('received_by', models.TextField()),
                ('protocol', models.TextField(default='')),
                ('recording', models.TextField(default='')),
                ('reference', models.TextField(default='')),
                ('scan_sha256', models.TextField(default='')),
                ('statement', models.TextField()),
                ('author', models.TextField()),
            ],
            options={
                'db_table': 'notice_proof',
            },
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_kind_known',
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['answer', 'block_warning', 'code', 'contact', 'debt_notice', 'pix', 'receipt', 'reminder', 'restored', 'termination_notice', 'trust'])), name='message_kind_known'),
        ),
        migrations.AddField(
            model_name='addresschange',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contract'),
        ),
        migrations.AddField(
            model_name='addresschange',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.subscriber'),
        ),
        migrations.AddField(
            model_name='addresscheck',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contract'),
        ),
        migrations.AddField(
            model_name='addresscheck',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.subscriber'),
        ),
        migrations.AddField(
            model_name='contact',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contract'),
        ),
        migrations.AddField(
            model_name='contact',
            name='corrects',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contact'),
        ),
        migrations.AddField(
            model_name='contact',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contract'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider'),
        ),
        migrations.AddField(
            model_name='noticeproof',
            name='notice',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.notice'),
        ),
        migrations.AddConstraint(
            model_name='addresschange',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['email', 'phone'])), name='address_change_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='addresschange',
            constraint=models.CheckConstraint(condition=models.Q(('new', ''), _negated=True), name='address_change_new_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='addresschange',
            constraint=models.CheckConstraint(condition=models.Q(('author', ''), ('reason', ''), _connector='OR', _negated=True), name='address_change_names_person_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='addresscheck',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['email', 'phone'])), name='address_check_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='addresscheck',
            constraint=models.CheckConstraint(condition=models.Q(('new', ''), _negated=True), name='address_check_new_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='addresscheck',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gte', models.F('created_at')), _connector='OR'), name='address_check_expires_at_not_before_created_at'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', True)), fields=('provider', 'protocol'), name='contact_protocol_once'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('corrects',), name='contact_corrected_once'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('means__in', ['desk', 'email', 'phone', 'whatsapp'])), name='contact_means_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('caller__in', ['holder', 'other'])), name='contact_caller_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('about__in', ['debt', 'fault', 'other', 'payment', 'registration', 'unlock'])), name='contact_about_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('registered_at__isnull', True), ('registered_at__gte', models.F('started_at')), _connector='OR'), name='contact_registered_at_not_before_started_at'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('notes', ''), ('author', ''), _connector='OR', _negated=True), name='contact_notes_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('promised_amount__isnull', True), ('promised_amount__gt', 0), _connector='OR'), name='contact_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('caller', 'holder'), ('promised_amount__isnull', True), _connector='OR'), name='contact_others_hear_no_amounts'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('caller', 'holder'), models.Q(('caller_name', ''), _negated=True), _connector='OR'), name='contact_others_named'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('promised_amount__isnull', True), ('promised_on__isnull', False), _connector='OR'), name='contact_amount_has_day'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(fields=['provider', '-at'], name='dossier_latest'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('who', ''), ('reason', ''), _connector='OR', _negated=True), name='dossier_names_person_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='dossier_sha256_form'),
        ),
        migrations.AddConstraint(
            model_name='noticeproof',
            constraint=models.UniqueConstraint(fields=('notice',), name='notice_proof_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='noticeproof',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'letter', 'signature'])), name='notice_proof_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='noticeproof',
            constraint=models.CheckConstraint(condition=models.Q(('entered_at__isnull', True), ('entered_at__gte', models.F('given_at')), _connector='OR'), name='notice_proof_entered_at_not_before_given_at'),
        ),
        migrations.AddConstraint(
            model_name='noticeproof',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'letter'), _negated=True), models.Q(('tracking_code', ''), _negated=True), _connector='OR'), name='notice_proof_letter_has_code'),
        ),
        migrations.AddConstraint(
            model_name='noticeproof',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'signature'), _negated=True), models.Q(('reference', ''), _negated=True), _connector='OR'), name='notice_proof_signature_has_reference'),
        ),
        migrations.AddConstraint(
            model_name='noticeproof',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'call'), _negated=True), models.Q(('protocol', ''), ('recording', ''), _connector='OR', _negated=True), _connector='OR'), name='notice_proof_call_has_recording'),
        ),
        migrations.AddConstraint(
            model_name='noticeproof',
            constraint=models.CheckConstraint(condition=models.Q(('received_by', ''), ('author', ''), ('statement', ''), _connector='OR', _negated=True), name='notice_proof_names_person'),
        ),
        migrations.AddConstraint(
            model_name='noticeproof',
            constraint=models.CheckConstraint(condition=models.Q(('scan_sha256', ''), ('scan_sha256__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='notice_proof_scan_form'),
        ),
        migrations.RunPython(name_the_keys, migrations.RunPython.noop),
    ]
