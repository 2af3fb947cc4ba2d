"""The meta-estimator that fits on augmented copies, and predicts of what it is given."""

from numbers import Integral

import numpy as np
from sklearn.base import MetaEstimatorMixin, _fit_context, clone
from sklearn.utils import _safe_indexing, check_random_state
from sklearn.utils._param_validation import HasMethods, Interval
from sklearn.utils.metadata_routing import UNUSED
from sklearn.utils.metaestimators import _BaseComposition
from sklearn.utils.validation import (
    _check_method_params,
    _make_indexable,
    check_consistent_length,
)

from sklearn_ser.datasets import Recordings

from ._additive_noise import AdditiveNoise
from ._copies import check_augmentations, is_named, joined, make_copies, unnamed
from ._delegating import Delegating
from ._gain_change import GainChange
from ._inner_estimator import check_inner, params_of_fit, takes
from ._recordings import as_sequence, check_X
from ._speed_perturbation import SpeedPerturbation

_DEFAULT = (SpeedPerturbation(), GainChange(), AdditiveNoise(p=0.5))


class TrainingAugmenter(Delegating, MetaEstimatorMixin, _BaseComposition):
    """Fit an estimator on recordings and on augmented copies of them.

    ``fit`` makes ``n_copies`` of each recording that it is given, with the emotion, the weight and the
    speaker of that recording, and fits a clone of ``estimator`` on all. Whatever else is asked of the
    estimator is asked about the recordings given, and no others. So inside a search or a cross-validation the
    copies are made of the training part of each split: none is ever on the other side of its recording, nor
    among what is scored.

    Parameters
    ----------
    estimator : estimator
        What is fitted: a pipeline that begins with a transformer of recordings.
    augmentations : list or None, default=None
        Augmentations, or pairs of a name and an augmentation, whose parameters a search then reaches as
        ``name__parameter``. Each copy passes through all of them, in this order, and each changes it with its
        own probability ``p``. None takes ``SpeedPerturbation()``, ``GainChange()`` and
        ``AdditiveNoise(p=0.5)``. Any object with their method ``augment`` will do.
    n_copies : int, default=1
        Copies of each recording; 0 is no augmentation.
    keep_original : bool, default=True
        Whether the estimator is fitted on the recordings as well as on their copies.
    sample_rate : int, default=16000
        Samples per second of the waveforms. Files are resampled to it.
    n_jobs : int or None, default=None
        Threads that read and augment. The copies do not depend on it.
    random_state : int, RandomState instance or None, default=None
        With an integer, what a recording's copies are depends on that and on its content alone: not on its
        place, on its company, on ``n_jobs`` or on whether it is a file or a waveform. Recordings that are the
        same have the same copies.

    Attributes
    ----------
    estimator_ : estimator
        The fitted clone of ``estimator``.
    classes_ : ndarray of shape (n_classes,)
        Emotions, where ``estimator_`` has them.
    n_features_in_ : int
        Samples of a waveform, where ``X`` was 2-D.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` was a DataFrame.

    See Also
    --------
    SpeedPerturbation : Changes tempo and pitch together; the others are named in the user guide.

    Notes
    -----
    While it fits, the copies are in memory, 4 bytes a sample: a corpus of an hour at 16 kHz takes 230 MB a
    copy. Of files the originals are held as well.

    To the estimator the originals are waveforms: those that were given, or what the files hold. So a
    transformer's ``memory`` computes a recording's features once for all folds and candidates of a search,
    and with an integer ``random_state`` those of its copies too.

    Where ``estimator`` takes ``copy_of`` in ``fit``, or is a pipeline whose last step does, it is told of
    which row each copy was made, and -1 for the recordings themselves: so ``CNNEmotionClassifier`` with
    ``early_stopping`` holds out recordings, never copies, and does not train on copies of what it holds out.
    In the same way it is given the speakers of all copies as ``groups``; by default those of ``Recordings``,
    or else, if it does not take ``copy_of``, one group a recording.

    References
    ----------
    .. [1] J. Salamon, J. P. Bello, "Deep convolutional neural networks and data augmentation for
       environmental sound classification", IEEE Signal Processing Letters, 2017. arXiv:1608.04363.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn_ser import AdditiveNoise, GainChange, AmplitudeEnvelopeTransformer, TrainingAugmenter
    >>> tone = np.sin(np.arange(16_000, dtype=np.float32))
    >>> X, y = [0.1 * tone, 0.2 * tone, 0.8 * tone, 0.9 * tone], ["sad", "sad", "angry", "angry"]
    >>> loudness = AmplitudeEnvelopeTransformer(summary=("mean", "max"))
    >>> model = TrainingAugmenter(
    ...     make_pipeline(loudness, LogisticRegression()),
    ...     [("gain", GainChange((-3, 3))), ("noise", AdditiveNoise(20))],
    ...     n_copies=5,
    ...     random_state=0,
    ... ).fit(X, y)  # on 24 recordings
    >>> model.predict([0.15 * tone, 0.85 * tone])
    array(['sad', 'angry'], dtype='<U5')
    >>> model.set_params(noise__snr_db=(0, 20)).get_params()["noise"]
    AdditiveNoise(snr_db=(0, 20))
    """

    __metadata_request__fit = {"sample_weight": UNUSED, "groups": UNUSED}

    _parameter_constraints = {
        "estimator": [HasMethods(["fit", "get_params"])],
        "augmentations": [list, tuple, None],
        "n_copies": [Interval(Integral, 0, None, closed="left")],
        "keep_original": ["boolean"],
        "sample_rate": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator,
        augmentations=None,
        *,
        n_copies=1,
        keep_original=True,
        sample_rate=16_000,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.augmentations = augmentations
        self.n_copies = n_copies
        self.keep_original = keep_original
        self.sample_rate = sample_rate
        self.n_jobs = n_jobs
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, sample_weight=None, groups=None, **params):
        """Make the copies, and fit the estimator on all.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            Paths of audio files, or waveforms, full scale 1.
        y : array-like of shape (n_recordings,), default=None
            Emotions.
        sample_weight : array-like of shape (n_recordings,), default=None
            Weight of each recording, which its copies have too. The estimator must take it, or the last step
            of a pipeline.
        groups : array-like of shape (n_recordings,), default=None
            Speakers, whom the copies share. They are handed on where the estimator takes them, or the last
            step of a pipeline, and are not used otherwise.
        **params : dict
            Further arguments of the estimator's ``fit``. Those with an entry for each recording are repeated
            for the copies.

        Returns
        -------
        self : TrainingAugmenter
            The fitted augmenter.

        Raises
        ------
        RecordingError
            Recordings are missing, cannot be decoded, or cannot be augmented. The message names them by
            position.
        ValueError
            Parameters are out of their range; ``estimator`` has another ``sample_rate``, or splits what it is
            fitted on, as a search does; it does not take ``sample_weight``; it stops early, and
            ``keep_original=False`` leaves it no original to judge by; or ``copy_of`` is among ``params``.

        Warns
        -----
        SerWarning
            ``estimator`` stops early by recordings that it holds out, and takes no ``copy_of``.
        """
        augmentations = self._checked_augmentations()
        check_inner(self.estimator, self.sample_rate, keeps_originals=self.keep_original)
        recordings = check_X(self, X, reset=True)
        n_recordings = len(recordings)
        check_consistent_length(recordings, y, sample_weight, groups)
        if groups is None and isinstance(X, Recordings):
            groups = X.speakers
        copy_of = None
        if self.n_copies and self.keep_original and takes(self.estimator, "copy_of"):
            copy_of = np.tile(np.arange(n_recordings), 1 + self.n_copies)
            copy_of[:n_recordings] = -1
        elif groups is None and self.n_copies:
            groups = np.arange(n_recordings)
        params = params_of_fit(self, sample_weight, groups, copy_of, params)
        if self.n_copies:
            originals, copies = make_copies(
                recordings,
                augmentations,
                n_copies=self.n_copies,
                sample_rate=self.sample_rate,
                seed=check_random_state(self.random_state).randint(np.iinfo(np.int32).max),
                n_jobs=self.n_jobs,
            )
            sets = [originals, *copies] if self.keep_original else copies
            of_whom = np.tile(np.arange(n_recordings), len(sets))
            # What has one entry a recording; copy_of has one for each copy already, and stays as it is.
            params = _check_method_params(recordings, params, of_whom)
            y = None if y is None else _safe_indexing(_make_indexable(y), of_whom)
            recordings = joined(sets, is_table=as_sequence(X) is None)
            if isinstance(X, Recordings):
                recordings = Recordings(recordings, np.take(X.speakers, of_whom))
        elif isinstance(X, Recordings):
            recordings = X
        self.estimator_ = clone(self.estimator).fit(recordings, y, **params)
        return self

    def get_params(self, deep=True):
        """Give the parameters, with ``deep`` those of the estimator and of named augmentations too.

        Parameters
        ----------
        deep : bool, default=True
            Whether the parameters of what is inside are among them.

        Returns
        -------
        dict
            Parameters by name.
        """
        return self._get_params("augmentations", deep=deep)

    def set_params(self, **params):
        """Set parameters, also those of the estimator and of named augmentations.

        Parameters
        ----------
        **params : dict
            Parameters by name, such as ``estimator__cnn__filters`` or ``noise__snr_db``.

        Returns
        -------
        self : TrainingAugmenter
            The augmenter.
        """
        return self._set_params("augmentations", **params)

    def _checked_augmentations(self):
        """Give the augmentations without their names, after checking them."""
        augmentations = unnamed(_DEFAULT if self.augmentations is None else self.augmentations)
        self._validate_names([one[0] for one in self.augmentations or () if is_named(one)])
        check_augmentations(augmentations, self.sample_rate)
        if self.n_copies and not augmentations:
            raise ValueError("augmentations is empty; n_copies=0 fits on the recordings alone.")
        if not self.n_copies and not self.keep_original:
            raise ValueError("n_copies=0 with keep_original=False leaves nothing to fit on.")
        return augmentations
