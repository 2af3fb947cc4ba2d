"""A recording on a time axis: its waveform, or what a transformer makes of it."""

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support

from sklearn_ser._scratch import Scratch
from sklearn_ser.features import AmplitudeEnvelopeTransformer
from sklearn_ser.features._axes import run_steps
from sklearn_ser.features._framing import trim
from sklearn_ser.features._recordings import check_recordings, read_recording

from ._cells import BLUE, axes_or_new, centres_of, edges_of, scale_to_bands


class FeaturesDisplay:
    """Show a recording over time: its waveform, envelope, spectrogram or coefficients.

    Make one with :meth:`from_recording`, which draws the waveform, or :meth:`from_estimator`, which draws
    what a transformer computes. Time is in seconds from the start of the recording as it is after
    trimming, in all of them, so that pictures of the same ``trim_db`` can share an axis.

    Parameters
    ----------
    values : ndarray of shape (n_samples,) or (n_frames, n_features)
        A waveform, full scale 1, or frames. Frames of a single feature are drawn as a line, others as cells.
        Frames of zeros or NaN at the end are padding, and are left out.
    times : ndarray of shape (n_samples,) or (n_frames,) or None, default=None
        Time of each sample, or middle of each frame, in seconds; None counts them.
    frequencies : ndarray of shape (n_features,) or None, default=None
        Frequency of each feature in Hz, ascending; None counts features.
    quantity : str, default="value"
        What the values are, with their unit, such as ``"level (dB)"``.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of these.
    values_ : matplotlib Line2D or QuadMesh
        The line, or the cells.
    colorbar_ : matplotlib Colorbar or None
        The colours of cells.

    See Also
    --------
    ClassActivationDisplay : What of a recording spoke for an emotion.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser import FeaturesDisplay, MFCCTransformer
    >>> waveform = np.random.default_rng(0).normal(0, 0.1, size=16_000)
    >>> FeaturesDisplay.from_recording(waveform).ax_.get_ylabel()
    'amplitude'
    >>> display = FeaturesDisplay.from_estimator(MFCCTransformer(n_mfcc=13), [waveform])
    >>> display.ax_.get_xlabel(), display.ax_.get_ylabel()
    ('time (s)', 'coefficient')
    """

    def __init__(self, values, *, times=None, frequencies=None, quantity="value"):
        self.values = values
        self.times = times
        self.frequencies = frequencies
        self.quantity = quantity

    @classmethod
    def from_recording(cls, recording, *, sample_rate=16_000, trim_db=30.0, ax=None):
        """Draw the waveform of a recording.

        Parameters
        ----------
        recording : str, path-like or ndarray of shape (n_samples,)
            Path of an audio file, or a waveform, full scale 1.
        sample_rate : int, default=16000
            Samples per second, to which a file is resampled and at which a waveform is taken to be.
        trim_db : float or None, default=30.0
            Leading and trailing parts this many dB below the loudest are cut off, as the transformers do;
            None cuts nothing off.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        FeaturesDisplay
            What was drawn.

        Raises
        ------
        RecordingError
            The recording is missing, cannot be decoded or is no waveform.
        """
        check_matplotlib_support(f"{cls.__name__}.from_recording")
        checker = AmplitudeEnvelopeTransformer(sample_rate=sample_rate, trim_db=trim_db)
        checker._validate_params()
        path_or_waveform = recording if hasattr(recording, "__fspath__") else _as_recording(recording)
        [recording] = check_recordings(checker, [path_or_waveform], reset=True)
        waveform = read_recording(recording, 0, sample_rate, Scratch())
        if trim_db is not None:
            waveform = trim(waveform, trim_db)
        waveform = np.array(waveform)
        return cls(waveform, times=np.arange(len(waveform)) / sample_rate, quantity="amplitude").plot(ax)

    @classmethod
    def from_estimator(cls, transformer, X, *, recording=0, ax=None, cmap=None, colorbar=True):
        """Compute the frames of a recording, and draw them.

        Parameters
        ----------
        transformer : transformer of recordings, or Pipeline of transformers
            What makes frames of recordings. Fitted, unless it learns nothing.
        X : sequence of recordings
            What ``transformer`` takes. Only the recording that is shown is computed.
        recording : int, default=0
            Position of the recording that is shown.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default=None
            Colours of cells.
        colorbar : bool, default=True
            Whether cells have a colour bar.

        Returns
        -------
        FeaturesDisplay
            What was drawn.

        Raises
        ------
        RecordingError
            The recording is missing, cannot be decoded or is no waveform.
        ValueError
            ``transformer`` makes rows, which have no times, or there is no such recording.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        if not -len(X) <= recording < len(X):
            raise ValueError(f"recording must be a position among {len(X)} recordings; got {recording!r}.")
        position = recording % len(X)
        steps = [step for _, step in transformer.steps] if hasattr(transformer, "steps") else [transformer]
        frames, axes, _ = run_steps(steps, X[position : position + 1])
        frames = np.asarray(frames)
        if frames.ndim != 3:
            raise ValueError(
                f"{cls.__name__} shows frames over time, of shape (n_recordings, n_frames, n_features); "
                f"{transformer!r} gives an array of shape {frames.shape}. Leave its summary out."
            )
        name = type(steps[0]).__name__ if len(steps) == 1 else ""
        quantity = {"LogMelTransformer": "level (dB)", "AmplitudeEnvelopeTransformer": "amplitude"}.get(name)
        if name == "STFTTransformer":
            quantity = "level (dB)" if steps[0].scale == "db" else steps[0].scale
        display = cls(frames[0], times=axes.times, frequencies=axes.frequencies, quantity=quantity or "value")
        display.plot(ax, cmap=cmap, colorbar=colorbar)
        if name in {"MFCCTransformer", "CepstrumTransformer"}:
            display.ax_.set_ylabel("coefficient")
        return display

    def plot(self, ax=None, *, cmap=None, colorbar=True):
        """Draw the waveform or the frames.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default=None
            Colours of cells. None is ``"viridis"``.
        colorbar : bool, default=True
            Whether cells have a colour bar.

        Returns
        -------
        FeaturesDisplay
            The display itself.

        Raises
        ------
        ValueError
            The arrays are not of one recording.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        values = np.asarray(self.values, dtype=float)
        if values.ndim not in (1, 2) or 0 in values.shape:
            raise ValueError(
                "values must be a waveform, of shape (n_samples,), or the frames of one recording, of shape "
                f"(n_frames, n_features); got an array of shape {values.shape}."
            )
        times = np.arange(len(values)) if self.times is None else np.asarray(self.times, dtype=float)
        if times.shape != values.shape[:1]:
            raise ValueError(f"times must be of shape ({len(values)},); got an array of shape {times.shape}.")
        if values.ndim == 2:
            recorded = np.flatnonzero((np.nan_to_num(values) != 0).any(axis=1))
            end = recorded[-1] + 1 if len(recorded) else len(values)
            values, times = values[:end], times[:end]
        self.ax_ = ax = axes_or_new(ax, figsize=(6.4, 2.8))
        self.figure_, self.colorbar_ = ax.figure, None
        counted = "sample" if values.ndim == 1 else "frame"
        ax.set_xlabel(counted if self.times is None else "time (s)")
        if values.ndim == 1 or values.shape[1] == 1:
            [self.values_] = ax.plot(times, values.reshape(len(values)), color=BLUE, linewidth=0.8)
            ax.set_ylabel(self.quantity)
            ax.margins(x=0)
            return self
        self.values_ = ax.pcolormesh(
            edges_of(times),
            edges_of(centres_of(self.frequencies, values.shape[1])),
            np.ma.masked_invalid(values.T),
            cmap=cmap or "viridis",
            rasterized=True,
        )
        ax.set_ylabel("feature" if self.frequencies is None else "frequency (Hz)")
        if self.frequencies is not None:
            scale_to_bands(ax, self.frequencies)
        if colorbar:
            self.colorbar_ = self.figure_.colorbar(self.values_, ax=ax, label=self.quantity)
        return self


def _as_recording(recording):
    return recording if isinstance(recording, str) else np.asarray(recording)
