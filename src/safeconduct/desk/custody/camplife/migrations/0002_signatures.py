# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody_camplife', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='words',
            name='signature',
            field=models.BinaryField(default=b''),
        ),
    ]
