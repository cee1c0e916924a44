# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes alone. SQLite cannot use a partial index whose condition it is told only as a parameter."""

    dependencies = [
        ('cases', '0005_cell'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='storedenvelope',
            name='words_and_frames',
        ),
        migrations.AddIndex(
            model_name='storedenvelope',
            index=models.Index(fields=['sort', 'case', 'id'], name='envelopes_by_sort'),
        ),
    ]
