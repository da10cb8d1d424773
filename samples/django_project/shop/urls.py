"""The pages of the shop."""

from django.urls import path
from django.views.generic import RedirectView

from . import views

urlpatterns = [
    path("", RedirectView.as_view(url="/buyers/2001/")),
    path("buyers/<int:buyer>/", views.orders, name="orders"),
]
