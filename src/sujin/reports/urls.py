"""Addresses of the room."""

from django.urls import path

from sujin.reports.pages import monthly, quarterly

app_name = "reports"

urlpatterns = [
    path("reports/monthly", monthly.month, name="monthly"),
    path("reports/monthly/file/<str:form>", monthly.paper, name="monthly_paper"),
    path("reports/quarterly", quarterly.quarterly, name="quarterly"),
    path("reports/quarterly/file/<str:form>", quarterly.paper, name="quarterly_paper"),
]
