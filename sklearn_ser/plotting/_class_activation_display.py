"""A class activation map over the spectrogram of its recording."""

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support

from sklearn_ser.inspection._class_activation_map import explain

from ._cells import centres_of, edges_of, scale_to_bands


class ClassActivationDisplay:
    """Show which moments of a recording, and which bands, spoke for an emotion.

    Make one with :meth:`from_estimator` or :meth:`from_map`. The spectrogram is grey; colour is where the
    emotion was heard.

    Parameters
    ----------
    activation : ndarray of shape (n_frames,) or (n_frames, n_bands)
        The map of one recording; NaN is padding.
    times : ndarray of shape (n_frames,) or None, default=None
        Middle of each frame in seconds; None counts frames.
    frequencies : ndarray of shape (n_bands,) or None, default=None
        Frequency of each of the map's bands in Hz, ascending; None counts features.
    levels : ndarray of shape (n_frames, n_levels) or None, default=None
        The spectrogram below the map, or other frames; NaN is padding. Without it, a map over frames alone is
        drawn as a line.
    level_frequencies : ndarray of shape (n_levels,) or None, default=None
        Frequency of each level in Hz, ascending; None counts features.
    emotion : label or None, default=None
        The emotion that the map explains.
    probability : float or None, default=None
        Its probability.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of these.
    levels_ : matplotlib QuadMesh or None
        The spectrogram.
    activation_ : matplotlib QuadMesh or Line2D
        The map.
    colorbar_ : matplotlib Colorbar or None
        The map's colours.

    See Also
    --------
    sklearn_ser.inspection.class_activation_map : Computes the maps of many recordings.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser import ClassActivationDisplay, CNNEmotionClassifier, class_activation_map
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(40, 24, 3)), np.repeat(["angry", "sad"], 20)
    >>> X[y == "angry", :6, 0] += 4
    >>> classifier = CNNEmotionClassifier(filters=8, n_blocks=1, head="gap", epochs=2, random_state=0)
    >>> seen = class_activation_map(classifier.fit(X, y), X)
    >>> display = ClassActivationDisplay.from_map(seen, recording=3, levels=X[3])
    >>> display.ax_.get_xlabel(), display.ax_.get_ylabel()
    ('frame', 'feature')
    """

    def __init__(
        self,
        activation,
        *,
        times=None,
        frequencies=None,
        levels=None,
        level_frequencies=None,
        emotion=None,
        probability=None,
    ):
        self.activation = activation
        self.times = times
        self.frequencies = frequencies
        self.levels = levels
        self.level_frequencies = level_frequencies
        self.emotion = emotion
        self.probability = probability

    @classmethod
    def from_estimator(
        cls, fitted, X, *, recording=0, emotion=None, layer=None, ax=None, cmap=None, alpha=0.5, colorbar=True
    ):
        """Compute the map of a recording and its spectrogram, and draw them.

        The spectrogram is that which the pipeline's transformer computes: its own frames, or what its
        coefficients are made of. Where none is known, or where the map has bands of which no frequencies are
        known, the classifier's frames take its place.

        Parameters
        ----------
        fitted : CNNEmotionClassifier or Pipeline
            A fitted classifier, or a pipeline that ends in one.
        X : array-like or sequence of recordings
            What ``fitted`` predicts on. All of it goes through the pipeline.
        recording : int, default=0
            Position of the recording that is shown.
        emotion : label or None, default=None
            The emotion to be explained; None takes the predicted one.
        layer : str or None, default=None
            Name of the Keras layer whose output is the map, as in
            :func:`~sklearn_ser.inspection.class_activation_map`.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default=None
            Colours of the map.
        alpha : float, default=0.5
            Opacity of the map, between 0 and 1.
        colorbar : bool, default=True
            Whether to add a colour bar.

        Returns
        -------
        ClassActivationDisplay
            What was drawn.

        Raises
        ------
        NetworkError
            The network has no map, or ``layer`` gives none.
        ValueError
            ``X`` holds rows, or ``emotion`` is none of those that ``fitted`` knows.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        seen, arrival = explain(fitted, X, emotion, layer, asker=f"{cls.__name__}.from_estimator")
        if arrival.X.ndim == 2:
            raise ValueError(
                f"{cls.__name__} shows moments, and rows of features have none; class_activation_map gives "
                "their map."
            )
        frames, levels, frequencies = arrival.X[recording], None, None
        is_without_hertz = seen.map.ndim == 3 and seen.frequencies is None
        if arrival.axes.times is not None and not is_without_hertz:
            levels, frequencies = arrival.source.spectrogram(recording, len(frames))
        if levels is None and (seen.map.ndim == 2 or seen.map.shape[2] == frames.shape[1]):
            levels = np.where((frames != 0).any(axis=1, keepdims=True), frames, np.nan)
        return cls.from_map(
            seen,
            recording=recording,
            levels=levels,
            level_frequencies=frequencies,
            ax=ax,
            cmap=cmap,
            alpha=alpha,
            colorbar=colorbar,
        )

    @classmethod
    def from_map(
        cls,
        seen,
        *,
        recording=0,
        levels=None,
        level_frequencies=None,
        ax=None,
        cmap=None,
        alpha=0.5,
        colorbar=True,
    ):
        """Draw a map that was computed before.

        Parameters
        ----------
        seen : Bunch
            What :func:`~sklearn_ser.inspection.class_activation_map` gave.
        recording : int, default=0
            Position of the recording that is shown.
        levels : array-like of shape (n_frames, n_levels) or None, default=None
            The spectrogram of this recording, or other frames of it.
        level_frequencies : array-like of shape (n_levels,) or None, default=None
            Frequency of each level in Hz, ascending.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default=None
            Colours of the map.
        alpha : float, default=0.5
            Opacity of the map, between 0 and 1.
        colorbar : bool, default=True
            Whether to add a colour bar.

        Returns
        -------
        ClassActivationDisplay
            What was drawn.
        """
        emotion = seen.emotion[recording]
        display = cls(
            seen.map[recording],
            times=seen.times,
            frequencies=seen.frequencies,
            levels=levels,
            level_frequencies=level_frequencies,
            emotion=emotion,
            probability=float(seen.probabilities[recording, list(seen.classes).index(emotion)]),
        )
        return display.plot(ax, cmap=cmap, alpha=alpha, colorbar=colorbar)

    def plot(self, ax=None, *, cmap=None, alpha=0.5, colorbar=True):
        """Draw the map over the spectrogram.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default=None
            Colours of the map. None is ``"inferno"``, or ``"RdBu_r"`` around zero for a map with values below
            it.
        alpha : float, default=0.5
            Opacity of the map, between 0 and 1.
        colorbar : bool, default=True
            Whether to add a colour bar.

        Returns
        -------
        ClassActivationDisplay
            The display itself.

        Raises
        ------
        ValueError
            The arrays are not of one recording, or one of map and levels is in Hz and the other is not.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        import matplotlib.pyplot as plt

        activation = np.asarray(self.activation, dtype=float)
        levels = None if self.levels is None else np.asarray(self.levels, dtype=float)
        self._check_shapes(activation, levels)
        if ax is None:
            _, ax = plt.subplots(layout="constrained")
        self.ax_, self.figure_ = ax, ax.figure
        self.levels_ = self.colorbar_ = None
        x = np.arange(len(activation)) if self.times is None else np.asarray(self.times)
        ax.set_xlabel("time (s)" if self.times is not None else "frame")
        if self.emotion is not None:
            share = "" if self.probability is None else f" ({self.probability:.0%})"
            ax.set_title(f"{self.emotion}{share}")
        if levels is None and activation.ndim == 1:
            [self.activation_] = ax.plot(x, activation)
            ax.set_ylabel("added to the logit")
            return self
        if levels is not None:
            y = self._draw_levels(ax, x, levels)
        if activation.ndim == 2:
            y = edges_of(centres_of(self.frequencies, activation.shape[1]))
        else:
            y, activation = y[[0, -1]], activation[:, np.newaxis]
        recorded = np.flatnonzero(np.isfinite(activation).any(axis=1))
        limit = np.nanmax(np.abs(activation)) if len(recorded) else 0
        is_signed = np.nanmin(activation, initial=0) < 0
        self.activation_ = ax.pcolormesh(
            edges_of(x),
            y,
            np.ma.masked_invalid(activation.T),
            cmap=cmap or ("RdBu_r" if is_signed else "inferno"),
            vmin=-limit if is_signed else 0,
            vmax=limit or 1.0,
            alpha=alpha if levels is not None else 1.0,
        )
        self._describe_bands(ax)
        if len(recorded):  # padding behind the recording is left out
            ax.set_xlim(edges_of(x)[[recorded[0], recorded[-1] + 1]])
        if colorbar:
            self.colorbar_ = self.figure_.colorbar(self.activation_, ax=ax, label="added to the logit")
        return self

    def _draw_levels(self, ax, x, levels):
        """Draw the spectrogram, and give the edges of its bands."""
        y = edges_of(centres_of(self.level_frequencies, levels.shape[1]))
        self.levels_ = ax.pcolormesh(edges_of(x), y, np.ma.masked_invalid(levels.T), cmap="gray")
        return y

    def _describe_bands(self, ax):
        """Name the vertical axis, and give every band the same height."""
        frequencies = self.level_frequencies if self.levels is not None else self.frequencies
        ax.set_ylabel("feature" if frequencies is None else "frequency (Hz)")
        if frequencies is None:
            return
        scale_to_bands(ax, frequencies)

    def _check_shapes(self, activation, levels):
        """Refuse arrays that do not belong together, before anything is drawn."""
        if activation.ndim not in (1, 2):
            raise ValueError(
                "activation must be the map of one recording, of shape (n_frames,) or (n_frames, n_bands); "
                f"got an array of shape {activation.shape}."
            )
        if levels is not None and (levels.ndim != 2 or len(levels) != len(activation)):
            raise ValueError(
                f"levels must be of shape ({len(activation)}, n_levels), as many frames as the map has; got "
                f"an array of shape {levels.shape}."
            )
        is_one_in_hertz = (self.frequencies is None) != (self.level_frequencies is None)
        if levels is not None and activation.ndim == 2 and is_one_in_hertz:
            raise ValueError(
                "A map with bands is drawn over levels whose frequencies are known as well, or over frames "
                f"of the same features; got frequencies={self.frequencies!r} and "
                f"level_frequencies={self.level_frequencies!r}."
            )
