# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("custody", "0006_struck_events")]

    operations: ClassVar = [
        migrations.AddField(model_name="used", name="day", field=models.DateField(null=True)),
    ]
