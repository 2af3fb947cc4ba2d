"""Neither a speaker nor a sentence on both sides of a split."""

from numbers import Integral

import numpy as np
from sklearn.model_selection import BaseCrossValidator, GroupKFold, StratifiedGroupKFold
from sklearn.utils.validation import check_consistent_length

from sklearn_ser.datasets._recordings import is_missing


class SpeakerSentenceSplit(BaseCrossValidator):
    """Test on speakers and sentences of which neither was in training.

    A split by speaker still has every sentence on both sides, so that a model may have learnt how a sentence
    sounds in an emotion. Here each split by speaker is crossed with each split by sentence: what is tested is
    of the test speakers *and* the test sentences, what is trained on is of the training speakers *and* the
    training sentences. The other recordings, of test speakers who say training sentences and of training
    speakers who say test sentences, are on neither side: no such split can use them.

    Read more in the :ref:`User Guide <splits>`.

    Parameters
    ----------
    by_speaker : int or cross-validator, default=5
        How speakers are divided. An integer is ``StratifiedGroupKFold`` of so many splits.

    by_sentence : int or cross-validator, default=2
        How sentences are divided. An integer is ``GroupKFold`` of so many splits; of the two sentences of
        RAVDESS, two leave out one each.

    See Also
    --------
    sklearn.model_selection.StratifiedGroupKFold : Splits by speaker alone, or by sentence alone.
    published_folds : The splits by speaker that the literature uses.
    audit_cv : Tells whether something else is on both sides.

    Notes
    -----
    ``groups`` are two columns, the speaker and the sentence of each recording, as in
    ``numpy.column_stack([corpus.groups, corpus.metadata["statement"]])``; scikit-learn's searches and
    evaluations hand them on as they are.

    With k-fold splitters each recording is tested once. With 5 splits by speaker and 2 by sentence there are
    10 splits; of recordings that are spread evenly, each tests 10 %, trains on 40 % and leaves out 50 %.
    :meth:`n_left_out` counts.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser import SpeakerSentenceSplit
    >>> speakers = ["anna"] * 4 + ["ben"] * 4 + ["cleo"] * 4
    >>> sentences = ["dogs", "kids"] * 6
    >>> emotions = ["sad", "sad", "angry", "angry"] * 3
    >>> groups = np.column_stack([speakers, sentences])
    >>> cv = SpeakerSentenceSplit(by_speaker=3, by_sentence=2)
    >>> cv.get_n_splits(speakers, emotions, groups)
    6
    >>> train, test = next(cv.split(speakers, emotions, groups))
    >>> groups[test].tolist()
    [['anna', 'kids'], ['anna', 'kids']]
    >>> np.unique(groups[train], axis=0).tolist()
    [['ben', 'dogs'], ['cleo', 'dogs']]
    >>> cv.n_left_out(speakers, emotions, groups)
    array([6, 6, 6, 6, 6, 6])
    """

    # As scikit-learn's own splitters by group have it: groups are requested where metadata are routed.
    __metadata_request__split = {"groups": True}

    def __init__(self, by_speaker=5, by_sentence=2):
        self.by_speaker = by_speaker
        self.by_sentence = by_sentence

    def split(self, X, y=None, groups=None):
        """Give the positions of the training and the test recordings of each split.

        Parameters
        ----------
        X : array-like of shape (n_recordings, ...)
            The recordings.
        y : array-like of shape (n_recordings,), default=None
            Their emotions; the default ``by_speaker`` needs them.
        groups : array-like of shape (n_recordings, 2)
            The speaker and the sentence of each recording.

        Yields
        ------
        train : ndarray of shape (n_train,), int
            Positions of the recordings to train on.
        test : ndarray of shape (n_test,), int
            Positions of the recordings to test on.

        Raises
        ------
        ValueError
            ``groups`` are not two columns, there are fewer speakers or sentences than splits of them, or a
            split has nothing to train or to test on.
        """
        speakers, sentences = _columns(X, groups)
        by_speaker, by_sentence = self._splitters()
        of_sentences = list(by_sentence.split(X, y, sentences))
        for own_speakers, other_speakers in by_speaker.split(X, y, speakers):
            for own_sentences, other_sentences in of_sentences:
                train = np.intersect1d(own_speakers, own_sentences)
                test = np.intersect1d(other_speakers, other_sentences)
                for side, positions in (("train", train), ("test", test)):
                    if not len(positions):
                        raise ValueError(
                            f"A split has nothing to {side} on: none of "
                            f"{_some(speakers[own_speakers if side == 'train' else other_speakers])} says "
                            f"{_some(sentences[own_sentences if side == 'train' else other_sentences])}. Use "
                            "fewer splits."
                        )
                yield train, test

    def get_n_splits(self, X=None, y=None, groups=None):
        """Give the number of splits.

        Parameters
        ----------
        X : array-like of shape (n_recordings, ...), default=None
            The recordings.
        y : array-like of shape (n_recordings,), default=None
            Their emotions.
        groups : array-like of shape (n_recordings, 2), default=None
            The speaker and the sentence of each recording; splitters such as ``LeaveOneGroupOut`` need them.

        Returns
        -------
        int
            Splits by speaker times splits by sentence.
        """
        columns = (None, None) if groups is None else _columns(X, groups)
        counts = [
            splitter.get_n_splits(X, y, column)
            for splitter, column in zip(self._splitters(), columns, strict=True)
        ]
        return counts[0] * counts[1]

    def n_left_out(self, X, y=None, groups=None):
        """Count the recordings of each split that are on neither side.

        Parameters
        ----------
        X : array-like of shape (n_recordings, ...)
            The recordings.
        y : array-like of shape (n_recordings,), default=None
            Their emotions.
        groups : array-like of shape (n_recordings, 2)
            The speaker and the sentence of each recording.

        Returns
        -------
        ndarray of shape (n_splits,), int
            Number of recordings, split by split.
        """
        n_recordings = len(_columns(X, groups)[0])
        return np.array([n_recordings - len(train) - len(test) for train, test in self.split(X, y, groups)])

    def _splitters(self):
        splitters = []
        for name, default in (("by_speaker", StratifiedGroupKFold), ("by_sentence", GroupKFold)):
            value = getattr(self, name)
            if isinstance(value, Integral) and not isinstance(value, bool):
                value = default(int(value))
            if not (hasattr(value, "split") and hasattr(value, "get_n_splits")):
                raise ValueError(
                    f"{name} must be a number of splits or one of scikit-learn's splitters; got {value!r}."
                )
            splitters.append(value)
        return splitters


def _columns(X, groups):
    """Take groups apart into speakers and sentences."""
    if groups is None:
        raise ValueError(
            "groups must hold the speaker and the sentence of each recording; got None. Give two columns: "
            "numpy.column_stack([speakers, sentences])."
        )
    columns = np.asarray(groups, dtype=object)
    if columns.ndim != 2 or columns.shape[1] != 2:
        raise ValueError(
            "groups must be two columns, the speaker and the sentence of each recording; got an array of "
            f"shape {columns.shape}. numpy.column_stack([speakers, sentences]) makes them."
        )
    if X is not None:
        check_consistent_length(X, columns)
    for name, column in zip(("speaker", "sentence"), columns.T, strict=True):
        # Nothing is equal to NaN, so that each would be a sentence of its own.
        missing = [row for row, value in enumerate(column) if is_missing(value)]
        if missing:
            raise ValueError(f"Recording {missing[0]} has no {name}: groups holds {column[missing[0]]!r}.")
    return tuple(np.array(column.tolist()) for column in columns.T)


def _some(values):
    """Name a few of those that occur."""
    names = [str(value) for value in np.unique(values)]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
