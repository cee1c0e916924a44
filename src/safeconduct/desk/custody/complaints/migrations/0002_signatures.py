# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody_complaints', '0001_complaints'),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='signature',
            field=models.BinaryField(default=b''),
        ),
    ]
