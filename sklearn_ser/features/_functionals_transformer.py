"""Frames to one row of statistics a recording."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import RecordingError, SerWarning

from ._frames import check_frames, counted, with_speakers
from ._functionals import apply_functionals, check_functionals

_N_SHOWN = 5


class FunctionalsTransformer(TransformerMixin, BaseEstimator):
    """Describe each recording by statistics of its frames.

    Functionals map the course of a feature to a number. Sets such as eGeMAPS [1]_ and ComParE [2]_ consist
    of them. The rows suit every classifier that scikit-learn has, and are the baseline that a network over
    frames should beat. ``fit`` learns nothing but the number of features.

    Frames that are zero in all features are padding, wherever they stand, and have no say.

    Parameters
    ----------
    functionals : tuple of str, default=("mean", "std", "p5", "p50", "p95", "slope")
        What is computed of every feature, in its unit where no other is told:

        - ``"mean"``, and ``"std"``, the standard deviation of the frames at hand (population);
        - ``"min"``, ``"max"``, and ``"range"``, their difference;
        - ``"p5"``, ``"p97.5"`` and so on, percentiles from 0 to 100 with linear interpolation;
        - ``"median"``, which is ``"p50"``, and ``"iqr"``, from the lower to the upper quartile;
        - ``"slope"``, of the least-squares line, in units per frame;
        - ``"curvature"``, the quadratic coefficient of the least-squares parabola, in units per frame
          squared;
        - ``"skewness"`` and ``"kurtosis"``, the third and fourth central moment in powers of the standard
          deviation, without a unit and without a correction for few frames; the kurtosis of a normal
          distribution is 0.

    Attributes
    ----------
    n_features_in_ : int
        Features of a frame where ``X`` is 3-D, frames of a recording where it is 2-D.
    n_frame_features_ : int
        Features of a frame: 1 where ``X`` is 2-D.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` is a DataFrame.

    See Also
    --------
    MFCCTransformer : Its ``summary`` computes functionals without keeping frames.
    DeltaTransformer : Slopes of features over a few frames.

    Notes
    -----
    What a definition leaves open is 0: the ``"slope"`` of one frame, the ``"curvature"`` of two, the
    ``"skewness"`` and ``"kurtosis"`` of a feature that is constant, and everything of a recording without a
    frame, of which a warning tells. Recordings do not influence each other.

    References
    ----------
    .. [1] F. Eyben et al., "The Geneva minimalistic acoustic parameter set (GeMAPS) for voice research and
       affective computing", IEEE Trans. Affective Computing 7(2), 2016, doi:10.1109/TAFFC.2015.2457417.
    .. [2] B. Schuller et al., "The INTERSPEECH 2016 computational paralinguistics challenge: deception,
       sincerity & native language", Interspeech 2016, doi:10.21437/Interspeech.2016-129.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.features import FunctionalsTransformer
    >>> pitch = [[100.0, 110.0, 120.0, 130.0], [210.0, 200.0, 0.0, 0.0]]  # Hz; 0 is no frame
    >>> functionals = FunctionalsTransformer(("mean", "range", "slope")).set_output(transform="pandas")
    >>> functionals.fit_transform(pitch)
       feature0_mean  feature0_range  feature0_slope
    0          115.0            30.0            10.0
    1          205.0            10.0           -10.0

    Before a classifier, behind coefficients:

    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn.svm import SVC
    >>> from sklearn_ser.features import MFCCTransformer
    >>> model = make_pipeline(MFCCTransformer(), FunctionalsTransformer(), StandardScaler(), SVC())
    """

    _parameter_constraints = {"functionals": [tuple, list]}

    def __init__(self, functionals=("mean", "std", "p5", "p50", "p95", "slope")):
        self.functionals = functionals

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check the parameters and the frames; nothing is learned but the number of features.

        Parameters
        ----------
        X : array-like or Recordings of shape (n_recordings, n_frames, n_features) or (n_recordings, n_frames)
            Frames, or the frames of one feature.
        y : None
            Not used.

        Returns
        -------
        self : FunctionalsTransformer
            The transformer.
        """
        check_functionals(self.functionals)
        check_frames(self, X, reset=True)
        return self

    def transform(self, X):
        """Compute the functionals.

        Parameters
        ----------
        X : array-like or Recordings of shape (n_recordings, n_frames, n_features) or (n_recordings, n_frames)
            Frames, or the frames of one feature. Recordings may have more or fewer frames than those of
            ``fit``, if ``X`` is 3-D.

        Returns
        -------
        ndarray of shape (n_recordings, n_functionals * n_features), float32, or Recordings of it
            The first functional of every feature, the second of every feature, and so on. Recordings keep
            their speakers, unless ``set_output`` asks for a table.

        Warns
        -----
        SerWarning
            Recordings hold nothing but padding; their functionals are 0.
        """
        self._validate_params()
        check_functionals(self.functionals)
        frames = check_frames(self, X, reset=False)
        recorded = frames.any(axis=2)
        _warn_of_padding(recorded.any(axis=1))
        with np.errstate(over="ignore", invalid="ignore"):  # looked at below
            rows = [
                apply_functionals(one[kept], self.functionals)
                for one, kept in zip(frames, recorded, strict=True)
            ]
        for index, row in enumerate(rows):
            if not np.isfinite(row).all():
                raise RecordingError(
                    f"Functionals of recording {index} exceed float32: its frames are too large."
                )
        return with_speakers(np.stack(rows), X)

    def get_feature_names_out(self, input_features=None):
        """Name the columns of the output.

        Parameters
        ----------
        input_features : array-like of str of shape (`n_features_in_`,) or None, default=None
            Names of the features of a frame; None calls them ``"feature0"``, ``"feature1"`` and so on. Where
            ``X`` was 2-D, its columns are frames, and their names do not enter.

        Returns
        -------
        ndarray of str
            Such as ``"feature0_mean"``.
        """
        check_is_fitted(self, "n_frame_features_")
        names = _check_feature_names_in(self, input_features, generate_names=False)
        if names is None or len(names) != self.n_frame_features_:
            names = [f"feature{k}" for k in range(self.n_frame_features_)]
        return np.array([f"{name}_{one}" for one in self.functionals for name in names], dtype=object)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def _warn_of_padding(has_frames):
    """Say which recordings have no frame at all."""
    empty = np.flatnonzero(~has_frames)
    if len(empty):
        shown = ", ".join(map(str, empty[:_N_SHOWN])) + (", …" if len(empty) > _N_SHOWN else "")
        warn(
            f"{len(empty)} of {counted(len(has_frames), 'recording')} hold nothing but frames of zeros, "
            f"which are padding; their functionals are 0: recordings {shown}.",
            SerWarning,
        )
