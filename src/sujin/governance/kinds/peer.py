"""What can happen to figures that come from outside: a file of them was loaded."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class _Loaded(Kind):
    """On the docket of whoever loaded them; what was superseded is kept."""

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


@dataclass(frozen=True, kw_only=True)
class PeersLoaded(_Loaded):
    """Published figures of other banks."""

    code, icon, title = "peers.loaded", "file-import", _("导入同业数据")


@dataclass(frozen=True, kw_only=True)
class DenominatorsLoaded(_Loaded):
    """How many customers, accounts, outlets or transactions an organisation has."""

    code, icon, title = "denominators.loaded", "file-import", _("导入基数")


PEER_KINDS: list[type[Kind]] = [PeersLoaded, DenominatorsLoaded]
