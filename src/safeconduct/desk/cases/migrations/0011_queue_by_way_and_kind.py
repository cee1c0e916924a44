# SPDX-License-Identifier: AGPL-3.0-or-later

from typing import ClassVar

from django.db import migrations, models

_WAITING = models.Q(("folded_into", None), ("waiting_since__isnull", False))


class Migration(migrations.Migration):
    """Two indexes over what waits: a release that runs meanwhile fills them without knowing."""

    dependencies: ClassVar = [("cases", "0010_needs")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=_WAITING, fields=["channel", "urgency", "waiting_since", "id"], name="queue_by_channel"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=_WAITING, fields=["kind", "urgency", "waiting_since", "id"], name="queue_by_kind"
            ),
        ),
    ]
