"""The list, the home page and Chinese full-text search, through the whole Django stack."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figures import Figure, milliseconds, percentile
from sujin.complaints.models import Complaint
from sujin.lab.cast import CHEN_LI, LIN_LAN, ZHOU_TAO
from sujin.platform.models import Person

WORDS = (
    "年费",
    "提前还款",
    "转账没有到账",
    "催收电话",
    "理财净值",
    "手机银行打不开",
    "征信",
    "排队",
)
TIMES = 12


def measure() -> list[Figure]:
    count = f"{Complaint.objects.count():,} cases"
    return [
        figure
        for spec in (CHEN_LI, ZHOU_TAO, LIN_LAN)
        for figure in _person(Person.objects.get(staff_no=spec.staff_no), count)
    ]


def _person(person: Person, count: str) -> list[Figure]:
    client = Client(HTTP_HOST="localhost")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    who = f"{count}, {person.name_en}"
    searches = [
        value
        for word in WORDS
        for value in milliseconds(_get(client, f"/complaints?q={word}"), TIMES)
    ]
    return [
        _figure("work list p95", milliseconds(_get(client, "/complaints?state=open"), 40), who),
        _figure("home p95", milliseconds(_get(client, "/"), 40), who),
        _figure("Chinese search p95", sorted(searches), who),
        Figure("work list queries", str(_queries(client, "/complaints?state=open")), who),
        Figure("search queries", str(_queries(client, "/complaints?q=年费")), who),
    ]


def _get(client: Client, url: str) -> Callable[[], object]:
    def get() -> object:
        response = client.get(url)
        assert response.status_code == 200, url
        return response

    return get


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def _figure(what: str, values: list[float], on: str) -> Figure:
    p50, p95 = percentile(values, 0.5), percentile(values, 0.95)
    return Figure(what, f"{p95:.1f} ms", f"p50 {p50:.1f} ms; {on}")
