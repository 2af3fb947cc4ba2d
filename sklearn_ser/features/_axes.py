"""What the axes of frames stand for: seconds, names and frequencies, as far as a pipeline's steps tell."""

from dataclasses import dataclass, replace

import numpy as np
from sklearn.base import OneToOneFeatureMixin

from sklearn_ser._scratch import Scratch

from ._cepstral_normalizer import CepstralNormalizer
from ._cepstrum import MelCepstrum, RealCepstrum
from ._delta_transformer import DeltaTransformer
from ._duration import fill
from ._frames import without_speakers
from ._functionals_transformer import FunctionalsTransformer
from ._magnitude import Spectrogram
from ._mel import Logarithm, LogMel
from ._recording_transformer import RecordingTransformer
from ._recordings import check_recordings


@dataclass(frozen=True)
class Axes:
    """What is known of the axes of frames, or of the columns of rows.

    Parameters
    ----------
    times : ndarray of shape (n_frames,) or None
        Middle of each frame in seconds.
    feature_names : ndarray of str of shape (n_features,) or None
        Names of the features.
    frequencies : ndarray of shape (n_features,) or None
        Frequency of each feature in Hz, where features are frequencies.
    band_frequencies : ndarray of shape (n_bands,) or None
        Frequencies in Hz of the bands whose levels are in the features, transformed.
    edges : ndarray of shape (n_frames + 1,) or None
        Where frames give way to each other, in seconds.
    """

    times: np.ndarray | None = None
    feature_names: np.ndarray | None = None
    frequencies: np.ndarray | None = None
    band_frequencies: np.ndarray | None = None
    edges: np.ndarray | None = None


@dataclass(frozen=True)
class Source:
    """Where a pipeline's frames come from.

    Parameters
    ----------
    transformer : RecordingTransformer
        The step that makes them.
    recordings : sequence
        What it made them of.
    """

    transformer: RecordingTransformer
    recordings: object

    def spectrogram(self, index, n_frames):
        """Compute the spectrogram that a recording's frames stem from.

        Parameters
        ----------
        index : int
            Position of the recording.
        n_frames : int
            Frames that the transformer gives of it, with padding.

        Returns
        -------
        levels : ndarray of shape (n_frames, n_bands), float32
            In dB, or as the transformer has them; NaN where there is padding.
        frequencies : ndarray of shape (n_bands,)
            In Hz. None in place of both where the transformer knows no frequencies.
        """
        definition = self.transformer._definition()
        if isinstance(definition, MelCepstrum):
            definition = definition.log_mel
        elif isinstance(definition, (Spectrogram, RealCepstrum)):
            definition = Spectrogram(definition.spectrum, 2.0, Logarithm(1e-10, 80.0), None)
        elif not isinstance(definition, LogMel):
            return None, None
        recordings = check_recordings(self.transformer, self.recordings, reset=False)
        extraction = replace(self.transformer._extraction(), definition=definition, summary=None)
        _, rows = extraction.of_recording(recordings[index], index, Scratch())
        levels = np.full((n_frames, definition.n_features), np.nan, np.float32)
        fill(levels, rows, self.transformer.pad)
        return levels, _frequencies(definition, self.transformer.sample_rate)


def run_steps(steps, X):
    """Transform ``X`` by the steps of a pipeline, one after another.

    Parameters
    ----------
    steps : list of transformers
        Fitted; None and ``"passthrough"`` are left out.
    X : object
        What the first one takes.

    Returns
    -------
    X : object
        What the last one gives.
    axes : Axes
        What is known of its axes.
    source : Source or None
        Where it was recordings last.
    """
    axes, source = Axes(), None
    for step in _flat(steps):
        before, X = X, step.transform(X)
        if isinstance(step, RecordingTransformer):
            axes, source = _axes_of(step, X), Source(step, before)
        else:
            axes = _axes_after(step, axes, np.shape(without_speakers(before)), np.shape(without_speakers(X)))
    return X, axes, source


def split_at_recordings(steps):
    """Part steps behind the last one that takes recordings; there may be none of the first kind."""
    steps = _flat(steps)
    last = max((k for k, step in enumerate(steps) if isinstance(step, RecordingTransformer)), default=-1)
    return steps[: last + 1], steps[last + 1 :]


def _flat(steps):
    """Give steps, and those of pipelines among them, without those that pass everything through."""
    flat = []
    for step in steps:
        if hasattr(step, "steps"):
            flat.extend(_flat([inner for _, inner in step.steps]))
        elif step is not None and step != "passthrough":
            flat.append(step)
    return flat


def _axes_of(transformer, X):
    """Describe the frames or rows of a transformer of recordings."""
    if transformer.summary is not None:
        return Axes(feature_names=transformer.get_feature_names_out())
    definition = transformer._definition()
    n_frames = X.shape[1]
    times = transformer.frame_times(n_frames)
    half_a_hop = definition.framing.hop_length / transformer.sample_rate / 2
    return Axes(
        times=times,
        feature_names=np.array(definition.feature_names(), object),
        frequencies=_frequencies(definition, transformer.sample_rate),
        band_frequencies=(
            definition.log_mel.center_frequencies() if isinstance(definition, MelCepstrum) else None
        ),
        edges=np.append(times - half_a_hop, times[-1] + half_a_hop).clip(0),
    )


def _frequencies(definition, sample_rate):
    """Give the frequency of each feature in Hz, or None where features are none."""
    if isinstance(definition, LogMel):
        return definition.center_frequencies()
    if isinstance(definition, Spectrogram):
        return np.fft.rfftfreq(definition.spectrum.n_fft, 1 / sample_rate)
    return None


def _axes_after(step, axes, before, after):
    """Follow axes through a step that does not take recordings; what it may have changed is not known."""
    if isinstance(step, (CepstralNormalizer, OneToOneFeatureMixin)):
        return axes
    if len(after) == 2:
        return Axes(feature_names=_names_after(step, axes.feature_names))
    if isinstance(step, DeltaTransformer):
        orders = ["_delta", "_delta2"][: step.order]
        if step.append:
            orders = ["", *orders]
        names = axes.feature_names
        if names is not None:
            names = np.array([f"{name}{order}" for order in orders for name in names], object)
        return replace(axes, feature_names=names, frequencies=axes.frequencies if len(orders) == 1 else None)
    if len(after) == 3 and after[:2] == before[:2]:
        return Axes(times=axes.times, edges=axes.edges)
    return Axes()


def _names_after(step, names):
    """Ask a step for the names of its columns."""
    if isinstance(step, FunctionalsTransformer):
        return step.get_feature_names_out(names)
    try:
        return step.get_feature_names_out(names)
    except (AttributeError, ValueError):
        return None
