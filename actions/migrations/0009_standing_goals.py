from decimal import Decimal

from django.db import migrations, models
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
        ("actions", "0008_replies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="goal",
            name="last_day",
            field=models.DateField(blank=True, null=True, verbose_name="to"),
        ),
        migrations.AlterField(
            model_name="goal",
            name="name",
            field=models.CharField(blank=True, max_length=100, verbose_name="name"),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dimension__isnull", True), ("last_day__isnull", True)),
                fields=("metric",),
                name="one_goal_without_an_end_per_metric_of_all_customers",
            ),
        ),
        migrations.RunPython(targets_become_goals, goals_become_targets),
    ]
