"""Which moments of a recording, and which bands, spoke for an emotion."""

import numpy as np
from scipy.interpolate import make_interp_spline
from sklearn.utils import Bunch

from sklearn_ser.classification._joined_networks import networks_in
from sklearn_ser.classification._opened_network import OpenedNetwork
from sklearn_ser.classification._prediction import predict_probabilities

from ._fitted import run_pipeline


def class_activation_map(fitted, X, *, emotion=None, layer=None):
    r"""Show which moments, and which bands, spoke for an emotion.

    The last map of the network, before what makes one row of it, holds channels :math:`A_k` over frames. The
    class activation map of emotion c is their sum

    .. math:: M_c(t) = \sum_k \alpha_k A_k(t), \qquad
              \alpha_k = \sum_t \frac{\partial y_c}{\partial A_k(t)}

    where :math:`y_c` is the emotion's logit, the input of the softmax; for maps over frames and bands both,
    t runs over both. Where the logit is a weighted sum of the channels' averages, :math:`\alpha_k` is the
    weight of channel k, this is the map of [1]_, and the average of :math:`M_c` and the bias add up to the
    logit. Elsewhere it is the gradient-weighted map of [2]_, whose negative values are set to zero.

    Parameters
    ----------
    fitted : CNNEmotionClassifier or Pipeline
        A fitted classifier, or a pipeline that ends in one.
    X : array-like or sequence of recordings
        What ``fitted`` predicts on: recordings for a pipeline, frames of shape (n_recordings, n_frames,
        n_features) or rows of shape (n_recordings, n_features) for a classifier.
    emotion : label, array-like of shape (n_recordings,) or None, default=None
        The emotion to be explained, of all recordings or of each; None takes the predicted one.
    layer : str or None, default=None
        Name of the Keras layer whose output is the map. None takes the last map that the network's output is
        made of. Where convolutions over frames alone follow others over frames and bands, that is a map over
        frames, and ``layer`` may name one of the others.

    Returns
    -------
    :class:`~sklearn.utils.Bunch`
        With these attributes.

        map : ndarray of shape (n_recordings, n_frames) or (n_recordings, n_frames, n_bands), float32
            The map, linearly interpolated to the frames of ``X``, and to its features or the bands that the
            network makes of them. NaN in padding, and in frames that no window of ``crop_frames`` showed. For
            rows, the second axis is features.
        emotion : ndarray of shape (n_recordings,)
            The emotion that each map explains.
        probabilities : ndarray of shape (n_recordings, n_classes)
            Of all emotions, as ``predict_proba`` gives them.
        classes : ndarray of shape (n_classes,)
            All emotions.
        times : ndarray of shape (n_frames,) or None
            Middle of each frame in seconds from the start of the trimmed recording, where the pipeline tells.
        frequencies : ndarray of shape (n_bands,) or None
            Frequency of each band in Hz, where the map has bands and the pipeline tells.
        feature_names : ndarray of str or None
            Names of the features along the last axis of ``map``, where it has them and they are known.
        layer : str
            Name of the layer whose output is the map.
        method : {"cam", "grad_cam"}
            The map of [1]_ or the gradient-weighted one of [2]_.

    Raises
    ------
    NetworkError
        The network has no map, or ``layer`` gives none; the message names the layers that do.
    TypeError
        ``fitted`` is no classifier of this library, and no pipeline that ends in one.
    ValueError
        ``emotion`` is none of those that ``fitted`` knows.

    See Also
    --------
    sklearn_ser.plotting.ClassActivationDisplay : Draws the map over the spectrogram.
    grouped_permutation_importance : Which features and times a score depends on.

    Notes
    -----
    In [2]_ the weights are means of the derivatives; they are sums here, so that both kinds of map are in
    units of the logit. A network that does not end in a softmax is explained by the logarithm of its
    probability.

    Padding has no say: cells of the map that hold no recorded frame are left out of the map and, in [2]_, of
    the sums. A cell lies where the convolutions and pools before it have put it, which is followed layer by
    layer.

    With ``n_networks``, the map is the average of those of the networks, each of its own logit.

    With ``crop_frames``, each window is explained by itself, and a frame has the average over the windows
    that show it.

    References
    ----------
    .. [1] B. Zhou, A. Khosla, A. Lapedriza, A. Oliva, A. Torralba, "Learning deep features for discriminative
       localization", CVPR 2016. arXiv:1512.04150.
    .. [2] R. R. Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based
       localization", ICCV 2017. arXiv:1610.02391.

    Examples
    --------
    The first quarter of each recording tells the emotion:

    >>> import numpy as np
    >>> from sklearn_ser import CNNEmotionClassifier, class_activation_map
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(40, 24, 3)), np.repeat(["angry", "sad"], 20)
    >>> X[y == "angry", :6, 0] += 4
    >>> X[y == "sad", :6, 1] += 4
    >>> classifier = CNNEmotionClassifier(
    ...     filters=8, n_blocks=1, head="gap", epochs=15, learning_rate=0.01, random_state=0
    ... )
    >>> seen = class_activation_map(classifier.fit(X, y), X)
    >>> seen.map.shape, seen.method, seen.layer
    ((40, 24), 'cam', 'block1_dropout')
    >>> bool(seen.map[:, :6].mean() > seen.map[:, 6:].mean())
    True
    """
    return explain(fitted, X, emotion, layer, asker="class_activation_map")[0]


def explain(fitted, X, emotion, layer, *, asker):
    """Give what ``class_activation_map`` does, and what arrived at the classifier."""
    arrival = run_pipeline(fitted, X, asker=asker)
    classifier = arrival.classifier
    probabilities = predict_probabilities(classifier.network_, arrival.X)
    targets = probabilities.argmax(axis=1)
    if emotion is not None:
        targets = _index_of(emotion, classifier.classes_, len(arrival.X))
    networks = [OpenedNetwork(network) for network in networks_in(classifier.network_)]
    maps = [network.class_map(arrival.X, targets, layer) for network in networks]
    found = maps[0]  # of others the numbers differ, and neither shape nor layer
    values = np.mean([one.values for one in maps], axis=0)
    values = values if found.is_averaged else np.maximum(values, 0)
    frames = networks[0].frames_of_windows(arrival.X)
    n_bands = None if found.of.bands is None else found.of.bands.n_inputs
    seen = Bunch(
        map=_spread(values, found, frames, arrival.X.shape[1]),
        emotion=classifier.classes_[targets],
        probabilities=probabilities,
        classes=classifier.classes_,
        times=arrival.axes.times,
        frequencies=_frequencies(arrival, n_bands),
        feature_names=_names(arrival, n_bands),
        layer=found.of.layer,
        method="cam" if found.is_averaged else "grad_cam",
    )
    return seen, arrival


def _index_of(emotion, classes, n_recordings):
    """Give the index of the emotion that is asked for, for each recording."""
    asked = np.asarray(emotion)
    if asked.ndim > 1 or (asked.ndim == 1 and len(asked) != n_recordings):
        raise ValueError(
            f"emotion must be one label, or one for each of {n_recordings} recordings; got an array of shape "
            f"{asked.shape}."
        )
    known = {label: index for index, label in enumerate(classes.tolist())}
    unknown = [label for label in np.unique(asked).tolist() if label not in known]
    if unknown:
        raise ValueError(f"emotion={unknown[0]!r} is none of those the classifier knows: {classes.tolist()}.")
    return np.array([known[label] for label in np.broadcast_to(asked, n_recordings).tolist()], dtype=np.intp)


def _spread(values, found, frames, n_frames):
    """Bring the cells of all windows to the frames, and bands, that they stand for."""
    axis, bands = found.of.frames, found.of.bands
    shape = (len(values), n_frames) if bands is None else (len(values), n_frames, bands.n_inputs)
    total, count = np.zeros(shape, np.float32), np.zeros(shape[:2], np.float32)
    if bands is not None:
        across = np.moveaxis(values, 3, 0)
        values = np.moveaxis(_interpolate(bands.positions, across, np.arange(bands.n_inputs)), 0, 3)
    for recording, window in np.ndindex(values.shape[:2]):
        shown = frames[recording, window]
        cells = found.is_recorded[recording, window]
        if cells.any():
            here = np.flatnonzero(shown >= 0)
            total[recording, shown[here]] += _interpolate(
                axis.positions[cells], values[recording, window, cells], here
            )
            count[recording, shown[here]] += 1
    count[count == 0] = np.nan
    return total / count.reshape(*count.shape, *[1] * (total.ndim - 2))


def _interpolate(positions, values, at):
    """Interpolate linearly along the first axis; beyond the outermost positions, values stay as they are."""
    if len(positions) == 1:
        return np.broadcast_to(values, (len(at), *values.shape[1:]))
    return make_interp_spline(positions, values, k=1, axis=0)(np.clip(at, positions[0], positions[-1]))


def _frequencies(arrival, n_bands):
    """Give the frequencies of a map's bands, of the features or of what cepstral coefficients stem from."""
    if n_bands is None:
        return None
    of_bands = arrival.axes.band_frequencies
    if _are_bands_of_cepstra(arrival):
        # As many bands as coefficients, each as wide as several where some coefficients were left out.
        places = (np.arange(n_bands) + 0.5) / n_bands
        ends = None if of_bands is None else (np.arange(len(of_bands)) + 0.5) / len(of_bands)
        return None if of_bands is None else np.interp(places, ends, of_bands)
    if n_bands == arrival.X.shape[-1]:
        return arrival.axes.frequencies
    return of_bands if of_bands is not None and len(of_bands) == n_bands else None


def _names(arrival, n_bands):
    """Give the names of the features along a map's last axis."""
    is_of_features = arrival.X.ndim == 2 or n_bands == arrival.X.shape[-1]
    is_of_features = is_of_features and not _are_bands_of_cepstra(arrival)
    return arrival.axes.feature_names if is_of_features else None


def _are_bands_of_cepstra(arrival):
    """Tell whether the network makes bands of its features first."""
    return getattr(arrival.classifier, "feature_axis_", None) == "cepstrum"
