"""What can happen in the room: one list, one file per subject."""

from sujin.knowledge.kinds.reward import (
    REWARD_KINDS,
    RewardClaimed,
    RewardGranted,
    RewardRefused,
)
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

KINDS: list[type[Kind]] = [*VERSION_KINDS, *REWARD_KINDS]

__all__ = [
    "KINDS",
    "RewardClaimed",
    "RewardGranted",
    "RewardRefused",
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
