# SPDX-License-Identifier: AGPL-3.0-or-later

import safeconduct.desk.cases.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """A release that runs meanwhile writes rows that fit both: no errand, and none of the new state."""

    dependencies = [
        ('cases', '0001_cases'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoing',
            name='errand',
            field=safeconduct.desk.cases.fields.BytesField(null=True),
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='labels_are_clear_only_while_it_waits',
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['answered', 'closed', 'silent']), ('channel', ''), ('kind', ''), ('language', ''), ('opened_at', None), ('urgency', None), ('waiting_since', None)), models.Q(models.Q(('state__in', ['answered', 'closed', 'silent']), _negated=True), ('urgency__isnull', False), ('waiting_since__isnull', False)), _connector='OR'), name='labels_are_clear_only_while_it_waits'),
        ),
    ]
