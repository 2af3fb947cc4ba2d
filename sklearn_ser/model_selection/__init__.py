"""Who may be in training and who in test, and how far a search is."""

from ._audit_cv import CVAudit, audit_cv
from ._audit_split import SplitAudit, audit_split
from ._published_folds import published_folds
from ._search_progress import search_progress
from ._speaker_sentence_split import SpeakerSentenceSplit

__all__ = [
    "CVAudit",
    "SpeakerSentenceSplit",
    "SplitAudit",
    "audit_cv",
    "audit_split",
    "published_folds",
    "search_progress",
]
