"""Recordings to spectrograms."""

import numpy as np
from sklearn.utils._param_validation import StrOptions

from ._magnitude import Spectrogram
from ._mel import Logarithm
from ._recording_transformer import AMIN, NOT_NEGATIVE, SpectralTransformer, plain


class STFTTransformer(SpectralTransformer):
    """Turn recordings into spectrograms: magnitudes of a short-time Fourier transform.

    Files are decoded, their channels averaged, and resampled to ``sample_rate``; waveforms are taken to be
    at ``sample_rate``. The magnitudes are those of ``librosa.stft``, and levels those of
    ``librosa.power_to_db``, where ``trim_db`` and ``noise_floor`` are None. ``fit`` learns nothing.

    Parameters
    ----------
    sample_rate : int, default=16000
        Samples per second, to which files are resampled and at which waveforms are taken to be.
    n_fft : int, default=512
        Length of a frame: samples that are transformed. Any number works; one whose prime factors are small
        is fast (a prime number of samples takes about 4 times as long as 512).
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
    scale : {"magnitude", "power", "db"}, default="magnitude"
        Magnitudes, their squares, or ten times the decimal logarithm of these.
    amin : float, default=1e-10
        Smallest power, below which the logarithm does not go.
    top_db : float or None, default=80.0
        Range in dB under the recording's loudest power, below which everything is cut off. A spectrum
        is computed in single precision, which tells 80 dB apart, and in double precision where more counts.
    noise_floor : float or None, default=None
        Level in dB (full scale is 0) of a white noise whose expected magnitude or power is added to that of
        each frequency, so that differences between silences vanish; None adds nothing.
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
    summary : tuple of str or None, default=None
        Functionals over a recording's frames, padding left out, that make one row of it, such as ``"mean"``,
        ``"std"`` and ``"p95"``; :class:`FunctionalsTransformer` lists them. None gives frames.
    memory : str, path-like, DiskCache or None, default=None
        Folder where each recording's features are kept. They are found again by the recording's content and
        the parameters that matter, so that a search computes them once; None computes them each time.
    n_jobs : int or None, default=None
        Threads at work; None is one, -1 as many as there are processors.
    verbose : int, default=1
        Whether a progress bar is shown on a terminal or in a notebook once the work has taken three seconds;
        0 shows none. Worker processes and threads never do.

    Attributes
    ----------
    frequencies_ : ndarray of shape (n_fft // 2 + 1,)
        Frequency of each feature in Hz.
    n_features_in_ : int
        Samples of a waveform, where ``X`` is 2-D.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` is a DataFrame.

    See Also
    --------
    LogMelTransformer : Levels in bands that are spaced as the ear spaces pitch.
    CepstrumTransformer : The inverse transform of the levels.

    Notes
    -----
    Three lengths are told apart: a window of ``win_length`` samples decides how sharp a frequency can be, a
    frame of ``n_fft`` samples, zeros included, how densely frequencies are read off, and ``hop_length`` how
    often.

    Frames of exact zeros are padding to every estimator of this library: without a noise floor, magnitudes
    and powers of digital silence look the same.

    References
    ----------
    .. [1] J. B. Allen, L. R. Rabiner, "A unified approach to short-time Fourier analysis and synthesis",
       Proc. IEEE 65(11), 1977, doi:10.1109/PROC.1977.10770.

    Examples
    --------
    A tone of 1 kHz is loudest at 1 kHz:

    >>> import numpy as np
    >>> from sklearn_ser.features import STFTTransformer
    >>> tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)
    >>> transformer = STFTTransformer(win_length=400)
    >>> spectrograms = transformer.fit_transform([tone])
    >>> spectrograms.shape
    (1, 226, 257)
    >>> loudest = spectrograms[0, 25].argmax()
    >>> float(transformer.frequencies_[loudest]), float(transformer.frame_times(226)[25])
    (1000.0, 0.5)
    """

    _parameter_constraints = {
        **SpectralTransformer._parameter_constraints,
        "scale": [StrOptions({"magnitude", "power", "db"})],
        "amin": [AMIN],
        "top_db": [NOT_NEGATIVE, None],
    }

    def __init__(
        self,
        *,
        sample_rate=16_000,
        n_fft=512,
        win_length=None,
        hop_length=320,
        window="hann",
        center=True,
        pad_mode="constant",
        scale="magnitude",
        amin=1e-10,
        top_db=80.0,
        noise_floor=None,
        trim_db=30.0,
        duration=4.5,
        crop="warn",
        pad="zero",
        summary=None,
        memory=None,
        n_jobs=None,
        verbose=1,
    ):
        self.sample_rate = sample_rate
        self.n_fft = n_fft
        self.win_length = win_length
        self.hop_length = hop_length
        self.window = window
        self.center = center
        self.pad_mode = pad_mode
        self.scale = scale
        self.amin = amin
        self.top_db = top_db
        self.noise_floor = noise_floor
        self.trim_db = trim_db
        self.duration = duration
        self.crop = crop
        self.pad = pad
        self.summary = summary
        self.memory = memory
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _definition(self):
        logarithm = Logarithm(float(self.amin), plain(self.top_db)) if self.scale == "db" else None
        return Spectrogram(
            spectrum=self._spectrum(precise=logarithm is not None and logarithm.is_deep(2.0)),
            power=1.0 if self.scale == "magnitude" else 2.0,
            logarithm=logarithm,
            noise_floor=plain(self.noise_floor),
        )

    def _describe_features(self):
        self.frequencies_ = np.fft.rfftfreq(self.n_fft, 1 / self.sample_rate)
