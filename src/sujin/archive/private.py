"""Columns whose values are personal numbers: no line to watch, whoever asks for it."""

from collections.abc import Sequence

from ibis.expr.types import Table

from sujin.archive.said import Refused, named
from sujin.engine.redaction import redact

# What stands in clear on a report if it is watched; words of a place or a person's surname are not.
NUMBERS = frozenset(
    ("phone", "id_number", "passport", "permit", "card", "account", "email", "plate")
)
# Of the values of a column; a checksum lets one made-up number in ten pass.
MANY, LEAST = 0.05, 2
LOOKED_AT = 2000


def columns(joint: Table, names: Sequence[str]) -> tuple[str, ...]:
    """Those of ``names`` many of whose values are personal numbers; column ``c0`` is the first."""
    return tuple(name for at, name in enumerate(names) if _is_private(joint, f"c{at}"))


def _is_private(joint: Table, field: str) -> bool:
    values = joint.select(value=joint[field]).distinct().order_by("value").limit(LOOKED_AT)
    texts = values.to_pyarrow().column("value").to_pylist()
    hits = sum(any(one.kind in NUMBERS for one in redact(text).found) for text in texts)
    return hits >= max(LEAST, MANY * len(texts)) or hits == len(texts) > 0


def refuse(private: Sequence[str]) -> None:
    """Raises Refused when a column that was asked for is private."""
    if private:
        listed = named(list(private))
        raise Refused(
            f"--dims：{listed} 的值多是个人号码（证件、电话、卡号等），不能作维度，"
            "否则会明文印进报告。请从 --dims 去掉，改用产品、机构这类列",
            f"--dims: the values of {listed} are personal numbers (identity, telephone, card), "
            "which a report would print in clear. Take the column out of --dims and name one of "
            "classes, such as a product or a branch",
        )
