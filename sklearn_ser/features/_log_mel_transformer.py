"""Recordings to log-mel spectrograms."""

from ._mel import Logarithm, LogMel
from ._recording_transformer import MelTransformer, plain


class LogMelTransformer(MelTransformer):
    """Turn recordings into levels in bands that are spaced as the ear spaces pitch.

    Files are decoded, their channels averaged, and resampled to ``sample_rate``; waveforms are taken to be
    at ``sample_rate``. The levels are those of ``librosa.feature.melspectrogram`` in
    ``librosa.power_to_db`` [1]_ where ``trim_db`` and ``noise_floor`` are None. ``fit`` learns nothing.

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
    power : float, default=2.0
        Exponent of the magnitude spectrum: 2 for power, 1 for magnitude.
    amin : float, default=1e-10
        Smallest filter output, below which the logarithm does not go.
    top_db : float or None, default=80.0
        Range in dB under the recording's loudest filter output, below which everything is cut off. A spectrum
        is computed in single precision, which tells 80 dB apart, and in double precision where more counts.
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
    frequencies_ : ndarray of shape (n_mels,)
        Frequency in Hz at which each filter is highest.
    n_features_in_ : int
        Samples of a waveform, where ``X`` is 2-D.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` is a DataFrame.

    See Also
    --------
    MFCCTransformer : The cosine transform of these levels.
    STFTTransformer : All frequencies, without filters.

    References
    ----------
    .. [1] B. McFee et al., "librosa: Audio and music signal analysis in Python", SciPy 2015,
       doi:10.25080/Majora-7b98e3ed-003.
    .. [2] M. J. F. Gales, S. J. Young, "Robust continuous speech recognition using parallel model
       combination", IEEE Trans. Speech Audio Process. 4(5), 1996, doi:10.1109/89.536929.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.features import LogMelTransformer
    >>> rng = np.random.default_rng(0)
    >>> waveforms = [0.1 * rng.normal(size=n).astype(np.float32) for n in (16_000, 40_000)]
    >>> transformer = LogMelTransformer(n_mels=40)
    >>> transformer.fit_transform(waveforms).shape
    (2, 226, 40)
    >>> transformer.frequencies_[:3].round(1)
    array([ 73.6, 147.1, 220.7])
    """

    _parameter_constraints = MelTransformer._parameter_constraints

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
        n_mels=64,
        fmin=0.0,
        fmax=None,
        htk=False,
        mel_norm="slaney",
        power=2.0,
        amin=1e-10,
        top_db=80.0,
        noise_floor=-60.0,
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
        self.n_mels = n_mels
        self.fmin = fmin
        self.fmax = fmax
        self.htk = htk
        self.mel_norm = mel_norm
        self.power = power
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
        logarithm = Logarithm(float(self.amin), plain(self.top_db))
        return LogMel(
            spectrum=self._spectrum(precise=logarithm.is_deep(self.power)),
            logarithm=logarithm,
            **self._mel_parameters(),
        )

    def _describe_features(self):
        log_mel = self._definition()
        self._warn_of_empty_filters(log_mel)
        self.frequencies_ = log_mel.center_frequencies()
