# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index alone: what nobody has read of one case, however long the case is."""

    dependencies = [
        ('cases', '0008_index_days'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='storedenvelope',
            index=models.Index(condition=models.Q(('opened_day', None)), fields=['case', 'id'], name='unread_of_case'),
        ),
    ]
