"""Every loader of a published corpus, with a miniature of its folder tree and with all of its names."""

from itertools import product
from string import ascii_lowercase

import pytest

from sklearn_ser import load_crema_d, load_emodb, load_ravdess, load_savee, load_tess
from sklearn_ser.datasets._crema_d import CREMA_D
from sklearn_ser.datasets._emodb import EMODB, RECOGNISED
from sklearn_ser.datasets._ravdess import RAVDESS
from sklearn_ser.datasets._savee import SAVEE
from sklearn_ser.datasets._tess import TESS


class Loader:
    """A loader with what it needs to be tried out."""

    def __init__(self, load, corpus, miniature, complete, n_recordings, missing):
        self.load = load
        self.corpus = corpus
        self.miniature = miniature  # path in the published tree -> emotion and speaker
        self.complete = complete  # every path of the published tree
        self.n_recordings = n_recordings
        self.missing = missing  # from the miniature, by speaker


def _crema_d_names():
    for speaker, n in CREMA_D.n_recordings.items():
        texts = ["MTI", "TIE", "WSI", "IWW", "ITH", "DFA", "IOM", "ITS", "IWL", "TAI", "TSI"]
        names = [f"{text}_{emotion}_XX" for text, emotion in product(texts, CREMA_D.emotions)]
        names += [
            f"IEO_{emotion}_{level}" for emotion, level in product(CREMA_D.emotions, ("LO", "MD", "HI"))
        ]
        names = [name for name in names if not name.startswith("IEO_NEU")] + ["IEO_NEU_XX"]
        yield from (f"AudioWAV/{speaker}_{name}.wav" for name in names[:n])


LOADERS = [
    Loader(
        load_ravdess,
        RAVDESS,
        {
            "Actor_01/03-01-01-01-01-01-01.wav": ("neutral", "ravdess-01"),
            "Actor_01/03-01-02-02-01-01-01.wav": ("calm", "ravdess-01"),
            "Actor_24/03-01-06-02-02-02-24.wav": ("fearful", "ravdess-24"),
            "Actor_24/03-01-08-01-02-02-24.wav": ("surprised", "ravdess-24"),
        },
        [
            f"Actor_{speaker:02}/03-01-0{emotion}-0{intensity}-0{statement}-0{repetition}-{speaker:02}.wav"
            for speaker, emotion, intensity, statement, repetition in product(
                range(1, 25), range(1, 9), (1, 2), (1, 2), (1, 2)
            )
            if (emotion, intensity) != (1, 2)
        ],
        1440,
        "01 58, 02 to 23 60 each, 24 58",
    ),
    Loader(
        load_tess,
        TESS,
        {
            "OAF_Fear/OAF_back_fear.wav": ("fearful", "tess-oaf"),
            "OAF_Pleasant_surprise/OAF_youth_ps.wav": ("surprised", "tess-oaf"),
            "YAF_disgust/YAF_back_disgust.wav": ("disgust", "tess-yaf"),
            "YAF_pleasant_surprised/YAF_back_ps.wav": ("surprised", "tess-yaf"),
        },
        [
            f"{speaker}_{emotion}/{speaker}_{''.join(word)}_{emotion}.wav"
            for speaker, emotion, word in product(
                ("OAF", "YAF"), TESS.emotions, list(product(ascii_lowercase, repeat=2))[:200]
            )
        ],
        2800,
        "OAF to YAF 1398 each",
    ),
    Loader(
        load_savee,
        SAVEE,
        {
            "DC/a01.wav": ("angry", "savee-dc"),
            "DC/sa01.wav": ("sad", "savee-dc"),
            "KL/n30.wav": ("neutral", "savee-kl"),
            "KL/su15.wav": ("surprised", "savee-kl"),
        },
        [
            f"{speaker}/{emotion}{number:02}.wav"
            for speaker, emotion in product(SAVEE.speakers, SAVEE.emotions)
            for number in range(1, 31 if emotion == "n" else 16)
        ],
        480,
        "DC 118, JE to JK 120 each, KL 118",
    ),
    Loader(
        load_emodb,
        EMODB,
        {
            "wav/03a01Fa.wav": ("happy", "emodb-03"),
            "wav/03a01Wa.wav": ("angry", "emodb-03"),
            "wav/16b10Eb.wav": ("disgust", "emodb-16"),
            "wav/16b10Lb.wav": ("boredom", "emodb-16"),
        },
        ["wav/{}{}{}{}.wav".format(*(key[:2], key[3:6], key[7].upper(), key[9])) for key in RECOGNISED],
        535,
        "03 47, 08 58, 09 43, 10 38, 11 55, 12 35, 13 61, 14 69, 15 56, 16 69",
    ),
    Loader(
        load_crema_d,
        CREMA_D,
        {
            "AudioWAV/1001_DFA_ANG_XX.wav": ("angry", "crema_d-1001"),
            "AudioWAV/1001_IEO_HAP_HI.wav": ("happy", "crema_d-1001"),
            "AudioWAV/1091_IEO_SAD_LO.wav": ("sad", "crema_d-1091"),
            "AudioWAV/1091_WSI_NEU_XX.wav": ("neutral", "crema_d-1091"),
        },
        list(_crema_d_names()),
        7442,
        "1001 80, 1002 81, 1003 to 1007 82 each, 1008 to 1009 76 each, 1010 to 1018 82 each",
    ),
]
each_loader = pytest.mark.parametrize("loader", LOADERS, ids=lambda loader: loader.corpus.name)
# A miniature is incomplete by nature.
in_part = pytest.mark.filterwarnings("ignore::sklearn_ser.exceptions.IncompleteCorpusWarning")
