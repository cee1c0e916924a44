# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns that the database fills by itself: a release that runs meanwhile knows nothing of them."""

    dependencies = [("handover", "0002_link")]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="rang_for_stop",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name="handover",
            name="rang_for_outcome",
            field=models.BooleanField(default=False, db_default=False),
        ),
    ]
