"""What can happen in the room: one list, one file per subject."""

from sujin.knowledge.kinds.issue import (
    ISSUE_KINDS,
    IssueAbandoned,
    IssueArranged,
    IssueBegun,
    IssueDistributed,
    IssueFilled,
    IssueSigned,
)
from sujin.knowledge.kinds.reading import (
    READING_KINDS,
    DistributionReminded,
    DistributionSent,
    DistributionUrged,
    DistributionWidened,
    MeasureWritten,
    QuizTaken,
    ReadingOpened,
    ReadingUnderstood,
)
from sujin.knowledge.kinds.revision import (
    REVISION_KINDS,
    RevisionBegun,
    RevisionEscalated,
    RevisionJoined,
    RevisionOpened,
    RevisionRefused,
    RevisionReturned,
    RevisionSettled,
    RevisionUnchanged,
)
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

KINDS: list[type[Kind]] = [
    *VERSION_KINDS,
    *ISSUE_KINDS,
    *READING_KINDS,
    *REVISION_KINDS,
    *REWARD_KINDS,
]

__all__ = [
    "KINDS",
    "DistributionReminded",
    "DistributionSent",
    "DistributionUrged",
    "DistributionWidened",
    "IssueAbandoned",
    "IssueArranged",
    "IssueBegun",
    "IssueDistributed",
    "IssueFilled",
    "IssueSigned",
    "MeasureWritten",
    "QuizTaken",
    "ReadingOpened",
    "ReadingUnderstood",
    "RevisionBegun",
    "RevisionEscalated",
    "RevisionJoined",
    "RevisionOpened",
    "RevisionRefused",
    "RevisionReturned",
    "RevisionSettled",
    "RevisionUnchanged",
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
