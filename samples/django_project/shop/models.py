"""What the shop remembers."""

from django.db import models


class Order(models.Model):
    """What a buyer wants."""

    buyer = models.BigIntegerField()
    item = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField()
