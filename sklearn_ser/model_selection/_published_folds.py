"""The folds that published scores were measured on."""

import numpy as np
from sklearn.model_selection import BaseCrossValidator
from sklearn.utils._param_validation import StrOptions, validate_params
from sklearn.utils.validation import check_consistent_length, column_or_1d

from sklearn_ser._warning import warn
from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import SerWarning

from ._protocols import CORPORA, PROTOCOLS, speaker_name


@validate_params(
    {
        "corpus": [StrOptions(set(CORPORA))],
        "protocol": [str],
        "validation": [StrOptions({"train", "test"}), None],
    },
    prefer_skip_nested_validation=True,
)
def published_folds(corpus, protocol, *, validation=None):
    """Give a splitter with the folds that published scores were measured on.

    A score compares with a published one only on the same folds: on RAVDESS, which speakers are tested
    together moves accuracy by several points.

    Read more in the :ref:`User Guide <published_folds>`.

    Parameters
    ----------
    corpus : {"ravdess", "crema_d", "emodb", "savee", "tess"}
        The corpus, as in the name of its loader.

    protocol : str
        Of ``"ravdess"``:

        - ``"luna"``: five folds of 5, 5, 5, 5 and 4 speakers [1]_
        - ``"reslstm"``: the same with two speakers a fold for validation [2]_
        - ``"emobox"``: six folds of 4 speakers [3]_
        - ``"serab"``: a single split, 14 speakers to train on, 5 for validation, 5 to test on [4]_
        - ``"msaf"``: six folds of 4 speakers in their order, 01 to 04, 05 to 08 and so on, as MSAF and CFN-SR
          have them
        - ``"pepino"``: a single split, tested on 23 and 24, with 21 and 22 for validation; its seven emotions
          count calm as neutral [5]_
        - ``"loso"``: leave one speaker out, 24 folds

        Of ``"crema_d"``: ``"emo_superb"``, five folds of 18 or 19 speakers in their order, each with the next
        fold for validation [6]_. Of ``"emodb"``: ``"loso"``, ten folds. Of ``"savee"``: ``"emobox"``, leave
        one speaker out in the order JE, KL, DC, JK [3]_; ``"tfds"``, a single split of TensorFlow Datasets,
        trained on JK and KL, JE for validation, tested on DC; and ``"loso"``. Of ``"tess"``: ``"loso"``, each
        actress once.

    validation : {"train", "test"} or None, default=None
        Where the speakers go that a protocol has for validation: on neither side as the protocol has it, into
        training, or in place of the test speakers, who are on neither side then, to choose parameters by.

    Returns
    -------
    splitter : cross-validator
        For ``cv=`` of scikit-learn's searches and evaluations. It takes the speakers as ``groups``, named as
        the loader names them; where ``X`` is :class:`~sklearn_ser.datasets.Recordings` it finds them there.
        With the attributes

        tested : tuple of tuple of str
            The speakers tested in each fold.
        validated : tuple of tuple of str
            The speakers for validation in each fold, if there are any.
        source : str
            Where the folds are from.

    Raises
    ------
    ValueError
        The corpus has no such protocol, or the protocol no speakers for validation. When splitting:
        ``groups`` holds speakers that the corpus does not have, no fold has anybody to test, or one has
        nobody to train on.

    Warns
    -----
    SerWarning
        When splitting: speakers of the corpus are missing, so that scores do not compare with published ones.
        Folds that have nobody left to test are left out.

    See Also
    --------
    SpeakerSentenceSplit : No sentence on both sides either.
    sklearn.model_selection.StratifiedGroupKFold : Folds of speakers where none are published.

    Notes
    -----
    What the publications did with these folds is another matter: some chose their epoch by the test speakers.

    References
    ----------
    .. [1] C. Luna-Jiménez et al., "Multimodal emotion recognition on RAVDESS dataset using transfer
       learning", Sensors 21:7665, 2021, and "A proposal for multimodal emotion recognition using aural
       transformers and action units on RAVDESS dataset", Applied Sciences 12:327, 2022.
    .. [2] ResLSTM-SA, arXiv:2606.03359.
    .. [3] Z. Ma et al., "EmoBox: Multilingual multi-corpus speech emotion recognition toolkit and benchmark",
       Interspeech 2024, arXiv:2406.07162.
    .. [4] N. Scheidwasser-Clow et al., "SERAB: A multi-lingual benchmark for speech emotion recognition",
       arXiv:2110.03414; the split is that of TensorFlow Datasets.
    .. [5] L. Pepino et al., "Emotion recognition from speech using wav2vec 2.0 embeddings", Interspeech 2021,
       doi:10.21437/Interspeech.2021-703.
    .. [6] H. Wu et al., "EMO-SUPERB: An in-depth look at speech emotion recognition", arXiv:2402.13018.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser import published_folds
    >>> cv = published_folds("ravdess", "luna")
    >>> cv.get_n_splits()
    5
    >>> cv.tested[4]
    ('ravdess-01', 'ravdess-04', 'ravdess-09', 'ravdess-22')
    >>> speakers = np.array([f"ravdess-{number:02}" for number in range(1, 25)])
    >>> for train, test in cv.split(speakers, groups=speakers):
    ...     print(len(train), test + 1)
    19 [ 2  5 14 15 16]
    19 [ 3  6  7 13 18]
    19 [10 11 12 19 20]
    19 [ 8 17 21 23 24]
    20 [ 1  4  9 22]
    """
    if (corpus, protocol) not in PROTOCOLS:
        known = ", ".join(repr(name) for of, name in PROTOCOLS if of == corpus)
        raise ValueError(f"The protocols of {corpus!r} are {known}; got {protocol!r}.")
    if validation is not None and not PROTOCOLS[corpus, protocol].validated:
        raise ValueError(
            f"{protocol!r} has no speakers for validation in {corpus!r}; got validation={validation!r}."
        )
    return _PublishedFolds(corpus, protocol, validation)


class _PublishedFolds(BaseCrossValidator):
    """The folds of a protocol."""

    __metadata_request__split = {"groups": True}

    def __init__(self, corpus, protocol, validation):
        self.corpus = corpus
        self.protocol = protocol
        self.validation = validation

    def __repr__(self):
        more = "" if self.validation is None else f", validation={self.validation!r}"
        return f"published_folds({self.corpus!r}, {self.protocol!r}{more})"

    @property
    def source(self):
        """Where the folds are from."""
        return PROTOCOLS[self.corpus, self.protocol].source

    @property
    def tested(self):
        """The speakers tested in each fold."""
        return self._named(PROTOCOLS[self.corpus, self.protocol].tested)

    @property
    def validated(self):
        """The speakers for validation in each fold."""
        return self._named(PROTOCOLS[self.corpus, self.protocol].validated)

    def get_n_splits(self, X=None, y=None, groups=None):
        """Give the number of folds; of some of the speakers, those that are left."""
        if groups is None and not isinstance(X, Recordings):
            return len(self.tested)
        return len(self._kept(self._speakers(X, groups)))

    def split(self, X, y=None, groups=None):
        """Give the positions of the training and the test recordings of each fold."""
        speakers = self._speakers(X, groups)
        kept = self._kept(speakers)
        everybody = self._everybody()
        if missing := [speaker for speaker in everybody if speaker not in speakers]:
            n_empty = len(self.tested) - len(kept)
            empty = f" {n_empty} of {len(self.tested)} folds have nobody to test on, and are left out."
            warn(
                f"{self!r} finds {len(everybody) - len(missing)} of the corpus's {len(everybody)} speakers; "
                f"{_some(missing)} are missing.{empty if n_empty else ''} Scores do not compare with "
                "published ones.",
                SerWarning,
            )
        for train, test in kept:
            yield np.flatnonzero(np.isin(speakers, train)), np.flatnonzero(np.isin(speakers, test))

    def _kept(self, speakers):
        """Give who is trained and who is tested on, in the folds that test somebody."""
        sides = [(*sides, index) for index, sides in enumerate(self._sides())]
        kept = [fold for fold in sides if np.isin(fold[1], speakers).any()]
        if not kept:
            tested = [speaker for _, test, _ in sides for speaker in test]
            raise ValueError(f"{self!r} has nobody to test on: groups holds none of {_some(tested)}.")
        for train, _, index in kept:
            if not np.isin(train, speakers).any():
                raise ValueError(
                    f"Fold {index} of {self!r} has nobody to train on: groups holds none of {_some(train)}."
                )
        return [(train, test) for train, test, _ in kept]

    def _sides(self):
        """Yield who is trained and who is tested on, fold by fold."""
        everybody, validated = self._everybody(), self.validated or ((),) * len(self.tested)
        for tested, held_out in zip(self.tested, validated, strict=True):
            kept = tested if self.validation == "train" else (*tested, *held_out)
            yield (
                [speaker for speaker in everybody if speaker not in kept],
                held_out if self.validation == "test" else tested,
            )

    def _speakers(self, X, groups):
        """Give the speakers as an array, if the corpus has all of them."""
        if groups is None and isinstance(X, Recordings):
            groups = X.speakers
        if groups is None:
            raise ValueError(f"{self!r} needs the speakers: give groups=corpus.groups; got None.")
        speakers = column_or_1d(groups, dtype=None)
        check_consistent_length(X, speakers)
        everybody = self._everybody()
        unknown = [str(speaker) for speaker in np.unique(speakers) if speaker not in everybody]
        if unknown:
            raise ValueError(
                f"{self!r} knows the speakers {everybody[0]!r} to {everybody[-1]!r}; groups holds "
                f"{_some(unknown)}. The groups of the corpus's loader are named so; of several corpora, take "
                "the recordings of this one."
            )
        return speakers

    def _everybody(self):
        return self._named([tuple(CORPORA[self.corpus].speakers)])[0]

    def _named(self, folds):
        return tuple(tuple(speaker_name(self.corpus, code) for code in codes) for codes in folds)


def _some(names):
    """Quote a few names, and count the others."""
    names = [str(name) for name in names]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(repr(name) for name in names[:5]) + more
