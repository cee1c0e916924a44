# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody', '0001_initial'),
        ('operators', '0007_emergency'),
    ]

    operations = [
        migrations.AddField(
            model_name='camp',
            name='address',
            field=models.CharField(db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='camp',
            name='languages',
            field=models.CharField(db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='camp',
            name='needs',
            field=models.CharField(db_default='', default='', max_length=120),
        ),
        migrations.CreateModel(
            name='Command',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('camp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commanders', to='custody.camp')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commands', to='operators.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('operator', 'camp'), name='one_command_a_camp')],
            },
        ),
    ]
