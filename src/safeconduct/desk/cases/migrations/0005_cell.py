# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import safeconduct.desk.cases.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """A release that runs meanwhile writes rows that fit both: every case is intake's."""

    dependencies = [
        ('cases', '0004_claims_and_promises'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='with_cell',
            field=models.CharField(blank=True, db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='case',
            name='cell_from',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('with_cell', ''), _negated=True), fields=['urgency', 'waiting_since', 'id'], name='queue_of_the_cell'),
        ),
        migrations.CreateModel(
            name='Instruction',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='instruction', serialize=False, to='cases.case')),
                ('serial', models.PositiveBigIntegerField()),
                ('team', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('signed', safeconduct.desk.cases.fields.BytesField()),
                ('is_told', models.BooleanField(default=False)),
            ],
        ),
    ]
