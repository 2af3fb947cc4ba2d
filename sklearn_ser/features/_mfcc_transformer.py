"""Recordings to mel-frequency cepstral coefficients."""

import warnings
from itertools import chain
from numbers import Integral, Real

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils import gen_even_slices
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import _check_feature_names_in

from sklearn_ser.exceptions import RecordingError, SerWarning

from ._cepstrum import CepstrumParams, deltas, empty_filters, mfcc, trim
from ._duration import CROPS, crop, pad, warn_of_crops
from ._recordings import check_recordings, read_recording

_STATISTICS = {
    "mean": lambda frames: frames.mean(axis=0),
    "std": lambda frames: frames.std(axis=0),
    "min": lambda frames: frames.min(axis=0),
    "max": lambda frames: frames.max(axis=0),
    "median": lambda frames: np.median(frames, axis=0),
}
_DELTA_NAMES = ("", "_delta", "_delta2")


def _has_rows(transformer):
    if transformer.summary is None:
        raise AttributeError(
            "Frames have three axes and no column names: give summary=('mean', 'std'), say, for columns."
        )
    return True


class MFCCTransformer(TransformerMixin, BaseEstimator):
    """Turn recordings into mel-frequency cepstral coefficients.

    Files are decoded, their channels averaged, and resampled to ``sample_rate``; waveforms are taken to be
    at ``sample_rate``. The coefficients are those of ``librosa.feature.mfcc`` [1]_ where ``noise_floor`` and
    ``trim_db`` are None. ``fit`` learns nothing.

    Parameters
    ----------
    sample_rate : int, default=16000
        Samples per second, to which files are resampled and at which waveforms are taken to be.
    n_mfcc : int, default=40
        Coefficients of a frame, the level's included.
    n_fft : int, default=512
        Samples that are transformed for a frame.
    win_length : int or None, default=None
        Samples that a frame's window spans, padded with zeros to ``n_fft``; None spans ``n_fft``.
    hop_length : int, default=320
        Samples from one frame to the next (20 ms at 16 kHz).
    window : str, tuple or float, default="hann"
        A window that ``scipy.signal.get_window`` knows.
    center : bool, default=True
        Whether frames are centred on multiples of ``hop_length``, the recording being padded by
        ``n_fft // 2`` samples at both ends; otherwise they begin there.
    pad_mode : {"constant", "edge", "reflect", "symmetric"}, default="constant"
        What that padding holds: zeros, the outermost sample, or a mirror image with or without it.
    n_mels : int, default=64
        Filters on the mel scale.
    fmin : float, default=0.0
        Lower end of the lowest filter in Hz.
    fmax : float or None, default=None
        Upper end of the highest filter in Hz; None is half the sample rate.
    htk : bool, default=False
        Whether the mel scale is HTK's; otherwise it is Slaney's.
    mel_norm : {"slaney"}, float or None, default="slaney"
        How filters are scaled: to the same area, to the same norm of that order, or to the same height.
    dct_type : {1, 2, 3}, default=2
        Type of the discrete cosine transform.
    dct_norm : {"ortho"} or None, default="ortho"
        Norm of the discrete cosine transform.
    lifter : float, default=0
        Length of the sinusoidal lifter over coefficients; 0 is none.
    power : float, default=2.0
        Exponent of the magnitude spectrum: 2 for power, 1 for magnitude.
    amin : float, default=1e-10
        Smallest filter output, below which the logarithm does not go.
    top_db : float or None, default=80.0
        Range in dB under the recording's loudest filter output, below which everything is cut off.
    noise_floor : float or None, default=-60.0
        Level in dB (full scale is 0) of a white noise whose expected power is added to each filter's output
        before the logarithm, so that differences between silences vanish [2]_; None adds nothing.
    trim_db : float or None, default=30.0
        Leading and trailing parts this many dB below the loudest are cut off, by the definition of
        ``librosa.effects.trim``; None cuts nothing off.
    duration : float or None, default=4.5
        Seconds to which every recording is brought, after trimming, so that all have the same number of
        frames; None leaves recordings as long as they are.
    crop : {"warn", "center", "start", "end", "raise"}, default="warn"
        Which part of a recording longer than ``duration`` is kept: its centre, start or end. ``"warn"`` keeps
        the centre and warns; ``"raise"`` refuses.
    pad : {"zero", "repeat"}, default="zero"
        What follows a recording shorter than ``duration``: frames of zeros, which ``CNNEmotionClassifier``
        takes for padding, or its own frames over again.
    delta : {0, 1, 2}, default=0
        Orders of slopes that are appended to the coefficients, as ``librosa.feature.delta`` computes them
        over nine frames; a recording of fewer frames has its first and last one repeated.
    summary : tuple of {"mean", "std", "min", "max", "median"} or None, default=None
        Statistics over a recording's frames, padding left out, that make one row of it. None gives frames.
    n_jobs : int or None, default=None
        Threads at work; None is one, -1 as many as there are processors.

    Attributes
    ----------
    n_features_in_ : int
        Samples of a waveform, where ``X`` is 2-D.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` is a DataFrame.

    See Also
    --------
    sklearn_ser.classification.CNNEmotionClassifier : Frames to emotions.

    Notes
    -----
    librosa's own defaults are ``sample_rate=22050, n_mfcc=20, n_fft=2048, hop_length=512, n_mels=128,
    noise_floor=None, trim_db=None``, with ``duration=None`` for a single recording.

    Recordings do not influence each other: a recording has the same values alone, in company and in any
    order. Digital silence and recordings shorter than a frame have finite values as long as ``center`` is
    true and ``pad_mode`` is not a mirror image; what a definition does not cover is refused by name.

    References
    ----------
    .. [1] B. McFee et al., "librosa: Audio and music signal analysis in Python", SciPy 2015,
       doi:10.25080/Majora-7b98e3ed-003.
    .. [2] The additive constant of a noise compensation, here the expectation of adding white noise to the
       waveform; see M. J. F. Gales, S. J. Young, "Robust continuous speech recognition using parallel model
       combination", IEEE Trans. Speech Audio Process. 4(5), 1996, doi:10.1109/89.536929.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.features import MFCCTransformer
    >>> rng = np.random.default_rng(0)
    >>> waveforms = [0.1 * rng.normal(size=n).astype(np.float32) for n in (16_000, 40_000)]
    >>> MFCCTransformer(n_mfcc=13).fit_transform(waveforms).shape
    (2, 226, 13)
    >>> rows = MFCCTransformer(n_mfcc=13, summary=("mean", "std"))
    >>> rows.fit_transform(waveforms).shape
    (2, 26)
    >>> rows.get_feature_names_out()[:2]
    array(['mfcc0_mean', 'mfcc1_mean'], dtype=object)
    """

    _parameter_constraints = {
        "sample_rate": [Interval(Integral, 1, None, closed="left")],
        "n_mfcc": [Interval(Integral, 1, None, closed="left")],
        "n_fft": [Interval(Integral, 2, None, closed="left")],
        "win_length": [Interval(Integral, 1, None, closed="left"), None],
        "hop_length": [Interval(Integral, 1, None, closed="left")],
        "window": [str, tuple, Interval(Real, 0, None, closed="left")],
        "center": ["boolean"],
        "pad_mode": [StrOptions({"constant", "edge", "reflect", "symmetric"})],
        "n_mels": [Interval(Integral, 1, None, closed="left")],
        "fmin": [Interval(Real, 0, None, closed="left")],
        "fmax": [Interval(Real, 0, None, closed="neither"), None],
        "htk": ["boolean"],
        "mel_norm": [StrOptions({"slaney"}), Interval(Real, 0, None, closed="neither"), None],
        "dct_type": [Interval(Integral, 1, 3, closed="both")],
        "dct_norm": [StrOptions({"ortho"}), None],
        "lifter": [Interval(Real, 0, None, closed="left")],
        "power": [Interval(Real, 0, None, closed="neither")],
        "amin": [Interval(Real, float(np.finfo(np.float32).tiny), 1, closed="both")],
        "top_db": [Interval(Real, 0, None, closed="left"), None],
        "noise_floor": [Interval(Real, None, None, closed="neither"), None],
        "trim_db": [Interval(Real, 0, None, closed="neither"), None],
        "duration": [Interval(Real, 0, None, closed="neither"), None],
        "crop": [StrOptions({*CROPS, "raise"})],
        "pad": [StrOptions({"zero", "repeat"})],
        "delta": [Interval(Integral, 0, 2, closed="both")],
        "summary": [tuple, list, None],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        *,
        sample_rate=16_000,
        n_mfcc=40,
        n_fft=512,
        win_length=None,
        hop_length=320,
        window="hann",
        center=True,
        pad_mode="constant",
        n_mels=64,
        fmin=0.0,
        fmax=None,
        htk=False,
        mel_norm="slaney",
        dct_type=2,
        dct_norm="ortho",
        lifter=0,
        power=2.0,
        amin=1e-10,
        top_db=80.0,
        noise_floor=-60.0,
        trim_db=30.0,
        duration=4.5,
        crop="warn",
        pad="zero",
        delta=0,
        summary=None,
        n_jobs=None,
    ):
        self.sample_rate = sample_rate
        self.n_mfcc = n_mfcc
        self.n_fft = n_fft
        self.win_length = win_length
        self.hop_length = hop_length
        self.window = window
        self.center = center
        self.pad_mode = pad_mode
        self.n_mels = n_mels
        self.fmin = fmin
        self.fmax = fmax
        self.htk = htk
        self.mel_norm = mel_norm
        self.dct_type = dct_type
        self.dct_norm = dct_norm
        self.lifter = lifter
        self.power = power
        self.amin = amin
        self.top_db = top_db
        self.noise_floor = noise_floor
        self.trim_db = trim_db
        self.duration = duration
        self.crop = crop
        self.pad = pad
        self.delta = delta
        self.summary = summary
        self.n_jobs = n_jobs

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check the parameters and the recordings; nothing is learned.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, or array-like of shape (n_recordings, n_samples)
            Paths of audio files, or waveforms, full scale 1. No file is decoded.
        y : None
            Not used.

        Returns
        -------
        self : MFCCTransformer
            The transformer.
        """
        self._cepstrum_params()
        check_recordings(self, X, reset=True)
        return self

    def transform(self, X):
        """Compute the coefficients.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, or array-like of shape (n_recordings, n_samples)
            Paths of audio files, or waveforms, full scale 1.

        Returns
        -------
        ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features), float32
            Frames in time, or one row a recording with ``summary``. The features are the coefficients, then
            their slopes and curvatures; of a row, each statistic of all of them in turn.

        Raises
        ------
        RecordingError
            Recordings are missing, cannot be decoded, hold no or no finite sample, or are too short or too
            long for the parameters. The message names them by position and path.

        Warns
        -----
        CroppedRecordingWarning
            Recordings are longer than ``duration`` and ``crop`` is ``"warn"``.
        """
        self._validate_params()
        params = self._cepstrum_params()
        recordings = check_recordings(self, X, reset=False)
        slices = list(gen_even_slices(len(recordings), min(len(recordings), 64)))
        parts = Parallel(self.n_jobs, prefer="threads")(
            delayed(self._transform_slice)(recordings, part, params) for part in slices
        )
        features, lengths = (list(chain.from_iterable(each)) for each in zip(*parts, strict=True))
        if self.crop == "warn":
            warn_of_crops(recordings, lengths, self._n_samples(), self.sample_rate)
        if len({len(one) for one in features}) > 1:
            raise RecordingError(
                "Without a duration, recordings must have equal lengths, or a summary be made."
            )
        return np.stack(features)

    @available_if(_has_rows)
    def get_feature_names_out(self, input_features=None):
        """Name the columns of the output; there are none without ``summary``.

        Parameters
        ----------
        input_features : array-like of str or None, default=None
            Names of the columns that ``fit`` saw, if any; they do not enter the names.

        Returns
        -------
        ndarray of str
            Such as ``"mfcc0_mean"`` and ``"mfcc12_delta2_std"``.
        """
        _check_feature_names_in(self, input_features, generate_names=False)
        names = [f"mfcc{k}{order}" for order in _DELTA_NAMES[: 1 + self.delta] for k in range(self.n_mfcc)]
        return np.array([f"{name}_{statistic}" for statistic in self.summary for name in names], dtype=object)

    def _cepstrum_params(self):
        """Gather the parameters of the definition, after checking them against each other."""
        nyquist = self.sample_rate / 2
        params = CepstrumParams(
            **{name: getattr(self, name) for name in CepstrumParams.__dataclass_fields__}
            | {
                "win_length": self.n_fft if self.win_length is None else self.win_length,
                "fmax": nyquist if self.fmax is None else self.fmax,
            }
        )
        for fault, message in [
            (params.win_length > self.n_fft, f"win_length={self.win_length} exceeds n_fft={self.n_fft}"),
            (self.n_mfcc > self.n_mels, f"n_mfcc={self.n_mfcc} exceeds n_mels={self.n_mels}"),
            (params.fmax > nyquist, f"fmax={self.fmax} exceeds half of sample_rate={self.sample_rate}"),
            (self.fmin >= params.fmax, f"fmin={self.fmin} is not below fmax={params.fmax}"),
            (self.dct_type == 1 and self.n_mels < 2, "dct_type=1 needs n_mels of 2 or more"),
        ]:
            if fault:
                raise ValueError(f"MFCCTransformer cannot work: {message}.")
        unknown = [name for name in self.summary or () if name not in _STATISTICS]
        if unknown or (self.summary is not None and len(self.summary) == 0):
            raise ValueError(f"summary must name some of {sorted(_STATISTICS)}; got {self.summary!r}.")
        n_empty = empty_filters(params)
        if n_empty:
            warnings.warn(
                f"{n_empty} of {self.n_mels} mel filters lie between the frequencies of n_fft={self.n_fft} "
                "and are empty; fewer n_mels or a longer n_fft would fill them.",
                SerWarning,
                stacklevel=3,
            )
        return params

    def _transform_slice(self, recordings, part, params):
        """Transform some recordings; also give the samples that each had after trimming."""
        features, lengths, n_samples = [], [], self._n_samples()
        for index in range(part.start, part.stop):
            waveform = read_recording(recordings[index], index, self.sample_rate)
            if self.trim_db is not None:
                waveform = trim(waveform, self.trim_db)
            lengths.append(len(waveform))
            if len(waveform) > n_samples:
                waveform = crop(waveform, index, n_samples, self.crop, self.sample_rate)
            frames = self._frames(waveform, index, params)
            if self.summary is not None:
                frames = np.concatenate([_STATISTICS[name](frames) for name in self.summary])
            elif self.duration is not None:
                frames = pad(frames, params.n_frames(n_samples), self.pad)
            features.append(frames)
        return features, lengths

    def _n_samples(self):
        """Count the samples of ``duration``; infinitely many where it is None."""
        return np.inf if self.duration is None else max(1, round(self.duration * self.sample_rate))

    def _frames(self, waveform, index, params):
        """Compute a recording's frames, slopes and curvatures included."""
        mirrors = self.center and self.pad_mode in ("reflect", "symmetric")
        if params.n_frames(len(waveform)) < 1 or (mirrors and len(waveform) <= self.n_fft // 2):
            raise RecordingError(
                f"Recording {index} is too short for n_fft={self.n_fft}, center={self.center} and "
                f"pad_mode={self.pad_mode!r}: it has {len(waveform)} samples. "
                "center=True with pad_mode='constant' takes recordings of any length."
            )
        with np.errstate(over="ignore", invalid="ignore"):  # looked at in the next line
            coefficients = mfcc(np.asarray(waveform, dtype=np.float32), params)
        if not np.isfinite(coefficients).all():
            raise RecordingError(f"Recording {index} is too loud for float32: full scale is 1.")
        orders = [coefficients, *(deltas(coefficients, order) for order in range(1, 1 + self.delta))]
        return np.concatenate(orders, axis=1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags
