"""A fitted classifier on recordings that are worse than those it was scored on."""

from collections.abc import Mapping
from numbers import Integral

import numpy as np
from joblib import Parallel, delayed
from sklearn.utils._param_validation import Interval, validate_params
from sklearn.utils.validation import _num_samples, check_is_fitted

from sklearn_ser.augmentation._recordings import as_sequence, read, refuse_faults
from sklearn_ser.datasets import Recordings

from ._degradations import conditions
from ._labelled import gather, is_corpus
from ._robustness_result import RobustnessResult


@validate_params(
    {
        "fitted": "no_validation",
        "X": "no_validation",
        "y": "no_validation",
        "groups": "no_validation",
        "degradations": [Mapping, None],
        "sample_rate": [Interval(Integral, 1, None, closed="left"), None],
        "random_state": [Interval(Integral, 0, None, closed="left")],
        "n_jobs": [Integral, None],
    },
    prefer_skip_nested_validation=True,
)
def robustness(
    fitted,
    X,
    y=None,
    groups=None,
    *,
    degradations=None,
    sample_rate=None,
    random_state=0,
    n_jobs=None,
):
    """Score a fitted classifier on degraded recordings, by kind and strength.

    Corpora are recorded in silence, close to the mouth. What is to be classified comes over telephones, from
    across a room, too loud or cut off. The recordings are taken through each of these, one at a time, and
    predicted again.

    Parameters
    ----------
    fitted : estimator
        A fitted pipeline from recordings to emotions, or a search over one.
    X : Bunch, array-like or sequence of recordings
        Recordings that ``fitted`` has not heard: paths, or waveforms at the pipeline's sample rate. A corpus
        from one of the loaders has ``y`` and ``groups`` as well.
    y : array-like of shape (n_recordings,) or None, default=None
        Emotions. None where ``X`` is a corpus.
    groups : array-like of shape (n_recordings,) or None, default=None
        Speakers, by which intervals are drawn. None takes those of a corpus or of ``Recordings``; without
        them there are no intervals.
    degradations : dict or None, default=None
        Strengths by name, one or several, such as ``{"noise": [20, 10], "mu_law": 8000}``. Under a name of
        your own an augmentation, such as ``{"room": Reverberation()}``. The names are

        - ``"noise"``: white noise at a signal-to-noise ratio in dB, as
          :class:`~sklearn_ser.augmentation.AdditiveNoise` adds it;
        - ``"gain"``: louder or softer by dB, with nothing clipped;
        - ``"band_limit"``: nothing above a frequency in Hz, as if recorded at twice as many samples a second;
        - ``"mu_law"``: resampled to this rate in Hz and coded in 8 bits, as telephones do (ITU-T G.711), at
          8000 for them;
        - ``"truncation"``: only the first seconds, so many;
        - ``"clipping"``: nothing beyond this share of the recording's largest amplitude.

        None takes all of them at several strengths each, band limits as far as they are below half of the
        sample rate.
    sample_rate : int or None, default=None
        Samples a second of the waveforms, to which files are resampled, in Hz. None takes that of the
        pipeline, which is asked for its parameters of this name.
    random_state : int, default=0
        With the content of a recording it decides what noise is added.
    n_jobs : int or None, default=None
        Threads that read and degrade recordings.

    Returns
    -------
    RobustnessResult
        Predictions under each condition, and the scores that follow from them.

    Raises
    ------
    ValueError
        A strength is out of range; there is an emotion that ``fitted`` does not know; the pipeline has no
        sample rate and none is given, or it has another.
    RecordingError
        ``X`` holds no recordings, or one cannot be decoded.

    See Also
    --------
    evaluate : Scores a classifier on unheard speakers.
    sklearn_ser.augmentation.TrainingAugmenter : Trains on augmented copies, which is a remedy.

    Notes
    -----
    The waveforms of one condition are in memory at a time, beside those given: an hour at 16 kHz takes 230
    MB. Recordings of digital silence have no signal-to-noise ratio, and no noise is added to them. Those that
    are shorter than a ``"truncation"`` stay as they are.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn_ser import AmplitudeEnvelopeTransformer, make_emotional_speech, robustness
    >>> corpus = make_emotional_speech(
    ...     n_speakers=4, n_repetitions=1, emotions=["angry", "sad"], random_state=0
    ... )
    >>> is_heard = corpus.groups < sorted(set(corpus.groups))[2]
    >>> loudness = AmplitudeEnvelopeTransformer(summary=("mean",))
    >>> pipe = make_pipeline(loudness, LogisticRegression(C=1e4))
    >>> _ = pipe.fit(corpus.data[is_heard], corpus.target[is_heard])
    >>> unheard = corpus.recordings[~is_heard], corpus.target[~is_heard]
    >>> result = robustness(pipe, *unheard, degradations={"noise": (20, 10), "gain": 20})
    >>> result.to_frame()[["degradation", "strength", "unit", "score"]].round(1)
      degradation  strength unit  score
    0       clean       NaN         0.8
    1       noise      20.0   dB    0.8
    2       noise      10.0   dB    0.8
    3        gain      20.0   dB    0.5
    """
    check_is_fitted(fitted)
    fitted = getattr(fitted, "best_estimator_", fitted)
    rate = _sample_rate(fitted, sample_rate)
    laid_out = conditions(degradations, rate)
    has_speakers = is_corpus(X) or groups is not None or isinstance(X, Recordings)
    data = gather("robustness", X, y, groups if has_speakers else range(_num_samples(X)))
    emotions = np.asarray(fitted.classes_)
    if len(unknown := np.setdiff1d(data.y, emotions)):
        raise ValueError(
            f"y holds {', '.join(map(repr, unknown.tolist()))}, and fitted tells apart "
            f"{', '.join(map(repr, emotions.tolist()))}."
        )
    recordings = as_sequence(data.X)
    if recordings is None:
        recordings = list(np.asarray(data.X))  # a waveform a row
    refuse_faults(recordings, "recording")
    predictions = [
        np.asarray(fitted.predict(_degraded(data.X, recordings, condition, rate, random_state, n_jobs)))
        for condition in laid_out
    ]
    return RobustnessResult(
        emotions=emotions,
        truth=data.y,
        speakers=data.speakers if has_speakers else None,
        degradations=[condition.name for condition in laid_out],
        strengths=[condition.strength for condition in laid_out],
        units=[condition.unit for condition in laid_out],
        predictions=np.array(predictions),
    )


def _degraded(X, recordings, condition, sample_rate, random_state, n_jobs):
    """Give all recordings as waveforms under one condition, with their speakers if they had them."""

    def work(index):
        return condition.apply(read(recordings[index], index, sample_rate), sample_rate, random_state)

    waveforms = Parallel(n_jobs, require="sharedmem")(delayed(work)(k) for k in range(len(recordings)))
    return Recordings(waveforms, X.speakers) if isinstance(X, Recordings) else waveforms


def _sample_rate(fitted, sample_rate):
    """Give the sample rate that the pipeline takes waveforms to have: nothing is resampled without a word."""
    found = {
        name: value
        for name, value in fitted.get_params(deep=True).items()
        if name.rpartition("__")[2] == "sample_rate"
    }
    if len(set(found.values())) > 1:
        raise ValueError(f"The steps of fitted take waveforms to have different sample rates: {found}.")
    if not found and sample_rate is None:
        raise ValueError(
            "robustness degrades recordings, and no parameter of fitted is called sample_rate. If it begins "
            "with recordings, give their sample_rate; if it begins with features, pass the pipeline that "
            "makes them."
        )
    for name, value in found.items():
        if sample_rate not in (None, value):
            raise ValueError(
                f"sample_rate={sample_rate}, and fitted takes waveforms to be at {name}={value}."
            )
        return value
    return sample_rate
