"""Addresses of the room."""

from django.urls import path

from sujin.reports.pages import monthly, quarterly, returns, weekly

app_name = "reports"

urlpatterns = [
    path("reports/monthly", monthly.month, name="monthly"),
    path("reports/monthly/file/<str:form>", monthly.paper, name="monthly_paper"),
    path("reports/weekly", weekly.week, name="weekly"),
    path("reports/weekly/file/<str:form>", weekly.paper, name="weekly_paper"),
    path("reports/quarterly", quarterly.quarterly, name="quarterly"),
    path("reports/quarterly/file/<str:form>", quarterly.paper, name="quarterly_paper"),
    path("reports/returns", returns.index, name="returns"),
    path("reports/returns/<slug:code>", returns.page, name="return"),
    path("reports/returns/<slug:code>/cases", returns.cases, name="return_cases"),
    path("reports/returns/<slug:code>/submission", returns.submission, name="return_submission"),
    path("reports/returns/<slug:code>/file/<str:form>", returns.paper, name="return_paper"),
]
