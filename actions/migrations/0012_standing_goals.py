from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0011_playbooks"),
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
    ]
