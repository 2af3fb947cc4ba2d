"""Frames to their slopes over time."""

from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions

from ._deltas import deltas, regressions
from ._frames import check_frames, with_speakers

_METHODS = {"savgol": deltas, "regression": regressions}


class DeltaTransformer(TransformerMixin, BaseEstimator):
    """Compute how fast each feature changes from frame to frame.

    Slopes, and slopes of slopes, tell an instant's movement, which a frame alone does not hold [1]_. ``fit``
    learns nothing.

    Frames that are zero in all features are padding, wherever they stand: the frames around them are taken
    to follow each other, and they stay zero.

    Parameters
    ----------
    order : {1, 2}, default=1
        1 for slopes, in units of the feature per frame; 2 for curvatures as well, in units per frame squared.
    width : int, default=9
        Odd number of frames that a slope is computed over, 3 or more. HTK's and Kaldi's window of 2 is a
        width of 5.
    append : bool, default=True
        Whether the features stay, and their slopes follow them; otherwise slopes come alone.
    method : {"savgol", "regression"}, default="savgol"
        ``"savgol"`` differentiates a polynomial of degree 1 for slopes and 2 for curvatures that is fitted to
        ``width`` frames [2]_, as ``librosa.feature.delta`` does; the first and last ``width // 2`` frames
        have the derivative of the first and last ``width`` frames. ``"regression"`` is HTK's formula [3]_,
        the line that is fitted to ``width`` frames, and for curvatures the same of the slopes; the first and
        last frame are repeated as far as it needs. Both have the same slopes but for the ends.

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
    MFCCTransformer : Its ``delta`` appends the same slopes to its coefficients.
    FunctionalsTransformer : Statistics of features, and of their slopes, over all frames.

    Notes
    -----
    A recording of fewer frames than ``width`` has its first and last one repeated, with either method. The
    slope of one frame is 0.

    Kaldi repeats frames where HTK repeats slopes, so that its curvatures differ from those of
    ``"regression"`` in the first and last ``width // 2`` frames.

    With ``append=False``, frames of a recording that does not change are zero and look like padding.

    References
    ----------
    .. [1] S. Furui, "Speaker-independent isolated word recognition using dynamic features of speech
       spectrum", IEEE Trans. ASSP 34(1), 1986, doi:10.1109/TASSP.1986.1164788.
    .. [2] A. Savitzky, M. J. E. Golay, "Smoothing and differentiation of data by simplified least squares
       procedures", Analytical Chemistry 36(8), 1964, doi:10.1021/ac60214a047.
    .. [3] S. Young et al., "The HTK Book", equation 5.16.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.features import DeltaTransformer
    >>> pitch = np.array([[100.0, 110.0, 120.0, 130.0, 0.0]])  # Hz; 0 is no frame
    >>> DeltaTransformer(width=3).fit_transform(pitch)[0]
    array([[100.,  10.],
           [110.,  10.],
           [120.,  10.],
           [130.,  10.],
           [  0.,   0.]], dtype=float32)
    >>> frames = np.random.default_rng(0).normal(size=(2, 226, 13))
    >>> DeltaTransformer(order=2).fit_transform(frames).shape
    (2, 226, 39)
    """

    _parameter_constraints = {
        "order": [Interval(Integral, 1, 2, closed="both")],
        "width": [Interval(Integral, 3, None, closed="left")],
        "append": ["boolean"],
        "method": [StrOptions({*_METHODS})],
    }

    def __init__(self, order=1, *, width=9, append=True, method="savgol"):
        self.order = order
        self.width = width
        self.append = append
        self.method = method

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check the parameters and the frames; nothing is learned.

        Parameters
        ----------
        X : array-like or Recordings of shape (n_recordings, n_frames, n_features) or (n_recordings, n_frames)
            Frames, or the frames of one feature.
        y : None
            Not used.

        Returns
        -------
        self : DeltaTransformer
            The transformer.
        """
        self._check_width()
        check_frames(self, X, reset=True)
        return self

    def transform(self, X):
        """Compute the slopes.

        Parameters
        ----------
        X : array-like or Recordings of shape (n_recordings, n_frames, n_features) or (n_recordings, n_frames)
            Frames, or the frames of one feature. Recordings may have more or fewer frames than those of
            ``fit``, if ``X`` is 3-D.

        Returns
        -------
        ndarray of shape (n_recordings, n_frames, n_features_out), float32, or Recordings of it
            The features if ``append``, their slopes, and their curvatures if ``order`` is 2. Recordings keep
            their speakers.
        """
        self._validate_params()
        self._check_width()
        frames = check_frames(self, X, reset=False)
        n_recordings, n_frames, n_features = frames.shape
        result = np.zeros((n_recordings, n_frames, n_features * (self.order + self.append)), np.float32)
        for one, out in zip(frames, result, strict=True):
            recorded = one.any(axis=1)
            if recorded.any():
                out[recorded] = self._slopes(one[recorded])
        return with_speakers(result, X)

    def _slopes(self, frames):
        """Compute what follows the features, and put it behind them."""
        slopes = [_METHODS[self.method](frames, order, self.width) for order in range(1, 1 + self.order)]
        return np.concatenate([frames, *slopes] if self.append else slopes, axis=1)

    def _check_width(self):
        if self.width % 2 == 0:
            raise ValueError(
                f"width must be odd, so that as many frames lie behind as ahead; got {self.width}."
            )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags
