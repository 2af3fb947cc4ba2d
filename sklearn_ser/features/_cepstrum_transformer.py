"""Recordings to real cepstra."""

import numpy as np

from ._cepstrum import RealCepstrum
from ._recording_transformer import AMIN, COUNT, SpectralTransformer, plain


class CepstrumTransformer(SpectralTransformer):
    """Turn recordings into real cepstra: spectra of the logarithm of spectra.

    The real cepstrum of a frame is the inverse Fourier transform of the logarithm of its magnitude spectrum
    [1]_ [2]_. Its axis is called quefrency and counts seconds: a voice of 200 Hz has a peak at 5 ms, and what
    the vocal tract adds lies below. Files are decoded, their channels averaged, and resampled to
    ``sample_rate``; waveforms are taken to be at ``sample_rate``. ``fit`` learns nothing.

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
    n_quefrencies : int or None, default=None
        How many quefrencies are kept, from 0 up; None keeps all that differ, ``n_fft // 2 + 1``.
    amin : float, default=1e-10
        Smallest power of a frequency, below which the logarithm does not go.
    noise_floor : float or None, default=None
        Level in dB (full scale is 0) of a white noise whose expected power is added to that of each
        frequency, so that differences between silences vanish; None adds nothing.
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
    quefrencies_ : ndarray of shape (n_quefrencies,)
        Quefrency of each feature in seconds.
    n_features_in_ : int
        Samples of a waveform, where ``X`` is 2-D.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` is a DataFrame.

    See Also
    --------
    MFCCTransformer : The cosine transform of levels in mel bands.

    Notes
    -----
    The logarithm is the natural one, and the transform is computed in double precision.

    References
    ----------
    .. [1] B. P. Bogert, M. J. R. Healy, J. W. Tukey, "The quefrency alanysis of time series for echoes:
       cepstrum, pseudo-autocovariance, cross-cepstrum and saphe cracking", Symposium on Time Series Analysis,
       1963.
    .. [2] A. M. Noll, "Cepstrum pitch determination", J. Acoust. Soc. Am. 41(2), 1967,
       doi:10.1121/1.1910339.

    Examples
    --------
    A voice of 200 Hz:

    >>> import numpy as np
    >>> from sklearn_ser.features import CepstrumTransformer
    >>> time = np.arange(16_000) / 16_000
    >>> voice = 0.02 * sum(np.cos(2 * np.pi * 200 * k * time) for k in range(1, 40))
    >>> transformer = CepstrumTransformer(n_fft=1024, n_quefrencies=200)
    >>> cepstra = transformer.fit_transform([voice])
    >>> voiced = cepstra[0, 25, 40:]  # above 2.5 ms, where the vocal tract has no say
    >>> float(transformer.quefrencies_[40 + voiced.argmax()])
    0.005
    """

    _parameter_constraints = {
        **SpectralTransformer._parameter_constraints,
        "n_quefrencies": [COUNT, None],
        "amin": [AMIN],
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
        n_quefrencies=None,
        amin=1e-10,
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
        self.n_quefrencies = n_quefrencies
        self.amin = amin
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
        at_most = self.n_fft // 2 + 1
        n_quefrencies = at_most if self.n_quefrencies is None else self.n_quefrencies
        self._refuse(
            [(n_quefrencies > at_most, f"n_quefrencies={n_quefrencies} exceeds n_fft // 2 + 1 = {at_most}")]
        )
        return RealCepstrum(
            spectrum=self._spectrum(precise=True),
            n_quefrencies=int(n_quefrencies),
            amin=float(self.amin),
            noise_floor=plain(self.noise_floor),
        )

    def _describe_features(self):
        self.quefrencies_ = np.arange(self._definition().n_quefrencies) / self.sample_rate
