from django.db import migrations, models

KINDS = [
    ("customers", "Customers"),
    ("respondents", "Respondents"),
    ("revenue", "Revenue"),
    ("responses", "Responses"),
    ("rates", "Exchange rates"),
    ("usage", "Usage"),
    ("events", "Events"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_segment_labels")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="renews_on",
            field=models.DateField(blank=True, db_index=True, null=True, verbose_name="renews on"),
        ),
        migrations.AddField(
            model_name="customer",
            name="seats",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="seats"),
        ),
        migrations.AddField(
            model_name="customer",
            name="churn_reason",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=200,
                verbose_name="reason for leaving",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="churn_note",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="note on leaving"
            ),
        ),
        migrations.AddField(
            model_name="monthlyrevenue",
            name="product",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="monthlyrevenue",
            name="quantity",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.RemoveConstraint(
            model_name="monthlyrevenue", name="one_mrr_per_customer_and_month"
        ),
        migrations.AddConstraint(
            model_name="monthlyrevenue",
            constraint=models.UniqueConstraint(
                fields=("customer", "month", "product"),
                name="one_mrr_per_customer_month_and_product",
            ),
        ),
        migrations.AddIndex(
            model_name="monthlyrevenue",
            index=models.Index(
                condition=models.Q(("product", ""), _negated=True),
                fields=["month"],
                name="revenue_by_product",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="importedfact",
            name="fact",
            field=models.CharField(max_length=80, unique=True),
        ),
    ]
