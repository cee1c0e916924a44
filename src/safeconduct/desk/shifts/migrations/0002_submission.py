# SPDX-License-Identifier: AGPL-3.0-or-later

import safeconduct.desk.cases.fields
from django.db import migrations


class Migration(migrations.Migration):
    """A column that may be empty: a release that runs meanwhile leaves it so."""

    dependencies = [
        ('shifts', '0001_shifts_handed_over'),
    ]

    operations = [
        migrations.AddField(
            model_name='shifthandover',
            name='submission',
            field=safeconduct.desk.cases.fields.BytesField(null=True, unique=True),
        ),
    ]
