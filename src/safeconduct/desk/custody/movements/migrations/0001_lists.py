# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('custody', '0002_places'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(db_index=True, max_length=32)),
                ('parted', models.DateField(null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='comrade', to='custody.person')),
            ],
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('drawn_up', models.DateField()),
                ('departs', models.DateField()),
                ('departed', models.DateField(null=True)),
                ('state', models.CharField(default='drawn-up', max_length=10)),
                ('origin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='custody.camp')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='custody.camp')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Listed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=10)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listed', to='custody.person')),
                ('movement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='custody_movements.movement')),
            ],
            options={
                'ordering': ['person__number'],
            },
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('origin', models.F('to')), _negated=True), name='movements_goes_elsewhere'),
        ),
        migrations.AddIndex(
            model_name='listed',
            index=models.Index(fields=['person', 'mark'], name='movements_person_mark'),
        ),
        migrations.AddConstraint(
            model_name='listed',
            constraint=models.UniqueConstraint(fields=('movement', 'person'), name='once_on_a_list'),
        ),
    ]
