# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that is empty for every case there is, and an index: a release that runs meanwhile says nothing of needs."""

    dependencies = [
        ("cases", "0009_unread_of_case"),
        ("operators", "0007_emergency"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="need_row",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("folded_into", None), ("waiting_since__isnull", False), ("need_row__isnull", False)
                ),
                fields=["urgency", "waiting_since", "id"],
                name="queue_with_needs",
            ),
        ),
    ]
