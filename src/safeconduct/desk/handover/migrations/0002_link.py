# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import migrations

import safeconduct.desk.cases.fields


class Migration(migrations.Migration):
    """A column that may be empty: a release that runs meanwhile leaves it so."""

    dependencies = [("handover", "0001_handovers")]

    operations = [
        migrations.AddField(
            model_name="handover", name="link", field=safeconduct.desk.cases.fields.BytesField(null=True)
        ),
    ]
