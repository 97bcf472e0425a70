"""Addresses of the room."""

from django.urls import path

from sujin.reports.pages import quarterly

app_name = "reports"

urlpatterns = [
    path("reports/quarterly", quarterly.quarterly, name="quarterly"),
    path("reports/quarterly/file/<str:form>", quarterly.paper, name="quarterly_paper"),
]
