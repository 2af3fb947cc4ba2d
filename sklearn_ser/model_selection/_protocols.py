"""The splits that the literature uses: who is tested with whom, by the corpora's own codes of speakers."""

from dataclasses import dataclass

from sklearn_ser.datasets._crema_d import CREMA_D
from sklearn_ser.datasets._emodb import EMODB
from sklearn_ser.datasets._ravdess import RAVDESS
from sklearn_ser.datasets._savee import SAVEE
from sklearn_ser.datasets._tess import TESS

CORPORA = {
    "ravdess": RAVDESS,
    "crema_d": CREMA_D,
    "emodb": EMODB,
    "savee": SAVEE,
    "tess": TESS,
}


@dataclass(frozen=True)
class Protocol:
    """Who is tested, fold by fold, and who is held out to choose by."""

    tested: tuple[tuple[str, ...], ...]
    source: str
    validated: tuple[tuple[str, ...], ...] = ()  # one entry a fold, where a protocol has any


def _actors(*folds):
    """Turn RAVDESS's numbers into its codes."""
    return tuple(tuple(f"{number:02}" for number in fold) for fold in folds)


def _one_each(corpus):
    return tuple((code,) for code in corpus.speakers)


def _actor_range(first, last):
    return tuple(str(number) for number in range(first, last + 1))


_LUNA = _actors(
    (2, 5, 14, 15, 16), (3, 6, 7, 13, 18), (10, 11, 12, 19, 20), (8, 17, 21, 23, 24), (1, 4, 9, 22)
)
_SUPERB = tuple(
    _actor_range(*ends) for ends in ((1001, 1018), (1019, 1036), (1037, 1054), (1055, 1072), (1073, 1091))
)
_EMOBOX = "Ma et al., EmoBox, Interspeech 2024, arXiv:2406.07162"
_SERAB = "Scheidwasser-Clow et al., SERAB, arXiv:2110.03414, by TensorFlow Datasets"

PROTOCOLS = {
    ("ravdess", "luna"): Protocol(
        _LUNA, "Luna-Jiménez et al., Sensors 21:7665, 2021, and Applied Sciences 12:327, 2022"
    ),
    ("ravdess", "reslstm"): Protocol(
        _LUNA,
        "ResLSTM-SA, arXiv:2606.03359",
        _actors((3, 6), (10, 11), (8, 17), (1, 14), (2, 5)),
    ),
    ("ravdess", "emobox"): Protocol(
        _actors(
            (1, 11, 20, 21),
            (4, 10, 12, 14),
            (8, 9, 19, 23),
            (3, 5, 7, 24),
            (2, 15, 16, 18),
            (6, 13, 17, 22),
        ),
        _EMOBOX,
    ),
    ("ravdess", "serab"): Protocol(_actors((1, 4, 13, 16, 22)), _SERAB, _actors((6, 8, 10, 19, 20))),
    ("ravdess", "msaf"): Protocol(
        _actors(*(range(first, first + 4) for first in range(1, 25, 4))), "MSAF and CFN-SR, their code"
    ),
    ("ravdess", "pepino"): Protocol(
        _actors((23, 24)),
        "Pepino et al., Interspeech 2021, doi:10.21437/Interspeech.2021-703",
        _actors((21, 22)),
    ),
    ("ravdess", "loso"): Protocol(_one_each(RAVDESS), "leave one speaker out"),
    ("crema_d", "emo_superb"): Protocol(
        _SUPERB, "Wu et al., EMO-SUPERB, arXiv:2402.13018", _SUPERB[1:] + _SUPERB[:1]
    ),
    ("emodb", "loso"): Protocol(_one_each(EMODB), "leave one speaker out"),
    ("savee", "emobox"): Protocol((("JE",), ("KL",), ("DC",), ("JK",)), _EMOBOX),
    ("savee", "tfds"): Protocol((("DC",),), "TensorFlow Datasets", (("JE",),)),
    ("savee", "loso"): Protocol(_one_each(SAVEE), "leave one speaker out"),
    ("tess", "loso"): Protocol(_one_each(TESS), "train on one actress, test on the other"),
}


def speaker_name(corpus, code):
    """Name a speaker as the loaders do."""
    return f"{CORPORA[corpus].prefix}-{code.lower()}"
