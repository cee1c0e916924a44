# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody', '0002_places'),
    ]

    operations = [
        migrations.AddField(
            model_name='sealed',
            name='signature',
            field=models.BinaryField(default=b''),
        ),
        migrations.CreateModel(
            name='Altered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=30)),
                ('row', models.BigIntegerField()),
                ('found', models.BinaryField()),
                ('noticed', models.DateField()),
                ('mark', models.BinaryField(default=b'')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('table', 'row', 'found'), name='noticed_once')],
            },
        ),
    ]
