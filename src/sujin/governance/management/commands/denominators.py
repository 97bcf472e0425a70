"""``sujin denominators``: how many could have complained, from a CSV file."""

from collections.abc import Iterator, Sequence

from sujin.governance.acts import load_denominators
from sujin.governance.lines import Reject
from sujin.governance.loading import Load, LoadCommand


class Command(LoadCommand):
    prog = "sujin denominators"
    help = (
        "导入各机构的客户数、账户数、网点数、交易笔数；可以反复运行，更正的数保留原数。"
        "Load customers, accounts, outlets, transactions; again doubles nothing, both are kept."
    )

    def read(self, data: bytes) -> list[dict[str, str]]:
        return load_denominators.read(data)

    def load(self) -> Load:
        return load_denominators.load_denominators

    def rejects_file(self, rejects: Sequence[Reject]) -> Iterator[list[str]]:
        return load_denominators.rejects_file(rejects)
