"""Addresses of the regulator's door."""

from django.urls import path

from sujin.channels import orgs
from sujin.channels.regulator import batches, pages

app_name = "regulator"

urlpatterns = [
    path("", pages.intake, name="intake"),
    path("branches", orgs.suggest, name="branches"),
    path("template", batches.template, name="template"),
    path("batch", batches.batch, name="batch"),
    path("batch/<uuid:key>", batches.checked, name="checked"),
    path("batch/<uuid:key>/rejected", batches.rejected, name="rejected"),
]
