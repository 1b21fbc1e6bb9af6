from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_readings_unchecked")]

    operations = [
        migrations.AlterField(
            model_name="target",
            name="metric",
            field=models.CharField(max_length=50, unique=True, verbose_name="figure"),
        ),
        migrations.AlterField(
            model_name="target",
            name="value",
            field=models.DecimalField(decimal_places=5, max_digits=18, verbose_name="target"),
        ),
    ]
