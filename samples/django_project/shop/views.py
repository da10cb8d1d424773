"""Take orders, and show what the buyer was told."""

from django import forms
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from rtm_sdk.django import chat

from .models import Order

SHOP = 1000
MAX_UID = 2**63 - 1
IN_STOCK = 10


class OrderForm(forms.Form):
    """What a buyer may ask for."""

    item = forms.CharField(max_length=100)
    quantity = forms.IntegerField(min_value=1, max_value=1_000_000)


class SoldOut(Exception):
    """There is not enough."""


@require_http_methods(["GET", "POST"])
def orders(request, buyer):
    """The page of a buyer, and his new orders."""
    if not 0 < buyer <= MAX_UID:
        raise Http404("There is no such buyer.")
    if request.method == "POST":
        form = OrderForm(request.POST)
        if not form.is_valid():
            return render(request, "shop/orders.html", {"problem": "Say what you want, and how many."}, status=400)
        try:
            take_order(buyer, **form.cleaned_data)
        except SoldOut:
            return render(request, "shop/orders.html", {"problem": f"We have only {IN_STOCK}."}, status=409)
        return redirect("orders", buyer)
    page, error_code = chat["default"].get_p2p_chat(SHOP, buyer, True, 20, timeout=5)
    if error_code:
        problem = f"The chat does not answer: {error_code.meaning}."
        return render(request, "shop/orders.html", {"problem": problem}, status=502)
    return render(request, "shop/orders.html", {"messages": page.messages})


def take_order(buyer, item, quantity):
    """Store an order. The buyer is told when it is stored for good, and never of one that is not."""
    with transaction.atomic():
        order = Order.objects.create(buyer=buyer, item=item, quantity=quantity)
        chat["default"].on_commit.send_chat(
            SHOP, buyer, f"Order {order.pk}: {quantity} x {item}. Thank you!", timeout=5
        )
        if quantity > IN_STOCK:
            raise SoldOut  # the order is taken back, and the message with it
