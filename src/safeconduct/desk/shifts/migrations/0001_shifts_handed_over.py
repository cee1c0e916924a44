# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables alone: a release that runs meanwhile knows nothing of them."""

    initial = True

    dependencies = [
        ('cases', '0004_claims_and_promises'),
        ('operators', '0004_capacity'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShiftHandover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ShiftItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=8)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='shifts.shifthandover')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('handover', 'case'), name='one_item_a_case')],
            },
        ),
        migrations.CreateModel(
            name='ShiftPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(max_length=5)),
                ('is_author', models.BooleanField(default=False)),
                ('acknowledged_day', models.DateField(null=True)),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='shifts.shifthandover')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='operators.operator')),
            ],
            options={
                'ordering': ['operator__name'],
                'constraints': [models.UniqueConstraint(fields=('handover', 'operator'), name='one_side_of_the_table'), models.CheckConstraint(condition=models.Q(('side', 'takes'), ('acknowledged_day', None), _connector='OR'), name='who_gives_acknowledges_nothing')],
            },
        ),
    ]
