"""What can happen in the room: one list, one file per subject."""

from sujin.knowledge.kinds.version import (
    VERSION_KINDS,
    VersionDrafted,
    VersionDropped,
    VersionEdited,
    VersionExtended,
    VersionReleased,
    VersionReturned,
    VersionSubmitted,
    VersionSuperseded,
    VersionWithdrawn,
)
from sujin.platform.journal import Kind

KINDS: list[type[Kind]] = [*VERSION_KINDS]

__all__ = [
    "KINDS",
    "VersionDrafted",
    "VersionDropped",
    "VersionEdited",
    "VersionExtended",
    "VersionReleased",
    "VersionReturned",
    "VersionSubmitted",
    "VersionSuperseded",
    "VersionWithdrawn",
]
