"""Frames to frames of mean 0 and variance 1."""

from os import PathLike

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin, _fit_context
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import RecordingError

from ._frames import refuse_what_is_no_array_of_frames, with_speakers, without_speakers

_N_VALUES_AT_A_TIME = 2**18  # 2 MiB in float64, about what a processor keeps at hand
_KINDS = {2: "rows, one a recording", 3: "frames"}


def _has_columns(normalizer):
    if normalizer.per == "recording" or getattr(normalizer, "_n_axes", 2) > 2:
        raise AttributeError("Frames have three axes and no column names.")
    return True


class CepstralNormalizer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Bring each feature of the frames to mean 0 and variance 1.

    For cepstral coefficients this is cepstral mean (and variance) normalisation: a microphone or a room adds
    a constant to them, which the mean takes away [1]_; the variance is what noise changes [2]_.

    Parameters
    ----------
    per : {"training", "recording", "speaker"}, default="training"
        Whose frames give mean and variance.

        - ``"training"``: those that ``fit`` sees, as in :class:`~sklearn.preprocessing.StandardScaler`.
        - ``"recording"``: those of the recording itself. The level of its voice goes, and what remains is how
          the voice moves; means and standard deviations over its frames no longer tell anything. Rows have
          no frames, and are refused.
        - ``"speaker"``: those of all recordings of its speaker in the ``X`` given to ``transform``, which
          must be :class:`~sklearn_ser.datasets.Recordings`. See the warning below.
    with_mean : bool, default=True
        Whether means are subtracted.
    with_std : bool, default=True
        Whether features are divided by their standard deviations.

    Attributes
    ----------
    mean_ : ndarray of shape (n_features,)
        Means of the training frames. Only with ``per="training"``, as is ``scale_``.
    scale_ : ndarray of shape (n_features,)
        Standard deviations of the training frames; 1 for a feature that is constant.
    n_features_in_ : int
        Features of a frame or row, the size of the last axis of ``X``.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` is a DataFrame.

    Warnings
    --------
    ``per="speaker"`` is transductive: the other recordings of a *test* speaker have a say in how each of them
    is normalised. It is there for a speaker of whom many recordings are at hand, best with the same emotions
    as everybody, and not for a single recording, which it treats as ``"recording"`` does. **A score obtained
    with it cannot be compared with one obtained without.** It has been worth 5 to 9 points of unweighted
    average recall on RAVDESS [3]_, where all speakers act the same emotions equally often, and 1.4 on IEMOCAP
    [4]_. Nothing of it is learned in ``fit``: each call of ``transform`` knows only the recordings it is
    given, so predictions change with their company.

    See Also
    --------
    sklearn_ser.datasets.Recordings : An ``X`` that knows its speakers.
    sklearn_ser.features.MFCCTransformer : Recordings to frames.
    sklearn.preprocessing.StandardScaler : The same for rows, each of them.

    Notes
    -----
    A frame whose features are all exactly zero is padding: it has no say, and stays zero. This holds for the
    output too. A frame that lies exactly at the mean in every feature becomes zero, hence padding for
    whatever comes next: the only frame of a recording or every frame of a constant one, under
    ``per="recording"``. A row of a 2-D ``X`` is no frame, and a row of zeros has its say; the only row of a
    speaker becomes zero under ``per="speaker"``.

    Statistics are computed in float64. A feature whose standard deviation is within rounding (ten units in
    the last place of its mean, in the precision of ``X``) is taken to be constant and divided by 1.

    References
    ----------
    .. [1] B. S. Atal, "Effectiveness of linear prediction characteristics of the speech wave for automatic
       speaker identification and verification", J. Acoust. Soc. Am. 55(6), 1974, doi:10.1121/1.1914702.
    .. [2] O. Viikki, K. Laurila, "Cepstral domain segmental feature vector normalization for noise robust
       speech recognition", Speech Communication 25(1-3), 1998, doi:10.1016/S0167-6393(98)00033-8.
    .. [3] M. H. Sohail, "From MFCCs to speech foundation models: speaker-independent emotion recognition on
       RAVDESS, compared with human listeners", University of Oulu, 2026,
       https://github.com/hsn07pk/ravdess-speaker-independent-ser.
    .. [4] L. Pepino, P. Riera, L. Ferrer, "Emotion recognition from speech using wav2vec 2.0 embeddings",
       Interspeech 2021, doi:10.21437/Interspeech.2021-703, and its published notebook.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.datasets import Recordings
    >>> from sklearn_ser.features import CepstralNormalizer
    >>> rng = np.random.default_rng(0)
    >>> frames = rng.normal(loc=7, scale=3, size=(4, 50, 13))  # 4 recordings of 50 frames
    >>> frames[:, 40:] = 0  # the last 10 of them padding
    >>> normalized = CepstralNormalizer().fit_transform(frames)
    >>> bool(abs(normalized[:, :40].mean()) < 1e-9), bool((normalized[:, 40:] == 0).all())
    (True, True)

    Speakers travel with the recordings:

    >>> X = Recordings(frames, speakers=["anna", "anna", "ben", "ben"])
    >>> CepstralNormalizer(per="speaker").fit_transform(X)
    Recordings of 4 recordings by 2 speakers, each of shape (50, 13)
    """

    _parameter_constraints = {
        "per": [StrOptions({"training", "recording", "speaker"})],
        "with_mean": ["boolean"],
        "with_std": ["boolean"],
    }

    def __init__(self, per="training", *, with_mean=True, with_std=True):
        self.per = per
        self.with_mean = with_mean
        self.with_std = with_std

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Learn the statistics of the training frames; otherwise check ``X``, and learn nothing.

        Parameters
        ----------
        X : array-like of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features)
            Frames, or one row of features a recording, finite numbers; or ``Recordings`` of either.
        y : None
            Not used.

        Returns
        -------
        self : CepstralNormalizer
            The fitted normaliser.

        Raises
        ------
        RecordingError
            ``X`` holds paths, waveforms or padding alone, or is not what ``per`` needs.
        """
        for learned in ("mean_", "scale_"):  # an earlier fit's
            vars(self).pop(learned, None)
        X = self._check_X(X, reset=True)
        self._n_axes = X.ndim
        if self.per == "training":
            places, groups = _recorded_frames(X, np.zeros(len(X), dtype=np.intp))
            if not len(places):
                raise RecordingError(f"X is all padding: every frame of its {len(X)} recordings is zero.")
            (self.mean_,), (self.scale_,) = _statistics(X, places, groups)
        return self

    def transform(self, X):
        """Normalise frames or rows.

        Parameters
        ----------
        X : array-like of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features)
            Frames, or one row of features a recording, finite numbers; or ``Recordings`` of either.

        Returns
        -------
        Recordings or ndarray, of the shape of ``X``
            Normalised frames or rows, float32 where ``X`` is, otherwise float64. ``Recordings`` of the same
            speakers where ``X`` was such, unless ``set_output`` asks for a DataFrame.

        Raises
        ------
        RecordingError
            ``X`` holds paths or waveforms, or is not what ``per`` needs.
        """
        self._validate_params()
        if self.per == "training":
            check_is_fitted(self, "mean_")
        array = self._check_X(X, reset=False)
        if self.per == "speaker":
            of_whom = np.unique(X.speakers, return_inverse=True)[1]
        elif self.per == "recording":
            of_whom = np.arange(len(array))
        else:
            of_whom = np.zeros(len(array), dtype=np.intp)
        places, groups = _recorded_frames(array, of_whom)
        if self.per == "training":
            mean, scale = self.mean_[np.newaxis], self.scale_[np.newaxis]
        else:
            mean, scale = _statistics(array, places, groups)
        mean, scale = mean if self.with_mean else None, scale if self.with_std else None
        return with_speakers(_normalised(array, places, groups, mean, scale), X)

    @available_if(_has_columns)
    def get_feature_names_out(self, input_features=None):
        """Name the columns of normalised rows, as those of ``X``; frames have no columns.

        Parameters
        ----------
        input_features : array-like of str or None, default=None
            Names of the columns; by default those that ``fit`` saw, or else ``"x0"``, ``"x1"`` and so on.

        Returns
        -------
        ndarray of str
            The names.
        """
        return super().get_feature_names_out(input_features)

    def _check_X(self, X, *, reset):
        """Give X as an array, without its speakers."""
        if isinstance(X, Recordings):
            if X.dtype == object:
                raise RecordingError(
                    f"{type(self).__name__} normalises frames or rows, and X holds paths or waveforms: "
                    "MFCCTransformer turns them into either."
                )
        elif self.per == "speaker":
            raise RecordingError(
                "per='speaker' needs to know who speaks: wrap what enters the pipeline, as in "
                f"Recordings(corpus.data, corpus.groups); got a {type(X).__name__}."
            )
        X = without_speakers(X)
        if isinstance(X, (str, PathLike, list, tuple)):
            refuse_what_is_no_array_of_frames(self, X)
        array = check_array(
            X, dtype=[np.float64, np.float32], order="C", allow_nd=True, input_name="X", estimator=self
        )
        if array.ndim > 3 or 0 in array.shape:
            raise RecordingError(
                f"{type(self).__name__} needs X of shape (n_recordings, n_frames, n_features) or "
                f"(n_recordings, n_features), none of them 0; got an array of shape {array.shape}."
            )
        if self.per == "recording" and array.ndim == 2:
            raise RecordingError(
                "per='recording' normalises the frames of each recording, and a row has none: X must be of "
                f"shape (n_recordings, n_frames, n_features); got an array of shape {array.shape}."
            )
        if self.per == "training" and not reset and array.ndim != self._n_axes:
            raise RecordingError(
                f"This {type(self).__name__} was fitted on {_KINDS[self._n_axes]}; "
                f"got {_KINDS[array.ndim]}: an array of shape {array.shape}."
            )
        rows = X if array.ndim == 2 else array.reshape(-1, array.shape[2])
        validate_data(self, rows, reset=reset, skip_check_array=True)  # names and number of the features
        return array

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.two_d_array = self.per != "recording"
        tags.requires_fit = self.per == "training"
        return tags


def _recorded_frames(X, of_whom):
    """Find the frames that are no padding, group after group.

    Parameters
    ----------
    X : ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features)
        Frames, or rows, all of which are recorded.
    of_whom : ndarray of shape (n_recordings,), int
        Which recordings are normalised together: those of equal number.

    Returns
    -------
    places : ndarray of shape (n_recorded,), int
        Their positions among all frames.
    groups : ndarray of shape (n_recorded,), int
        Their groups, ascending from 0 without a gap.
    """
    if X.ndim == 3:
        places = np.flatnonzero(_flat(X).any(axis=1))
        of_whom = of_whom[places // X.shape[1]]
    else:
        places = np.arange(len(X))
    order = np.argsort(of_whom, kind="stable")
    begins = np.diff(of_whom[order], prepend=-1) > 0
    return places[order], np.cumsum(begins) - 1


def _statistics(X, places, groups):
    """Give mean and standard deviation of each group's frames, in float64, as (n_groups, n_features)."""
    frames = _flat(X)
    first = np.flatnonzero(np.diff(groups, prepend=-1))
    n_frames = np.diff(first, append=len(groups))[:, np.newaxis]
    # Offsets from a frame of the group's own: those of a constant feature are exactly zero, and their mean is
    # at most the standard deviation times sqrt(n_frames), so that the difference below keeps its digits.
    origin = frames[places[first]].astype(np.float64)
    total, squares = np.zeros_like(origin), np.zeros_like(origin)
    with np.errstate(over="ignore", invalid="ignore"):  # looked at below
        for part in _parts(X, places):
            offsets = np.subtract(frames[places[part]], origin[groups[part]], dtype=np.float64)
            present, begins = np.unique(groups[part], return_index=True)
            total[present] += np.add.reduceat(offsets, begins, axis=0)
            squares[present] += np.add.reduceat(np.square(offsets, out=offsets), begins, axis=0)
        mean = origin + total / n_frames
        variance = squares / n_frames - (total / n_frames) ** 2
    if not np.isfinite(variance).all():
        raise RecordingError("X holds numbers so large that their squares exceed float64.")
    constant = variance <= (10 * np.finfo(X.dtype).eps * mean) ** 2
    return mean, np.sqrt(np.where(constant, 1.0, variance))


def _normalised(X, places, groups, mean, scale):
    """Subtract each group's mean and divide by its scale, unless they are None; padding is left at zero."""
    frames, normalised = _flat(X), np.zeros(X.shape, dtype=X.dtype)
    for part in _parts(X, places):
        block = frames[places[part]].astype(np.float64, copy=False)
        if mean is not None:
            block -= mean[groups[part]]
        if scale is not None:
            block /= scale[groups[part]]
        _flat(normalised)[places[part]] = block
    return normalised


def _flat(X):
    """Give the frames of all recordings, one after another."""
    return X.reshape(-1, X.shape[-1])


def _parts(X, places):
    """Cut the recorded frames, of which there may be none, into parts that fit a processor's cache."""
    size = max(1, _N_VALUES_AT_A_TIME // X.shape[-1])
    return (slice(start, start + size) for start in range(0, len(places), size))
