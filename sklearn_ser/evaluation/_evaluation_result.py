"""What an evaluation found, recording by recording, and the scores that follow."""

from dataclasses import dataclass, field

import numpy as np

from ._recording_bootstrap import interval_over_recordings
from ._scores import check_score, count_by_unit, score_names, scores_of
from ._speaker_bootstrap import (
    MIN_SPEAKERS,
    check_confidence,
    draw_scores,
    interval_of_difference,
    interval_of_score,
    standard_error,
)
from ._summary import count, summarise
from ._written_form import WrittenResult


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class EvaluationResult(WrittenResult):
    """Predictions of recordings that a classifier was not fitted on, and their scores.

    :func:`evaluate` and :func:`cross_corpus` make it. Every score is computed from the predictions when it is
    asked for, so that a result that was written to a file can be asked for others.

    Parameters
    ----------
    emotions : ndarray of shape (n_emotions,)
        Emotions, sorted.
    recordings : ndarray of shape (n_recordings,)
        Paths of the recordings that were predicted, or their positions in ``X``.
    truth : ndarray of shape (n_recordings,)
        Their emotions.
    speakers : ndarray of shape (n_recordings,)
        Their speakers.
    folds : ndarray of int of shape (n_recordings,)
        The fold whose test part each recording is in.
    predictions : ndarray of shape (n_runs, n_recordings)
        Predicted emotions. There is one run for each of ``random_states``.
    probabilities : ndarray of shape (n_runs, n_recordings, n_emotions) or None, default=None
        Predicted probabilities, where the classifier has them.
    random_states : tuple of int or None, default=(None,)
        What stood in each run in the place of every ``random_state``; None is the classifier as it was given.
    metadata : dict of str to ndarray of shape (n_recordings,), default={}
        What else is known of each recording.
    left_out : dict of str to int, default={}
        Numbers of recordings that are not in the result, by reason.
    best_params : list or None, default=None
        What a search chose, as one dict a fold for each run.
    histories : list or None, default=None
        ``history_`` of each fit, one dict of str to list of float a fold for each run: of a pipeline that of
        its last step, of a search that of its best estimator. A fold without one has None.
    searches : list or None, default=None
        What a search has tried, one dict a fold for each run: ``params``, the scores of ``cv_results_`` as
        lists, ``best_index``, ``refit`` and ``scoring``. A fold without a search has None.
    random_split : EvaluationResult or None, default=None
        The same recipe, with recordings divided without regard to speakers.
    controls : tuple of EvaluationResult, default=()
        The same recipe on emotions that were shuffled within each speaker, which are their ``truth``.
    estimator, outer : str, default=""
        What was evaluated, and how it was split.

    See Also
    --------
    evaluate : Makes a result by cross-validation over speakers.
    cross_corpus : Makes a result by training on some corpora and testing on others.
    compare : Tells whether one of two results is better.

    Notes
    -----
    Scores are ``"balanced_accuracy"``, the mean recall of the emotions, ``"accuracy"``, ``"macro_f1"``, the
    mean F1 of the emotions, and ``"recall_angry"`` and so on. Each is computed for all recordings of a run
    together, whatever their fold; runs are then averaged.

    An interval tells how far the score may be from that of all the speakers whom these might have been. They
    are drawn with replacement 10,000 times, which gives the score's standard error, and the interval is
    Student's, of the score's logit. Percentiles of the drawn scores would be too close to each other: of 24
    speakers they would hold the truth in about 92 of 100 cases, where these do in 95. What a classifier owes
    to chance in training is not in the interval, but in the standard deviation over runs.

    One speaker or two tell too little of others: there is no interval over fewer than three. That of a single
    speaker's score in ``by`` is another, over the speaker's recordings, not over speakers.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.evaluation import EvaluationResult
    >>> result = EvaluationResult(
    ...     emotions=np.array(["angry", "sad"]),
    ...     recordings=np.arange(8),
    ...     truth=np.array(["angry", "sad"] * 4),
    ...     speakers=np.repeat(["anna", "ben", "cleo", "dan"], 2),
    ...     folds=np.repeat([0, 1], 4),
    ...     predictions=np.array([["angry", "sad", "sad", "sad", "angry", "sad", "angry", "angry"]]),
    ... )
    >>> result.score()
    array([0.75])
    >>> result.interval().round(1)
    array([0.2, 1. ])
    >>> result.confusion_matrix(normalize=None)
    array([[3., 1.],
           [1., 3.]])
    """

    emotions: np.ndarray
    recordings: np.ndarray
    truth: np.ndarray
    speakers: np.ndarray
    folds: np.ndarray
    predictions: np.ndarray
    probabilities: np.ndarray | None = None
    random_states: tuple = (None,)
    metadata: dict = field(default_factory=dict)
    left_out: dict = field(default_factory=dict)
    best_params: list | None = None
    histories: list | None = None
    searches: list | None = None
    random_split: "EvaluationResult | None" = None
    controls: tuple = ()
    estimator: str = ""
    outer: str = ""

    def score(self, score="balanced_accuracy"):
        """Give the score of each run.

        Parameters
        ----------
        score : str, default="balanced_accuracy"
            Name of the score.

        Returns
        -------
        ndarray of shape (n_runs,)
            Scores, from 0 to 1.
        """
        return scores_of(self._tables().sum(axis=0))[:, check_score(score, self.emotions)]

    def interval(self, score="balanced_accuracy", *, confidence=0.95):
        """Give an interval of the mean score over runs, by bootstrap over speakers.

        Parameters
        ----------
        score : str, default="balanced_accuracy"
            Name of the score.
        confidence : float, default=0.95
            How often such intervals hold the score of all speakers whom these might have been.

        Returns
        -------
        ndarray of shape (2,)
            Lower and upper end; NaN for fewer than three speakers.
        """
        check_confidence(confidence)
        position = check_score(score, self.emotions)
        return _means_and_intervals(self._tables(), confidence)[1:, position]

    def gap(self, score="balanced_accuracy", *, confidence=0.95):
        """Tell how much better the same recipe seems to be under a random split.

        Parameters
        ----------
        score : str, default="balanced_accuracy"
            Name of the score.
        confidence : float, default=0.95
            As in ``interval``.

        Returns
        -------
        ndarray of shape (3,)
            Score under the random split less the score on unheard speakers, and the ends of its interval, for
            which the same speakers are drawn on both sides; NaN for fewer than three.

        Raises
        ------
        ValueError
            The result has no random split.
        """
        check_confidence(confidence)
        position = check_score(score, self.emotions)
        if self.random_split is None:
            raise ValueError("There is no random split to compare with: evaluate with random_split=True.")
        return _gaps(self, confidence)[:, position]

    def confusion_matrix(self, normalize="true"):
        """Count what was predicted of each emotion, on average over runs.

        Parameters
        ----------
        normalize : {"true", "pred", "all"} or None, default="true"
            Whether shares are of an emotion's recordings (the diagonal is recall), of what was predicted as
            it (the diagonal is precision), or of all recordings; None gives numbers of recordings.

        Returns
        -------
        ndarray of shape (n_emotions, n_emotions)
            A row for each emotion that it was, a column for each that was predicted. An emotion that was
            never predicted has NaN in its column with ``"pred"``.
        """
        _check_one_of("normalize", normalize, ("true", "pred", "all", None))
        table = self._tables().sum(axis=0).mean(axis=0)
        whole = {
            None: 1.0,
            "all": table.sum(),
            "true": table.sum(axis=1, keepdims=True),
            "pred": table.sum(axis=0, keepdims=True),
        }[normalize]
        return np.divide(
            table, whole, out=np.full_like(table, np.nan), where=np.broadcast_to(whole, table.shape) > 0
        )

    def by(self, column, *, confidence=0.95):
        """Give the scores of parts of the recordings, such as those of each speaker.

        Parameters
        ----------
        column : str
            ``"speaker"``, ``"emotion"``, ``"fold"``, or a column of ``metadata``, such as ``"sex"``.
        confidence : float, default=0.95
            As in ``interval``.

        Returns
        -------
        pandas.DataFrame of shape (n_values, 7)
            By value: numbers of recordings and speakers, balanced accuracy with its interval, accuracy and
            macro-F1, means over runs. Recordings of which nothing is known in ``metadata`` are a part as
            well. Where a part is a single speaker, the interval is over the speaker's recordings, not over
            speakers: they are drawn 2,000 times within each emotion, and it tells what other recordings of
            the same voice might have given, and nothing of other voices. A part of two speakers has NaN.

        Raises
        ------
        ValueError
            There is no such column.
        """
        import pandas as pd

        check_confidence(confidence)
        values = self._column(column)
        codes, found = pd.factorize(values, sort=values.dtype.kind != "O", use_na_sentinel=False)
        rows = []
        for code in range(len(found)):
            own = codes == code
            tables = self._tables(own)
            mean, low, high = _means_and_intervals(tables, confidence)
            ends = low[0], high[0]
            if len(tables) == 1:
                right = (self.predictions[:, own] == self.truth[own]).mean(axis=0)
                ends = interval_over_recordings(mean[0], right, self.truth[own], confidence)
            rows.append((int(own.sum()), len(tables), mean[0], *ends, *mean[1:3]))
        columns = ["n_recordings", "n_speakers", "balanced_accuracy", "low", "high", "accuracy", "macro_f1"]
        return pd.DataFrame(rows, index=pd.Index(found, name=column), columns=columns)

    def to_frame(self, rows="scores"):
        """Give the scores, or the predictions, as a table.

        Parameters
        ----------
        rows : {"scores", "recordings"}, default="scores"
            What a row is: a score, or a recording in one run.

        Returns
        -------
        pandas.DataFrame
            Of scores: name, mean over runs, their standard deviation (NaN for one run), the 95 % interval
            over speakers, and with a random split or a control their means and the gap. Of recordings: what
            they are, the truth as ``emotion``, the fold, the run's ``random_state``, what was predicted, the
            probability of each emotion, and the metadata.
        """
        _check_one_of("rows", rows, ("scores", "recordings"))
        return _frame_of_scores(self) if rows == "scores" else _frame_of_recordings(self)

    def __repr__(self):
        return (
            f"<EvaluationResult of {len(self.truth)} recordings of "
            f"{count(len(np.unique(self.speakers)), 'speaker')}: balanced accuracy {self.score().mean():.3f}>"
        )

    def __str__(self):
        gaps = None if self.random_split is None else _gaps(self, 0.95)
        return summarise(self, score_names(self.emotions), _means_and_intervals(self._tables(), 0.95), gaps)

    def _column(self, column):
        known = {"speaker": self.speakers, "emotion": self.truth, "fold": self.folds, **self.metadata}
        if column not in known:
            raise ValueError(f"column must be one of {', '.join(map(repr, known))}; got {column!r}.")
        return known[column]

    def _tables(self, which=slice(None), units=None):
        """Count what was predicted of each speaker, or of each of other units, of some of the recordings."""
        of_whom = self.speakers[which] if units is None else units
        found, codes = np.unique(of_whom, return_inverse=True)
        number = np.searchsorted
        return count_by_unit(
            number(self.emotions, self.truth[which]),
            number(self.emotions, self.predictions[:, which]),
            codes,
            len(found),
            len(self.emotions),
        )


def _means_and_intervals(tables, confidence):
    """Give the mean over runs, and the ends of an interval, of every score: shape (3, n_scores)."""
    mean = scores_of(tables.sum(axis=0)).mean(axis=0)
    if len(tables) < MIN_SPEAKERS:
        return np.stack([mean, *np.full((2, len(mean)), np.nan)])
    error = standard_error(draw_scores(tables)[0], len(tables))
    return np.stack([mean, *interval_of_score(mean, error, len(tables), confidence)])


def _gaps(result, confidence):
    """Give what a random split adds to each score, and the ends of its interval: shape (3, n_scores)."""
    ours, theirs = result._tables(), result.random_split._tables()
    gap = scores_of(theirs.sum(axis=0)).mean(axis=0) - scores_of(ours.sum(axis=0)).mean(axis=0)
    if len(ours) < MIN_SPEAKERS:
        return np.stack([gap, *np.full((2, len(gap)), np.nan)])
    drawn_theirs, drawn_ours = draw_scores(theirs, ours)
    error = standard_error(drawn_theirs - drawn_ours, len(ours))
    return np.stack([gap, *interval_of_difference(gap, error, len(ours), confidence)])


def _frame_of_scores(result):
    import pandas as pd

    names = score_names(result.emotions)
    of_runs = scores_of(result._tables().sum(axis=0))
    mean, low, high = _means_and_intervals(result._tables(), 0.95)
    std = of_runs.std(axis=0, ddof=1) if len(of_runs) > 1 else np.full(len(mean), np.nan)
    columns = {"score": names, "mean": mean, "std": std, "low": low, "high": high}
    if result.random_split is not None:
        gap, gap_low, gap_high = _gaps(result, 0.95)
        columns |= {"random_split": mean + gap, "gap": gap, "gap_low": gap_low, "gap_high": gap_high}
    if result.controls:
        columns["control"] = np.mean(
            [scores_of(one._tables().sum(axis=0)).mean(axis=0) for one in result.controls], axis=0
        )
    return pd.DataFrame(columns)


def _frame_of_recordings(result):
    import pandas as pd

    tables = []
    for run, random_state in enumerate(result.random_states):
        columns = {
            "recording": result.recordings,
            "emotion": result.truth,
            "speaker": result.speakers,
            "fold": result.folds,
            "random_state": random_state,
            "predicted": result.predictions[run],
        }
        if result.probabilities is not None:
            of_run = result.probabilities[run].T
            columns |= {f"p_{name}": values for name, values in zip(result.emotions, of_run, strict=True)}
        tables.append(pd.DataFrame(columns | result.metadata))
    return pd.concat(tables, ignore_index=True)


def _check_one_of(name, value, known):
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}; got {value!r}.")
