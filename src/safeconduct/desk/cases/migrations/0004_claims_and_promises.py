# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A release that runs meanwhile claims nothing, so that it never ends a wait while a claim stands."""

    dependencies = [
        ('cases', '0003_case_life'),
        ('operators', '0002_duty'),
    ]

    operations = [
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('level', models.PositiveSmallIntegerField(default=1)),
                ('told_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['since', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PromiseTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('urgency', models.PositiveSmallIntegerField()),
                ('kept', models.PositiveIntegerField(default=0)),
                ('broken', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ShiftCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.TextField()),
                ('day', models.DateField()),
            ],
        ),
        migrations.AddField(
            model_name='case',
            name='claimed_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='operators.operator'),
        ),
        migrations.AddField(
            model_name='case',
            name='claimed_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='storedenvelope',
            name='crossed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('claimed_until__isnull', False)), fields=['claimed_by', 'claimed_until'], name='claims'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('waiting_since__isnull', False), models.Q(('claimed_by', None), ('claimed_until', None)), _connector='OR'), name='claims_stand_only_while_it_waits'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='acknowledged_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='operators.operator'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='escalation', to='cases.case'),
        ),
        migrations.AddConstraint(
            model_name='promisetally',
            constraint=models.UniqueConstraint(fields=('day', 'urgency'), name='one_tally_a_day'),
        ),
        migrations.AddField(
            model_name='shiftcalendar',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='operators.operator'),
        ),
    ]
