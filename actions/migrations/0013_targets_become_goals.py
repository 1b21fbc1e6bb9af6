from decimal import Decimal

from django.db import migrations
from django.utils import timezone


def targets_become_goals(apps, schema_editor):
    goals = apps.get_model("actions", "Goal").objects
    now = timezone.now()
    for target in apps.get_model("accounts", "Target").objects.order_by("pk"):
        value = float(target.value)
        goals.create(
            metric=target.metric,
            first_day=timezone.localdate(now),
            start=value,
            target=value,
            created_at=now,
        )


def goals_become_targets(apps, schema_editor):
    standing = apps.get_model("actions", "Goal").objects.filter(last_day=None)
    targets = apps.get_model("accounts", "Target").objects
    for goal in standing.filter(dimension=None):
        targets.create(metric=goal.metric, value=Decimal(repr(goal.target)))
    # Before, every goal had an end.
    standing.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_tenure"),
        ("actions", "0012_standing_goals"),
    ]

    operations = [migrations.RunPython(targets_become_goals, goals_become_targets)]
