"""What a scan says, in both languages at once: its readers are not all in one room."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


class Refused(Exception):
    """What was given is refused; the sentence names what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        self.said = Said(zh, en)
        super().__init__(str(self.said))


def named(names: "list[str] | tuple[str, ...]", most: int = 40) -> str:
    """Names of columns for a message, cut where there are too many or one is too long."""
    shown = [name if len(name) <= 40 else name[:39] + "…" for name in names[:most]]
    return ", ".join(shown) + (f" … (+{len(names) - most})" if len(names) > most else "")
