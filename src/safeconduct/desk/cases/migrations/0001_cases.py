# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import safeconduct.desk.cases.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('operators', '0001_people_and_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erased',
            fields=[
                ('digest', safeconduct.desk.cases.fields.BytesField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Quarantine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', safeconduct.desk.cases.fields.BytesField(unique=True)),
                ('sealed', safeconduct.desk.cases.fields.BytesField()),
                ('reason', models.CharField(max_length=32)),
                ('day', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Serial',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=12, unique=True)),
                ('conversation', safeconduct.desk.cases.fields.BytesField(unique=True)),
                ('state', models.CharField(default='new', max_length=10)),
                ('last_day', models.DateField()),
                ('waiting_since', models.DateTimeField(null=True)),
                ('urgency', models.PositiveSmallIntegerField(null=True)),
                ('channel', models.CharField(blank=True, default='', max_length=16)),
                ('language', models.CharField(blank=True, default='', max_length=35)),
                ('kind', models.CharField(blank=True, default='', max_length=16)),
                ('opened_at', models.DateTimeField(null=True)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='operators.operator')),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('box', models.CharField(max_length=8)),
                ('sealed', safeconduct.desk.cases.fields.BytesField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='cases.case')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='operators.operator')),
            ],
        ),
        migrations.CreateModel(
            name='StoredEnvelope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('envelope', safeconduct.desk.cases.fields.BytesField(unique=True)),
                ('purpose', models.PositiveSmallIntegerField(choices=[(1, 'TO_TEAM'), (2, 'TO_PERSON'), (3, 'NOTE')])),
                ('core', safeconduct.desk.cases.fields.BytesField()),
                ('wraps', safeconduct.desk.cases.fields.BytesField()),
                ('day', models.DateField()),
                ('opened_day', models.DateField(null=True)),
                ('has_clear_label', models.BooleanField()),
                ('submission', safeconduct.desk.cases.fields.BytesField(null=True, unique=True)),
                ('delivery', models.CharField(blank=True, default='', max_length=16)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='operators.operator')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='envelopes', to='cases.case')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', safeconduct.desk.cases.fields.BytesField(unique=True)),
                ('sealed', safeconduct.desk.cases.fields.BytesField()),
                ('envelope', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='outgoing', to='cases.storedenvelope')),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['urgency', 'waiting_since', 'id'], name='queue'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['language', 'urgency', 'waiting_since', 'id'], name='queue_by_language'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['state', '-last_day', '-id'], name='cases_by_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['answered', 'closed']), ('channel', ''), ('kind', ''), ('language', ''), ('opened_at', None), ('urgency', None), ('waiting_since', None)), models.Q(models.Q(('state__in', ['answered', 'closed']), _negated=True), ('urgency__isnull', False), ('waiting_since__isnull', False)), _connector='OR'), name='labels_are_clear_only_while_it_waits'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('case', 'operator', 'box'), name='one_draft_a_box'),
        ),
    ]
