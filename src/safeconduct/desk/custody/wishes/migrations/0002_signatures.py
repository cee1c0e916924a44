# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody_wishes', '0001_wishes'),
    ]

    operations = [
        migrations.AddField(
            model_name='exchangelist',
            name='signature',
            field=models.BinaryField(default=b''),
        ),
    ]
