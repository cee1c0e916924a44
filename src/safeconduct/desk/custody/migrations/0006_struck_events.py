# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("custody", "0005_used_tickets")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(condition=models.Q(("stands", False)), fields=["of", "kind"], name="custody_struck_of"),
        ),
    ]
