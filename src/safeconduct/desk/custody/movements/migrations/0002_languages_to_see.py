# SPDX-License-Identifier: AGPL-3.0-or-later
# Who arrived before this is not looked at again: their camps' languages were entered by hand or at their registration.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('custody', '0001_initial'),
        ('custody_movements', '0001_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='LanguageToSee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('came', models.DateField()),
                ('precision', models.CharField(max_length=8)),
                ('camp', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='custody.camp')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='custody.person')),
            ],
        ),
    ]
