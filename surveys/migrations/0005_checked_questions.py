from django.db import migrations, models

import surveys.models.campaigns


class Migration(migrations.Migration):
    dependencies = [('surveys', '0004_sending_hours')]

    operations = [
        migrations.AlterField(
            model_name='campaign',
            name='questions',
            field=models.JSONField(blank=True, default=list, validators=[surveys.models.campaigns.check_questions], verbose_name='extra questions'),
        ),
    ]
