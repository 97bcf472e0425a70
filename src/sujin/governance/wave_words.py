"""A node in words, its page, and the list that shows exactly its cases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _t

from sujin.complaints import words
from sujin.platform.models import Org

CODE_AXES = ("business", "cause", "touchpoint")
LIST_NAMES = ("class", "cause", "touchpoint")


@dataclass(frozen=True, slots=True)
class Names:
    """Organisations by path, looked up once for a page."""

    orgs: dict[str, Org]

    def node(self, node: Sequence[str]) -> str:
        """Every code in words, or the whole house."""
        org, *codes = node
        said = [str(self.orgs.get(org, org))] if org else []
        pairs = zip(CODE_AXES, codes, strict=True)
        said += [words.named(axis, code) for axis, code in pairs if code]
        return " · ".join(said) or _t("全行")

    def beside(self, node: Sequence[str], other: Sequence[str]) -> str:
        """A node by what sets it apart from another one."""
        apart = [at for at in range(len(node)) if node[at] != other[at]]
        return " · ".join(self.code(at, node[at]) for at in apart) or self.node(node)

    def code(self, place: int, code: str) -> str:
        """One code on one axis, the last step of its name."""
        if place == 0:
            return str(self.orgs.get(code, code)) or _t("全行")
        return words.named(CODE_AXES[place - 1], code).split(" › ")[-1] or _t("未分类")

    def page(self, stream: str, node: Sequence[str], grain: str = "week") -> str:
        """The page of a node."""
        org, *codes = node
        asked = {"kind": stream, "grain": grain, "org": self._org_code(org)}
        asked |= dict(zip(LIST_NAMES, codes, strict=True))
        kept = {name: value for name, value in asked.items() if value}
        return f"{reverse('governance:wave_node')}?{urlencode(kept)}"

    def cases(self, stream: str, node: Sequence[str], first: date, last: date) -> str:
        """The list of its cases of these days, as far as the reader's reach goes."""
        org, *codes = node
        asked = {"kind": stream, "counted": "yes", "brought": self._org_code(org)}
        asked |= dict(zip(LIST_NAMES, codes, strict=True))
        asked |= {"from": first.isoformat(), "to": last.isoformat()}
        kept = {name: value for name, value in asked.items() if value}
        return f"{reverse('complaints:list')}?{urlencode(kept)}"

    def _org_code(self, path: str) -> str:
        return self.orgs[path].code if path in self.orgs else ""


def names(nodes: Iterable[Sequence[str]]) -> Names:
    """The names that these nodes need, in one query."""
    paths = {node[0] for node in nodes if node[0]}
    return Names({org.path: org for org in Org.objects.filter(path__in=paths)})
