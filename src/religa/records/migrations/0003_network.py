"""Routers that are told, and what they answer: health, orders, incidents, who looked at connection records."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0002_integrity'),
    ]

    operations = [
        migrations.CreateModel(
            name='CoaLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('session_unique_id', models.TextField()),
                ('kind', models.TextField()),
                ('wanted', models.TextField()),
                ('outcome', models.TextField()),
                ('error_cause', models.IntegerField(null=True)),
                ('took_ms', models.FloatField(null=True)),
            ],
            options={
                'db_table': 'coa_log',
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ibge_code', models.TextField(default='')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('reason', models.TextField()),
                ('author', models.TextField()),
                ('ended_by', models.TextField(default='')),
            ],
            options={
                'db_table': 'incident',
            },
        ),
        migrations.CreateModel(
            name='NasHealth',
            fields=[
                ('nas', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='health', serialize=False, to='records.nas')),
                ('accounted_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('outcome', models.TextField(default='')),
                ('silent_since', models.DateTimeField(null=True)),
                ('alarm', models.TextField(default='')),
                ('alarm_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'nas_health',
            },
        ),
        migrations.CreateModel(
            name='SessionRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('who', models.TextField()),
                ('asked', models.TextField()),
            ],
            options={
                'db_table': 'session_read',
            },
        ),
        migrations.RemoveField(
            model_name='nas',
            name='coa_enabled',
        ),
        migrations.RemoveField(
            model_name='nas',
            name='last_seen_at',
        ),
        migrations.AddField(
            model_name='contract',
            name='wall_lets_voice',
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name='nas',
            name='coa_window',
            field=models.SmallIntegerField(default=16, db_default=16),
        ),
        migrations.AddField(
            model_name='nas',
            name='reach',
            field=models.TextField(default='coa', db_default='coa'),
        ),
        migrations.AddField(
            model_name='nas',
            name='shadow',
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name='nas',
            name='source',
            field=models.GenericIPAddressField(null=True),
        ),
        migrations.AddField(
            model_name='sessionlive',
            name='applied_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sessionlive',
            name='contradicted',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='sessionlive',
            name='push_after',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sessionlive',
            name='push_outcome',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='sessionlive',
            name='push_tries',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='sessionlive',
            name='verified_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='sessionlive',
            index=models.Index(condition=models.Q(('applied_state__in', ['closed', 'reduced', 'walled']), ('applied_until__isnull', False), _connector='OR'), fields=['contract'], name='session_live_not_plain'),
        ),
        migrations.AddConstraint(
            model_name='nas',
            constraint=models.CheckConstraint(condition=models.Q(('coa_window__gte', 1), ('coa_window__lte', 64)), name='nas_coa_window_within_64'),
        ),
        migrations.AddConstraint(
            model_name='nas',
            constraint=models.CheckConstraint(condition=models.Q(('reach__in', ['coa', 'none', 'routeros_api'])), name='nas_reach_known'),
        ),
        migrations.AddField(
            model_name='coalog',
            name='contract',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contract'),
        ),
        migrations.AddField(
            model_name='coalog',
            name='nas',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.nas'),
        ),
        migrations.AddField(
            model_name='incident',
            name='nas',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.nas'),
        ),
        migrations.AddField(
            model_name='incident',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.provider'),
        ),
        migrations.AddField(
            model_name='sessionread',
            name='contract',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.contract'),
        ),
        migrations.AddIndex(
            model_name='coalog',
            index=models.Index(fields=['contract', 'at'], name='coa_log_contract'),
        ),
        migrations.AddIndex(
            model_name='coalog',
            index=models.Index(fields=['at'], name='coa_log_at'),
        ),
        migrations.AddConstraint(
            model_name='coalog',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['coa', 'disconnect', 'routeros_api'])), name='coa_log_kind_known'),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('until__isnull', True)), fields=['provider'], name='incident_open'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('nas__isnull', False), models.Q(('ibge_code', ''), _negated=True), _connector='OR'), name='incident_names_a_place'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='incident_names_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='incident_until_not_before_since'),
        ),
    ]
