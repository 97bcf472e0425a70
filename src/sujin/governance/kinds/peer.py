"""What can happen to peer figures: a file of them was loaded."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class PeersLoaded(Kind):
    """On the docket of whoever loaded them; what was superseded is kept."""

    code, icon, title = "peers.loaded", "file-import", _("导入同业数据")
    file: str
    added: int
    superseded: int
    same: int
    rejected: int

    def sentence(self) -> str:
        return _t(
            "%(file)s：新增 %(added)d 行，更正 %(superseded)d 行，"
            "已有 %(same)d 行，退回 %(rejected)d 行"
        ) % {
            "file": self.file, "added": self.added, "superseded": self.superseded,
            "same": self.same, "rejected": self.rejected,
        }  # fmt: skip


PEER_KINDS: list[type[Kind]] = [PeersLoaded]
