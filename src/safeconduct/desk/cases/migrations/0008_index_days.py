# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    """A release that runs meanwhile notes no day, and the index is covered anew a day later."""

    dependencies = [
        ('cases', '0007_finding'),
    ]

    operations = [
        migrations.AddField(
            model_name='indexgeneration',
            name='gone_day',
            field=models.DateField(null=True),
        ),
    ]
