"""Units of a network that never fire."""

import numpy as np
from sklearn.utils import Bunch

from sklearn_ser.classification._joined_networks import networks_in
from sklearn_ser.classification._opened_network import OpenedNetwork
from sklearn_ser.classification._prediction import predict_probabilities

from ._fitted import run_pipeline


def dead_units(fitted, X):
    """Count the units that never fire.

    A unit of a ReLU layer whose input is negative for every recording gives zero for all of them, and has no
    gradient by which training could change that [1]_. A unit of a convolution is one of its filters, and it
    fires if it does so in any recorded frame.

    Parameters
    ----------
    fitted : CNNEmotionClassifier or Pipeline
        A fitted classifier, or a pipeline that ends in one.
    X : array-like or sequence of recordings
        What ``fitted`` predicts on: recordings for a pipeline, frames or rows for a classifier. The training
        recordings tell which units are dead; a few others may leave living units silent.

    Returns
    -------
    :class:`~sklearn.utils.Bunch`
        With these attributes, whose entries are those layers of the network that have a non-linearity, from
        the input on; the softmax is left out.

        layers : list of str
            Their names; of several networks with the network's name and a slash before it.
        n_units : ndarray of shape (n_layers,), int
            How many units each has.
        n_dead : ndarray of shape (n_layers,), int
            How many of them never fire.
        share : ndarray of shape (n_layers,)
            The share of these, between 0 and 1.
        is_dead : dict of str to ndarray of shape (n_units,), bool
            Which ones, by the layer's name.
        is_constant : bool
            Whether all recordings get the same probabilities, which is what [1]_ calls a dead network. Always
            true of a single recording.

    Raises
    ------
    NetworkError
        The layers of a user's network cannot be told.
    TypeError
        ``fitted`` is no classifier of this library, and no pipeline that ends in one.

    See Also
    --------
    sklearn_ser.classification.CNNEmotionClassifier : ``kernel_initializer="rai"`` keeps units alive.

    Notes
    -----
    Only an activation that is exactly zero over a range has dead units, such as ``"relu"``. A unit of
    ``"leaky_relu"`` or ``"elu"`` may be as useless, but it is not lost to training, and counts as alive.

    References
    ----------
    .. [1] L. Lu, Y. Shin, Y. Su, G. E. Karniadakis, "Dying ReLU and initialization: theory and
       numerical examples", Communications in Computational Physics 28(5), 2020,
       doi:10.4208/cicp.OA-2020-0165. arXiv:1903.06733.

    Examples
    --------
    A deep and narrow network without batch normalisation:

    >>> import numpy as np
    >>> from sklearn_ser import CNNEmotionClassifier, dead_units
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(40, 12, 3)), np.repeat(["angry", "sad"], 20)
    >>> narrow = CNNEmotionClassifier(
    ...     filters=[2] * 3, kernel_size=1, pooling=None, batch_norm=False, epochs=1, random_state=1
    ... )
    >>> dead = dead_units(narrow.fit(X, y), X)
    >>> dead.layers[0], float(dead.share[0]), dead.layers[2], float(dead.share[2])
    ('block1_activation', 0.0, 'block3_activation', 1.0)
    >>> alive = dead_units(narrow.set_params(kernel_initializer="rai").fit(X, y), X)
    >>> float(alive.share.max())
    0.5
    """
    arrival = run_pipeline(fitted, X, asker="dead_units")
    networks = networks_in(arrival.classifier.network_)
    fires = {
        name if len(networks) == 1 else f"{network.name}/{name}": units
        for network in networks
        for name, units in OpenedNetwork(network).firing(arrival.X).items()
    }
    probabilities = predict_probabilities(arrival.classifier.network_, arrival.X)
    n_units = np.array([len(units) for units in fires.values()], dtype=np.intp)
    n_dead = np.array([(~units).sum() for units in fires.values()], dtype=np.intp)
    return Bunch(
        layers=list(fires),
        n_units=n_units,
        n_dead=n_dead,
        share=n_dead / n_units,
        is_dead={name: ~units for name, units in fires.items()},
        is_constant=bool((probabilities == probabilities[0]).all()),
    )
