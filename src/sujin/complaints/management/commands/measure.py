"""``sujin measure``: read every docket again for the figures."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from sujin.complaints.acts.measure import measure_all
from sujin.complaints.models import Complaint


class Command(BaseCommand):
    help = (
        "重新读取每一件的来龙去脉，更新漏斗与时效的数字；可以中断、可以重跑。"
        "Read every docket again for the figures; may be interrupted and run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self._whole = Complaint.objects.count()
        done = measure_all(tell=self._tell)
        self.stdout.write(f"已读 {done} 件 / cases measured")

    def _tell(self, done: int) -> None:
        sys.stderr.write(f"\r{done} / {self._whole} …")
