"""From folders and tables to paths, emotions and speakers; nothing is decoded here."""

from ._crema_d import load_crema_d
from ._emodb import load_emodb
from ._emotional_speech import make_emotional_speech
from ._load_corpus import load_corpus
from ._load_table import load_table
from ._ravdess import load_ravdess
from ._recordings import Recordings
from ._savee import load_savee
from ._tess import load_tess

__all__ = [
    "Recordings",
    "load_corpus",
    "load_crema_d",
    "load_emodb",
    "load_ravdess",
    "load_savee",
    "load_table",
    "load_tess",
    "make_emotional_speech",
]
