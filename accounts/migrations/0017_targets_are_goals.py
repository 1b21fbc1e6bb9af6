from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_tenure"),
        # It takes them over.
        ("actions", "0013_targets_become_goals"),
    ]

    operations = [migrations.DeleteModel(name="Target")]
