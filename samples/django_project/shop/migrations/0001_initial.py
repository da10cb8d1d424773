from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    operations = [  # noqa: RUF012 (as Django writes it)
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("buyer", models.BigIntegerField()),
                ("item", models.CharField(max_length=100)),
                ("quantity", models.PositiveIntegerField()),
            ],
        ),
    ]
