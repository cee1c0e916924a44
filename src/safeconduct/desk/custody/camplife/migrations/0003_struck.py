# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody_camplife', '0002_signatures'),
    ]

    operations = [
        migrations.AddField(
            model_name='visit',
            name='makings',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='visit',
            name='stands',
            field=models.BooleanField(default=True),
        ),
        migrations.CreateModel(
            name='StruckVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=5)),
                ('why', models.CharField(max_length=12)),
                ('entered', models.DateField()),
                ('day', models.DateField()),
                ('visitors', models.PositiveIntegerField(default=0)),
                ('is_everywhere', models.BooleanField(default=False)),
                ('is_without_witnesses', models.BooleanField(default=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='struck', to='custody_camplife.visit')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
    ]
