"""The nouns of the platform."""

from sujin.platform.models.absence import Absence
from sujin.platform.models.entry import Docketed, Entry
from sujin.platform.models.file import Attachment
from sujin.platform.models.identity import Org, Person, Post
from sujin.platform.models.miss import Miss
from sujin.platform.models.notice import Notice

__all__ = ["Absence", "Attachment", "Docketed", "Entry", "Miss", "Notice", "Org", "Person", "Post"]
