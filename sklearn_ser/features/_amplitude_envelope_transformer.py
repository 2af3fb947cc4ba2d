"""Recordings to their loudness over time."""

from ._framing import Framing
from ._magnitude import Envelope
from ._recording_transformer import COUNT, RecordingTransformer


class AmplitudeEnvelopeTransformer(RecordingTransformer):
    """Follow the loudness of each recording, frame by frame.

    The envelope of a frame is the largest magnitude among its samples. Files are decoded, their channels
    averaged, and resampled to ``sample_rate``; waveforms are taken to be at ``sample_rate``. ``fit`` learns
    nothing.

    Parameters
    ----------
    sample_rate : int, default=16000
        Samples per second, to which files are resampled and at which waveforms are taken to be.
    frame_length : int, default=512
        Samples of a frame (32 ms at 16 kHz).
    hop_length : int, default=320
        Samples from one frame to the next (20 ms at 16 kHz).
    center : bool, default=True
        Whether frames are centred on multiples of ``hop_length``, the recording being padded by
        ``frame_length // 2`` samples at both ends; otherwise they begin there.
    pad_mode : {"constant", "edge", "reflect", "symmetric"}, default="constant"
        What that padding holds: zeros, the outermost sample, or a mirror image with or without it.
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
    n_features_in_ : int
        Samples of a waveform, where ``X`` is 2-D.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` is a DataFrame.

    See Also
    --------
    STFTTransformer : How loud each frequency is.

    Notes
    -----
    Frames of exact zeros are padding to every estimator of this library: a recorded frame of digital silence
    looks the same.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.features import AmplitudeEnvelopeTransformer
    >>> time = np.arange(16_000) / 16_000
    >>> fading = 0.5 ** (4 * time) * np.sin(2 * np.pi * 440 * time)  # halves every quarter of a second
    >>> transformer = AmplitudeEnvelopeTransformer(trim_db=None, duration=None, hop_length=4000)
    >>> transformer.fit_transform([fading])[0, :, 0].round(2)
    array([1.  , 0.52, 0.26, 0.13, 0.07], dtype=float32)
    """

    _parameter_constraints = {**RecordingTransformer._parameter_constraints, "frame_length": [COUNT]}

    def __init__(
        self,
        *,
        sample_rate=16_000,
        frame_length=512,
        hop_length=320,
        center=True,
        pad_mode="constant",
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
        self.frame_length = frame_length
        self.hop_length = hop_length
        self.center = center
        self.pad_mode = pad_mode
        self.trim_db = trim_db
        self.duration = duration
        self.crop = crop
        self.pad = pad
        self.summary = summary
        self.memory = memory
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _definition(self):
        return Envelope(
            Framing(int(self.frame_length), int(self.hop_length), bool(self.center), self.pad_mode)
        )
