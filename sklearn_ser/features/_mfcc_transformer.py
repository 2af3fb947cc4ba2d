"""Recordings to mel-frequency cepstral coefficients."""

from numbers import Integral, Real

from sklearn.utils._param_validation import Interval, StrOptions

from ._cepstrum import MelCepstrum
from ._mel import Logarithm, LogMel
from ._recording_transformer import COUNT, NOT_NEGATIVE, POSITIVE, MelTransformer, plain


class MFCCTransformer(MelTransformer):
    """Turn recordings into mel-frequency cepstral coefficients.

    Files are decoded, their channels averaged, and resampled to ``sample_rate``; waveforms are taken to be
    at ``sample_rate``. The coefficients are those of ``librosa.feature.mfcc`` [1]_ where ``noise_floor`` and
    ``trim_db`` are None; :data:`MFCC_PRESETS` has the parameters of other tools. ``fit`` learns nothing.

    Parameters
    ----------
    sample_rate : int, default=16000
        Samples per second, to which files are resampled and at which waveforms are taken to be.
    n_mfcc : int or None, default=None
        Coefficients of a frame, the level's included. None keeps as many as there are bands, ``n_mels``, so
        that nothing is lost: networks find the bands in them again.
    n_fft : int, default=512
        Length of a frame: samples that are transformed. Any number works; one whose prime factors are small
        is fast (a prime number of samples takes about 4 times as long as 512).
    win_length : int or None, default=None
        Samples that a frame's window spans, padded with zeros to ``n_fft``; None spans ``n_fft``.
    hop_length : int, default=320
        Samples from one frame to the next (20 ms at 16 kHz).
    window : str, tuple or float, default="hann"
        A window that ``scipy.signal.get_window`` knows, or Kaldi's ``"povey"``.
    window_align : {"center", "start"}, default="center"
        Where a window shorter than ``n_fft`` lies: in the middle of it, as librosa has it, or at its start,
        so that a frame is ``win_length`` samples and zeros behind them, as HTK and Kaldi have it.
    center : bool, default=True
        Whether frames are centred on multiples of ``hop_length``, the recording being padded by
        ``n_fft // 2`` samples at both ends; otherwise they begin there.
    pad_mode : {"constant", "edge", "reflect", "symmetric"}, default="constant"
        What that padding holds: zeros, the outermost sample, or a mirror image with or without it.
    tail : {"drop", "pad"}, default="drop"
        What happens to samples behind the last whole frame: left out, or filled up with zeros to one more.
    full_scale : float, default=1.0
        What the amplitude 1 counts as; 32768 for tools that take 16-bit samples as they are.
    remove_dc : bool, default=False
        Whether the mean of each frame is subtracted.
    preemphasis : float, default=0.0
        Share of the sample before that is subtracted from each sample; 0 is none.
    preemphasis_within : {"recording", "frame"}, default="recording"
        Whether pre-emphasis comes before framing, or after it; a frame's first sample then has itself
        subtracted.
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
    mel_shape : {"hertz", "mel", "bins"}, default="hertz"
        On which axis the filters are triangles: in Hz, as librosa has it, in mel, as Kaldi has it, or in
        frequencies of the transform to which their corners are rounded down, as in many programs.
    power : float, default=2.0
        Exponent of the magnitude spectrum: 2 for power, 1 for magnitude.
    dct_type : {1, 2, 3}, default=2
        Type of the discrete cosine transform.
    dct_norm : {"ortho"} or None, default="ortho"
        Norm of the discrete cosine transform.
    lifter : float, default=0
        Length of the sinusoidal lifter over coefficients; 0 is none.
    lifter_start : {0, 1}, default=1
        What the lifter counts the first coefficient as: 1, as librosa has it, or 0, as HTK and Kaldi have it.
    energy : {"frame", "spectrum"} or None, default=None
        What takes the place of the first coefficient: the logarithm of a frame's energy before pre-emphasis
        and window, or of the sum of its spectrum; None leaves it.
    log : {"db", "neper"}, default="db"
        Ten times the decimal logarithm, or the natural logarithm.
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
    delta : {0, 1, 2}, default=0
        Orders of slopes that are appended to the coefficients, as ``librosa.feature.delta`` computes them
        over nine frames; a recording of fewer frames has its first and last one repeated.
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
    n_features_in_ : int
        Samples of a waveform, where ``X`` is 2-D.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` is a DataFrame.

    See Also
    --------
    MFCC_PRESETS : Parameters of librosa, HTK's and Kaldi's coefficients.
    LogMelTransformer : The levels that the coefficients are made of.
    sklearn_ser.classification.CNNEmotionClassifier : Frames to emotions.

    Notes
    -----
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
        **MelTransformer._parameter_constraints,
        "n_mfcc": [COUNT, None],
        "window_align": [StrOptions({"center", "start"})],
        "tail": [StrOptions({"drop", "pad"})],
        "full_scale": [POSITIVE],
        "remove_dc": ["boolean"],
        "preemphasis": [Interval(Real, 0, 1, closed="left")],
        "preemphasis_within": [StrOptions({"recording", "frame"})],
        "mel_shape": [StrOptions({"hertz", "mel", "bins"})],
        "dct_type": [Interval(Integral, 1, 3, closed="both")],
        "dct_norm": [StrOptions({"ortho"}), None],
        "lifter": [NOT_NEGATIVE],
        "lifter_start": [Interval(Integral, 0, 1, closed="both")],
        "energy": [StrOptions({"frame", "spectrum"}), None],
        "log": [StrOptions({"db", "neper"})],
        "delta": [Interval(Integral, 0, 2, closed="both")],
    }

    def __init__(
        self,
        *,
        sample_rate=16_000,
        n_mfcc=None,
        n_fft=512,
        win_length=None,
        hop_length=320,
        window="hann",
        window_align="center",
        center=True,
        pad_mode="constant",
        tail="drop",
        full_scale=1.0,
        remove_dc=False,
        preemphasis=0.0,
        preemphasis_within="recording",
        n_mels=64,
        fmin=0.0,
        fmax=None,
        htk=False,
        mel_norm="slaney",
        mel_shape="hertz",
        power=2.0,
        dct_type=2,
        dct_norm="ortho",
        lifter=0,
        lifter_start=1,
        energy=None,
        log="db",
        amin=1e-10,
        top_db=80.0,
        noise_floor=-60.0,
        trim_db=30.0,
        duration=4.5,
        crop="warn",
        pad="zero",
        delta=0,
        summary=None,
        memory=None,
        n_jobs=None,
        verbose=1,
    ):
        self.sample_rate = sample_rate
        self.n_mfcc = n_mfcc
        self.n_fft = n_fft
        self.win_length = win_length
        self.hop_length = hop_length
        self.window = window
        self.window_align = window_align
        self.center = center
        self.pad_mode = pad_mode
        self.tail = tail
        self.full_scale = full_scale
        self.remove_dc = remove_dc
        self.preemphasis = preemphasis
        self.preemphasis_within = preemphasis_within
        self.n_mels = n_mels
        self.fmin = fmin
        self.fmax = fmax
        self.htk = htk
        self.mel_norm = mel_norm
        self.mel_shape = mel_shape
        self.power = power
        self.dct_type = dct_type
        self.dct_norm = dct_norm
        self.lifter = lifter
        self.lifter_start = lifter_start
        self.energy = energy
        self.log = log
        self.amin = amin
        self.top_db = top_db
        self.noise_floor = noise_floor
        self.trim_db = trim_db
        self.duration = duration
        self.crop = crop
        self.pad = pad
        self.delta = delta
        self.summary = summary
        self.memory = memory
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _definition(self):
        self._refuse(
            [
                ((self.n_mfcc or 0) > self.n_mels, f"n_mfcc={self.n_mfcc} exceeds n_mels={self.n_mels}"),
                (self.dct_type == 1 and self.n_mels < 2, "dct_type=1 needs n_mels of 2 or more"),
            ]
        )
        logarithm = Logarithm(float(self.amin), plain(self.top_db), self.log)
        spectrum = self._spectrum(
            precise=logarithm.is_deep(self.power),
            window_align=self.window_align,
            tail=self.tail,
            full_scale=float(self.full_scale),
            remove_dc=bool(self.remove_dc),
            preemphasis=float(self.preemphasis),
            preemphasis_within=self.preemphasis_within if self.preemphasis else "recording",
        )
        return MelCepstrum(
            log_mel=LogMel(
                spectrum=spectrum, logarithm=logarithm, mel_shape=self.mel_shape, **self._mel_parameters()
            ),
            n_mfcc=int(self.n_mels if self.n_mfcc is None else self.n_mfcc),
            dct_type=int(self.dct_type),
            dct_norm=self.dct_norm,
            lifter=float(self.lifter),
            lifter_start=int(self.lifter_start) if self.lifter else 1,
            energy=self.energy,
            delta=int(self.delta),
        )

    def _describe_features(self):
        self._warn_of_empty_filters(self._definition().log_mel)
