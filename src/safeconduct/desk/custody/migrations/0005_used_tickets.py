# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("custody", "0004_former_numbers")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Used",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ticket", models.BinaryField(unique=True)),
            ],
        ),
    ]
