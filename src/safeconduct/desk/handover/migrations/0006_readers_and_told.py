# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import migrations, models

import safeconduct.desk.cases.fields


class Migration(migrations.Migration):
    """Columns with what they are without anybody's saying: of what was released before, nobody noted the keys."""

    dependencies = [("handover", "0005_companions")]

    operations = [
        migrations.AddField(
            model_name="handover", name="is_told", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            model_name="handover", name="rang_for_readers", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            model_name="sheetreader", name="key", field=safeconduct.desk.cases.fields.BytesField(null=True)
        ),
    ]
