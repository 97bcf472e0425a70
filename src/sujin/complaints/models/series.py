"""Numbers without gaps: one counter a year, advanced in the transaction that uses the number."""

from django.db import connection, models


class Series(models.Model):
    """The last number given out in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


def take(year: int, count: int) -> range:
    """``count`` consecutive numbers of the year.

    The row stays locked until the transaction ends, so a rolled-back intake leaves no gap.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO complaints_series (year, last) VALUES (%s, %s) "
            "ON CONFLICT (year) DO UPDATE SET last = complaints_series.last + excluded.last "
            "RETURNING last",
            [year, count],
        )
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)


def number(year: int, serial: int) -> str:
    return f"{year}-{serial:07d}"
