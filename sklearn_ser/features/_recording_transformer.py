"""What all transformers of recordings have in common: parameters, checks, and the way through X."""

import os
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import _check_feature_names_in

from sklearn_ser._warning import warn
from sklearn_ser.caching import DiskCache
from sklearn_ser.datasets._recordings import is_by_the_same, outline
from sklearn_ser.exceptions import SerWarning, UngroupedSplitWarning

from ._duration import CROPS, warn_of_crops
from ._extraction import Extraction, extract
from ._frames import with_speakers
from ._functionals import check_functionals
from ._recordings import check_recordings
from ._spectrum import Spectrum

POSITIVE = Interval(Real, 0, None, closed="neither")
NOT_NEGATIVE = Interval(Real, 0, None, closed="left")
COUNT = Interval(Integral, 1, None, closed="left")
LEVEL = Interval(Real, None, 100, closed="right")
AMIN = Interval(Real, float(np.finfo(np.float32).tiny), 1, closed="both")


def _has_rows(transformer):
    if transformer.summary is None:
        raise AttributeError(
            "Frames have three axes and no column names: give summary=('mean', 'std'), say, for columns."
        )
    return True


class RecordingTransformer(TransformerMixin, BaseEstimator):
    """Parent of the transformers that take paths or waveforms.

    A child has a constructor that assigns, and ``_definition()``, which checks parameters against each other
    and gives an object that computes frames.
    """

    _parameter_constraints = {
        "sample_rate": [COUNT],
        "hop_length": [COUNT],
        "center": ["boolean"],
        "pad_mode": [StrOptions({"constant", "edge", "reflect", "symmetric"})],
        "trim_db": [POSITIVE, None],
        "duration": [POSITIVE, None],
        "crop": [StrOptions({*CROPS, "raise"})],
        "pad": [StrOptions({"zero", "repeat"})],
        "summary": [tuple, list, None],
        "memory": [str, os.PathLike, DiskCache, None],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
    }

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check the parameters and the recordings; nothing is learned.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            Paths of audio files, or waveforms, full scale 1. No file is decoded.
        y : None
            Not used.

        Returns
        -------
        self : object
            The transformer.

        Raises
        ------
        RecordingError
            Recordings are missing or are no waveforms. The message names them by position.
        """
        self._extraction()
        self._describe_features()
        check_recordings(self, X, reset=True)
        self._heard = outline(X)
        return self

    def transform(self, X):
        """Compute the features of each recording.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            Paths of audio files, or waveforms, full scale 1.

        Returns
        -------
        ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_columns), float32
            Frames in time, or one row a recording with ``summary``: each functional of all features in turn.
            ``Recordings`` of it, with the same speakers, where ``X`` was such.

        Raises
        ------
        RecordingError
            Recordings are missing, cannot be decoded, hold no or no finite sample, or are too short or too
            long for the parameters. The message names them by position and path.

        Warns
        -----
        CroppedRecordingWarning
            Recordings are longer than ``duration`` and ``crop`` is ``"warn"``.
        DamagedCacheWarning
            A file in ``memory`` was cut short or altered. It is computed again.
        UngroupedSplitWarning
            ``X`` and the ``X`` of ``fit`` are two parts of the same ``Recordings`` that share speakers and
            no recording, as the sides of a split without regard to speakers are.
        """
        self._validate_params()
        extraction = self._extraction()
        recordings = check_recordings(self, X, reset=False)
        if is_by_the_same(X, getattr(self, "_heard", None)):
            warn(
                "These recordings are by speakers that were heard in fit: a score on them does not hold for "
                "other voices. If a search or a cross-validation split them, give it groups=corpus.groups "
                "and a splitter that heeds them, such as cv=StratifiedGroupKFold(5).",
                UngroupedSplitWarning,
                once_for=X._whole,
            )
        memory = self.memory
        features, n_samples = extract(
            extraction,
            recordings,
            padding=self.pad,
            n_jobs=self.n_jobs,
            cache=memory if memory is None or isinstance(memory, DiskCache) else DiskCache(memory),
            verbose=self.verbose,
        )
        if self.crop == "warn" and extraction.n_samples is not None:
            warn_of_crops(recordings, n_samples, extraction.n_samples, self.sample_rate)
        return with_speakers(features, X)

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
            A feature's name and a functional's, such as ``"mfcc0_mean"``.
        """
        _check_feature_names_in(self, input_features, generate_names=False)
        check_functionals(self.summary, "summary")
        names = self._definition().feature_names()
        return np.array([f"{name}_{functional}" for functional in self.summary for name in names], object)

    def frame_times(self, n_frames):
        """Give the middle of each frame in time.

        Parameters
        ----------
        n_frames : int
            How many frames.

        Returns
        -------
        ndarray of shape (n_frames,)
            Seconds from the start of the recording as it is after trimming and cropping.
        """
        self._validate_params()
        framing = self._definition().framing
        first = 0 if framing.center else framing.length / 2
        return (first + framing.hop_length * np.arange(n_frames)) / self.sample_rate

    def _extraction(self):
        """Gather what decides a recording's features, after checking it."""
        definition = self._definition()
        definition.prepare()
        if self.summary is not None:
            check_functionals(self.summary, "summary")
        n_samples = None
        if self.duration is not None:
            n_samples = max(1, round(self.duration * self.sample_rate))
            self._refuse(
                [
                    (
                        definition.framing.is_too_short(n_samples),
                        f"duration={self.duration} s is {n_samples} samples, too few for frames of "
                        f"{definition.framing.length} with center={self.center}, pad_mode={self.pad_mode!r}",
                    )
                ]
            )
        return Extraction(
            definition=definition,
            sample_rate=int(self.sample_rate),
            trim_db=plain(self.trim_db),
            n_samples=n_samples,
            crop=self.crop,
            summary=None if self.summary is None else tuple(self.summary),
        )

    def _describe_features(self):
        """Set what tells of the features, such as their frequencies; transform does without it."""

    def _refuse(self, faults):
        """Raise an error for the first fault that is one; each comes with its message."""
        for is_fault, message in faults:
            if is_fault:
                raise ValueError(f"{type(self).__name__} cannot work: {message}.")

    def __getstate__(self):
        # Who was heard is of no use to those who load a model, and none of their business.
        return {name: value for name, value in super().__getstate__().items() if name != "_heard"}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


class SpectralTransformer(RecordingTransformer):
    """Parent of the transformers that begin with a short-time Fourier transform."""

    _parameter_constraints = {
        **RecordingTransformer._parameter_constraints,
        "n_fft": [Interval(Integral, 2, None, closed="left")],
        "win_length": [COUNT, None],
        "window": [str, tuple, NOT_NEGATIVE],
        "noise_floor": [LEVEL, None],
    }

    def _spectrum(self, *, precise, **others):
        """Gather the parameters of the transform."""
        win_length = self.n_fft if self.win_length is None else self.win_length
        self._refuse([(win_length > self.n_fft, f"win_length={self.win_length} exceeds n_fft={self.n_fft}")])
        return Spectrum(
            n_fft=int(self.n_fft),
            win_length=int(win_length),
            hop_length=int(self.hop_length),
            window=plain(self.window),
            center=bool(self.center),
            pad_mode=self.pad_mode,
            precise=precise,
            **others,
        )


class MelTransformer(SpectralTransformer):
    """Parent of the transformers that sum the spectrum in mel bands."""

    _parameter_constraints = {
        **SpectralTransformer._parameter_constraints,
        "n_mels": [COUNT],
        "fmin": [NOT_NEGATIVE],
        "fmax": [POSITIVE, None],
        "htk": ["boolean"],
        "mel_norm": [StrOptions({"slaney"}), POSITIVE, None],
        "power": [POSITIVE],
        "amin": [AMIN],
        "top_db": [NOT_NEGATIVE, None],
    }

    def _mel_parameters(self):
        """Gather the parameters of the filters, after checking them against each other."""
        fmax = self.sample_rate / 2 if self.fmax is None else self.fmax
        self._refuse(
            [
                (
                    fmax > self.sample_rate / 2,
                    f"fmax={self.fmax} exceeds half of sample_rate={self.sample_rate}",
                ),
                (self.fmin >= fmax, f"fmin={self.fmin} is not below fmax={fmax}"),
            ]
        )
        return {
            "sample_rate": int(self.sample_rate),
            "n_mels": int(self.n_mels),
            "fmin": float(self.fmin),
            "fmax": float(fmax),
            "htk": bool(self.htk),
            "mel_norm": plain(self.mel_norm),
            "power": float(self.power),
            "noise_floor": plain(self.noise_floor),
        }

    def _warn_of_empty_filters(self, log_mel):
        n_empty = log_mel.n_empty_filters()
        if n_empty:
            warn(
                f"{n_empty} of {self.n_mels} mel filters lie between the frequencies of n_fft={self.n_fft} "
                "and are empty; fewer n_mels or a longer n_fft would fill them.",
                SerWarning,
            )


def plain(value):
    """Make a number a Python float, so that 30 and 30.0 name the same features in a cache.

    Within a tuple as well, whose lists and arrays become tuples.
    """
    if isinstance(value, (tuple, list, np.ndarray)):
        return tuple(map(plain, value))
    return float(value) if isinstance(value, Real) else value
