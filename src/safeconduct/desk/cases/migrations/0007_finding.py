# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import safeconduct.desk.cases.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables alone: a release that runs meanwhile knows nothing of them."""

    dependencies = [
        ('cases', '0006_envelopes_by_sort'),
    ]

    operations = [
        migrations.CreateModel(
            name='IndexGeneration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', safeconduct.desk.cases.fields.BytesField(unique=True)),
                ('day', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Indexed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.CharField(max_length=16)),
                ('sealed', safeconduct.desk.cases.fields.BytesField()),
                ('version', models.PositiveSmallIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indexed', to='cases.case')),
                ('claims', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.storedenvelope')),
                ('generation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.indexgeneration')),
            ],
        ),
        migrations.CreateModel(
            name='IndexToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.BigIntegerField()),
                ('bits', models.PositiveSmallIntegerField()),
                ('indexed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='cases.indexed')),
            ],
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('undone_day', models.DateField(null=True)),
                ('leading', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merged', to='cases.case')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merged_under', to='cases.case')),
            ],
        ),
        migrations.AddConstraint(
            model_name='indexed',
            constraint=models.UniqueConstraint(fields=('case', 'team'), name='indexed_once_a_team'),
        ),
        migrations.AddIndex(
            model_name='indextoken',
            index=models.Index(fields=['value', 'indexed', 'bits'], name='tokens_by_value'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_day', None)), fields=('other',), name='under_one_case_at_a_time'),
        ),
    ]
