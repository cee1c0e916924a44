# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('custody_inquiries', '0002_signatures'),
    ]

    operations = [
        migrations.AddField(
            model_name='inquiry',
            name='looked',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='again',
            field=models.DateField(null=True),
        ),
    ]
