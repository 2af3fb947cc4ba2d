"""Who may be in training and who in test."""

from ._published_folds import published_folds
from ._speaker_sentence_split import SpeakerSentenceSplit

__all__ = ["SpeakerSentenceSplit", "published_folds"]
