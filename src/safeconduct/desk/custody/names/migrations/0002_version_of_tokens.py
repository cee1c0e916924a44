# SPDX-License-Identifier: AGPL-3.0-or-later
# Tokens that are there were made by the first version: whoever of their team opens the house next makes them anew.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('custody_names', '0001_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='indexed',
            name='version',
            # The running release writes no version: the database has to know one.
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddIndex(
            model_name='indexed',
            index=models.Index(fields=['team', 'version'], name='names_older'),
        ),
    ]
