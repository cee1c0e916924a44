# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody_post', '0001_post'),
    ]

    operations = [
        migrations.CreateModel(
            name='StruckEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=8)),
                ('why', models.CharField(max_length=12)),
                ('entered', models.DateField()),
                ('day', models.DateField()),
                ('outcome', models.CharField(default='', max_length=8)),
                ('piece', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='struck', to='custody_post.piece')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('what', 'censored')), fields=('piece',), name='post_censoring_struck_once')],
            },
        ),
    ]
