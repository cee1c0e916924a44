# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import safeconduct.desk.custody.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('custody', '0002_places'),
        ('operators', '0007_emergency'),
    ]

    operations = [
        migrations.CreateModel(
            name='Election',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(max_length=8)),
                ('voters', models.PositiveIntegerField(default=0)),
                ('cast', models.PositiveIntegerField(default=0)),
                ('until', models.DateField()),
                ('camp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='elections', to='custody.camp')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='custody.event')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.BinaryField(default=safeconduct.desk.custody.models.new_token, unique=True)),
                ('body', models.CharField(max_length=5)),
                ('asked', models.DateField()),
                ('made', models.DateField(null=True)),
                ('visitors', models.PositiveIntegerField(default=0)),
                ('is_everywhere', models.BooleanField(default=False)),
                ('is_without_witnesses', models.BooleanField(default=False)),
                ('camp', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='custody.camp')),
            ],
            options={
                'ordering': ['-asked', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField()),
                ('refused', models.DateField(null=True)),
                ('is_over', models.BooleanField(default=False)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='operators.operator')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='custody_camplife.visit')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Representative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('votes', models.PositiveIntegerField(default=0)),
                ('approved', models.DateField(null=True)),
                ('refused', models.DateField(null=True)),
                ('power_told', models.DateField(null=True)),
                ('ended', models.DateField(null=True)),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='elected', to='custody_camplife.election')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='custody.person')),
            ],
            options={
                'ordering': ['-votes', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('election', 'person'), name='elected_once'), models.CheckConstraint(condition=models.Q(('refused__isnull', True), ('power_told__isnull', False), _connector='OR'), name='refusal_is_told')],
            },
        ),
        migrations.CreateModel(
            name='Words',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('team', models.CharField(max_length=12)),
                ('key_version', models.PositiveIntegerField()),
                ('body', models.BinaryField()),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='custody_camplife.visit')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['team'], name='camplife_team')],
            },
        ),
    ]
