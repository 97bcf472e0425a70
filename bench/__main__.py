"""``make bench``: fill a database of its own, measure, print one table."""

import os
import sys


def main() -> None:
    os.environ.setdefault("SUJIN_VAR", "var/bench")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sujin.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from bench import labels, pages, repeats, stock
    from bench.figures import Figure, table

    call_command("migrate", interactive=False, verbosity=0)
    count, cpu = stock.fill(int(os.environ.get("BENCH_CASES", "50000")))
    figures = [*pages.measure(), *labels.measure(), *repeats.measure()]
    if count:
        rate = f"{count / cpu:,.0f} /CPU-s"
        figures.insert(0, Figure("intake with full triage", rate, f"{count:,} in batches of 500"))
    sys.stdout.write(table(figures) + "\n")


if __name__ == "__main__":
    main()
