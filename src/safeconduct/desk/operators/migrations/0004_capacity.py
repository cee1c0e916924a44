# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    """A release that runs meanwhile leaves the column to the database: five cases at a time."""

    dependencies = [
        ('operators', '0003_index_key'),
    ]

    operations = [
        migrations.AddField(
            model_name='dutycard',
            name='capacity',
            field=models.PositiveSmallIntegerField(db_default=5, default=5),
        ),
    ]
