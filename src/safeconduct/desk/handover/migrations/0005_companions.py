# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import migrations

import safeconduct.desk.cases.fields


class Migration(migrations.Migration):
    """A column that may be empty: of what an earlier release planned, nobody noted it."""

    dependencies = [("handover", "0004_members")]

    operations = [
        migrations.AddField(
            model_name="handover", name="companions", field=safeconduct.desk.cases.fields.BytesField(null=True)
        ),
    ]
