"""``sujin peers``: published figures of other banks from a CSV file, every line accounted for."""

from collections.abc import Iterator, Sequence

from sujin.governance.acts import load_peers
from sujin.governance.lines import Reject
from sujin.governance.loading import Load, LoadCommand


class Command(LoadCommand):
    prog = "sujin peers"
    help = (
        "导入监管公布的同业投诉数据；可以反复运行，更正的数保留原数。"
        "Load published peer figures; running it again doubles nothing, corrections keep both."
    )

    def read(self, data: bytes) -> list[dict[str, str]]:
        return load_peers.read(data)

    def load(self) -> Load:
        return load_peers.load_peers

    def rejects_file(self, rejects: Sequence[Reject]) -> Iterator[list[str]]:
        return load_peers.rejects_file(rejects)
