# SPDX-License-Identifier: AGPL-3.0-or-later

import django.db.models.deletion
import safeconduct.desk.cases.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """A release that runs meanwhile writes rows that fit both: nothing frozen, nothing folded, of no known sort."""

    dependencies = [
        ('cases', '0002_chats'),
        ('operators', '0002_duty'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', safeconduct.desk.cases.fields.BytesField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='queue',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='queue_by_language',
        ),
        migrations.AddField(
            model_name='case',
            name='folded_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='folds', to='cases.case'),
        ),
        migrations.AddField(
            model_name='case',
            name='frozen_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='retention',
            field=models.CharField(blank=True, default='', max_length=8),
        ),
        migrations.AddField(
            model_name='case',
            name='review_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='storedenvelope',
            name='alarmed_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='storedenvelope',
            name='sort',
            field=models.CharField(blank=True, default='', max_length=8),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('folded_into', None), ('waiting_since__isnull', False)), fields=['urgency', 'waiting_since', 'id'], name='queue'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('folded_into', None), ('waiting_since__isnull', False)), fields=['language', 'urgency', 'waiting_since', 'id'], name='queue_by_language'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['retention', 'last_day'], name='cases_by_retention'),
        ),
        migrations.AddIndex(
            model_name='storedenvelope',
            index=models.Index(condition=models.Q(('sort', ''), _negated=True), fields=['case', 'id'], name='words_and_frames'),
        ),
        migrations.AddIndex(
            model_name='storedenvelope',
            index=models.Index(condition=models.Q(('opened_day', None)), fields=['day', 'id'], name='unread'),
        ),
        migrations.AddField(
            model_name='savedfilter',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='operators.operator'),
        ),
    ]
