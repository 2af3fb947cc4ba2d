"""The classifier: parameters, what is checked before training, and what is kept of it."""

from copy import deepcopy
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from ._architectures import ARCHITECTURES, check_network
from ._frozen_network import FrozenNetwork
from ._holdout import hold_out
from ._prediction import predict_probabilities
from ._residual import BLOCK_ORDERS
from ._training_set import check_recordings, check_training_set

_ACTIVATIONS = {"relu", "leaky_relu", "elu", "selu", "gelu", "swish", "tanh"}
_OPTIMIZERS = {"adam", "adamw", "nadam", "rmsprop", "sgd"}


class CNNEmotionClassifier(ClassifierMixin, BaseEstimator):
    """Tell emotions apart with a convolutional neural network over time.

    Convolutions run along the frames of a recording; the features of a frame are their input channels. Each
    block is a convolution, batch normalisation, an activation, a pool and dropout. Keras trains the network,
    wrapped by SciKeras. ``architecture`` puts a network from the literature in its place.

    Parameters
    ----------
    architecture : str, default="plain"
        The network: ``"plain"`` as above; ``"sb_cnn"`` [4]_, ``"ds_cnn"`` [5]_, ``"deep_net"`` [6]_,
        ``"cnn_lstm"`` [7]_, ``"erann"`` [8]_ or ``"residual"`` [9]_, over frames and features.
        These need frames, and have fixed some of the parameters from here to ``s_m``: to set one of those is
        an error. The user guide tells what each takes, and how much in it is the paper's.
    pooling : {"average", "max", "stride"} or None, default="average"
        How a block shortens its map: by the average or the maximum of each pool, by a convolution stride of
        ``pool_stride`` in place of a pool, or not at all.
    pool_size : int, default=2
        Frames in a pool.
    pool_stride : int or None, default=None
        Frames from one pool to the next; None takes ``pool_size``, so that pools do not overlap.
    stride : int, default=1
        Frames from one position of a convolution to the next.
    activation : {"relu", "leaky_relu", "elu", "selu", "gelu", "swish", "tanh"}, default="relu"
        Non-linearity of each block.
    negative_slope : float, default=0.1
        Slope of ``"leaky_relu"`` below zero; other activations do not use it.
    filters : int or sequence of int, default=64
        Filters of each block. A number is the first block's, and the others follow the plain-net rule [2]_:
        the same number for a map of the same size, twice as many once the map has become smaller.
    n_blocks : int or None, default=None
        Number of blocks. None takes as many as there are ``filters``, or up to three as far as the map
        lasts.
    kernel_size : int, default=5
        Frames that a convolution looks at.
    head : {"gap", "attention", "flatten"}, default="attention"
        How the last map becomes one row: its average over frames [1]_, an attentive average [3]_ beside the
        maximum, or all of it. The first two leave padding out.
    dense_units : int or None, default=None
        Units of a dense layer between head and output. None is no such layer, but 64 units after
        ``"flatten"``.
    dropout : float, default=0.2
        Share of values set to zero in training, after each block and before the output.
    l2 : float, default=0.0
        Weight of the penalty on squared kernel values.
    batch_norm : bool, default=True
        Whether each convolution is followed by batch normalisation.
    kernel_initializer : str, default="he_uniform"
        Keras name of the distribution from which initial kernels are drawn.
    block_order : str, default="pre"
        Where a block of ``"residual"`` normalises and activates: ``"post"``, ``"norm_after_addition"``,
        ``"activation_before_addition"``, ``"activation_only_pre"``, ``"pre"`` or
        ``"no_activation_after_addition"``.
    s_m : int, default=0
        Stages of ``"erann"``, up to three, that shorten their maps to a quarter and not to a half.
    crop_frames : int or None, default=None
        Frames that the network sees at once. In training that is a window from a random place of a recording,
        another one in each step; a prediction is the average of ``n_crops`` windows [4]_. Windows lie within
        the recorded frames as far as these reach; a recording with no more of them is taken from its start
        on, with its padding. None shows whole recordings.
    n_crops : int, default=5
        Windows from first to last recorded frame, evenly spaced, whose probabilities a prediction averages;
        a single one is from the middle. Without ``crop_frames`` it is not used.
    optimizer : {"adam", "adamw", "nadam", "rmsprop", "sgd"}, default="adam"
        Keras name of the optimizer.
    learning_rate : float, default=0.001
        Step size of the optimizer.
    label_smoothing : float, default=0.0
        Share of each target's probability that is spread over all emotions.
    epochs : int, default=40
        Passes over the training recordings; with ``early_stopping`` the most there can be.
    batch_size : int, default=32
        Recordings in a training step.
    class_weight : dict, "balanced" or None, default="balanced"
        Weight of each emotion in the loss; ``"balanced"`` makes rare emotions count as much as frequent ones.
    early_stopping : bool, default=False
        Whether to hold recordings out of training, stop when their loss has not fallen for
        ``n_iter_no_change`` epochs, and keep the weights of the best epoch.
    validation_fraction : float, default=0.1
        Share of the recordings that is held out for ``early_stopping``.
    n_iter_no_change : int, default=10
        Epochs without improvement after which ``early_stopping`` stops.
    network : callable or None, default=None
        ``network(input_shape, n_classes)`` returning an uncompiled ``keras.Model`` that maps frames to
        ``n_classes`` probabilities, in place of the one described by the parameters above. ``input_shape``
        is (n_frames, n_features), with no more frames than ``crop_frames``, or (n_features,) for 2-D ``X``.
        It receives standardised frames.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Further callbacks for training, instances or classes. Each fit works on copies.
    random_state : int, RandomState instance or None, default=None
        Seed of initial weights, dropout, random windows, the order of recordings and the held-out part. An
        integer gives the same predictions in any process that has the same number of threads.
    verbose : int, default=0
        What Keras prints of training: 0 nothing, 1 a bar, 2 a line per epoch.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Emotions, sorted.
    network_ : keras.Model
        The trained network. It takes raw frames, cuts windows out of them with ``crop_frames``, standardises
        them, and gives probabilities in the order of ``classes_``.
    history_ : dict of str to list of float
        Loss and accuracy of each epoch, and with ``early_stopping`` those of the held-out part
        (``"val_loss"``, ``"val_accuracy"``).
    n_iter_ : int
        Epochs trained.
    input_shape_ : tuple of int
        Shape of a recording in ``X``: (n_frames, n_features) or (n_features,).
    n_features_in_ : int
        Size of the second axis of ``X``: frames of a 3-D ``X``, features of a 2-D one.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, where ``X`` was a DataFrame.

    See Also
    --------
    sklearn_ser.features.MFCCTransformer : Recordings to the frames that this classifier takes.

    Notes
    -----
    A frame whose features are all exactly zero is taken as padding: it does not enter standardisation, batch
    normalisation or the head, but for a recording's last pool, which may reach into it.

    A saved estimator holds the network's architecture and weights but not the optimizer's state. It loads
    where the versions of scikit-learn and Keras are those it was saved with, whichever backend Keras runs on.

    References
    ----------
    .. [1] M. Lin, Q. Chen, S. Yan, "Network in network", ICLR 2014. arXiv:1312.4400.
    .. [2] K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR 2016, section
       3.3. arXiv:1512.03385.
    .. [3] S. Mirsamadi, E. Barsoum, C. Zhang, "Automatic speech emotion recognition using recurrent neural
       networks with local attention", ICASSP 2017, doi:10.1109/ICASSP.2017.7952552.
    .. [4] J. Salamon, J. P. Bello, "Deep convolutional neural networks and data augmentation for
       environmental sound classification", IEEE Signal Processing Letters, 2017. arXiv:1608.04363.
    .. [5] Mustaqeem, S. Kwon, "A CNN-assisted enhanced audio signal processing for speech emotion
       recognition", Sensors 20(1), 2020, doi:10.3390/s20010183.
    .. [6] T. Anvarjon, Mustaqeem, S. Kwon, "Deep-Net: A lightweight CNN-based speech emotion recognition
       system using deep frequency features", Sensors 20(18), 2020, doi:10.3390/s20185212.
    .. [7] A. Satt, S. Rozenberg, R. Hoory, "Efficient emotion recognition from speech using deep learning on
       spectrograms", Interspeech 2017, doi:10.21437/Interspeech.2017-200.
    .. [8] S. Verbitskiy, V. Berikov, V. Vyshegorodtsev, "ERANNs: Efficient residual audio neural networks for
       audio pattern recognition", Pattern Recognition Letters, 2022. arXiv:2106.01621.
    .. [9] J. Naranjo-Alcazar et al., "On the performance of residual block design alternatives in
       convolutional neural networks for end-to-end audio classification", 2019. arXiv:1906.10891.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.classification import CNNEmotionClassifier
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(40, 20, 13))
    >>> y = np.repeat(["angry", "sad"], 20)
    >>> X[y == "angry", :, 0] += 3
    >>> classifier = CNNEmotionClassifier(filters=8, epochs=15, random_state=0).fit(X, y)
    >>> classifier.predict(X[[0, -1]])
    array(['angry', 'sad'], dtype='<U5')
    """

    # Routed metadata reaches fit without being asked for: the held-out part needs the speakers.
    __metadata_request__fit = {"groups": True}

    _parameter_constraints = {
        "architecture": [StrOptions(set(ARCHITECTURES))],
        "pooling": [StrOptions({"average", "max", "stride"}), None],
        "pool_size": [Interval(Integral, 1, None, closed="left")],
        "pool_stride": [Interval(Integral, 1, None, closed="left"), None],
        "stride": [Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions(_ACTIVATIONS)],
        "negative_slope": [Interval(Real, 0, 1, closed="both")],
        "filters": [Interval(Integral, 1, None, closed="left"), list, tuple],
        "n_blocks": [Interval(Integral, 1, None, closed="left"), None],
        "kernel_size": [Interval(Integral, 1, None, closed="left")],
        "head": [StrOptions({"gap", "attention", "flatten"})],
        "dense_units": [Interval(Integral, 1, None, closed="left"), None],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "l2": [Interval(Real, 0, None, closed="left")],
        "batch_norm": ["boolean"],
        "kernel_initializer": [str],
        "block_order": [StrOptions(set(BLOCK_ORDERS))],
        "s_m": [Interval(Integral, 0, 3, closed="both")],
        "crop_frames": [Interval(Integral, 1, None, closed="left"), None],
        "n_crops": [Interval(Integral, 1, None, closed="left")],
        "optimizer": [StrOptions(_OPTIMIZERS)],
        "learning_rate": [Interval(Real, 0, None, closed="neither")],
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
        "epochs": [Interval(Integral, 1, None, closed="left")],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left")],
        "network": [callable, None],
        "callbacks": [list, tuple, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        *,
        architecture="plain",
        pooling="average",
        pool_size=2,
        pool_stride=None,
        stride=1,
        activation="relu",
        negative_slope=0.1,
        filters=64,
        n_blocks=None,
        kernel_size=5,
        head="attention",
        dense_units=None,
        dropout=0.2,
        l2=0.0,
        batch_norm=True,
        kernel_initializer="he_uniform",
        block_order="pre",
        s_m=0,
        crop_frames=None,
        n_crops=5,
        optimizer="adam",
        learning_rate=1e-3,
        label_smoothing=0.0,
        epochs=40,
        batch_size=32,
        class_weight="balanced",
        early_stopping=False,
        validation_fraction=0.1,
        n_iter_no_change=10,
        network=None,
        callbacks=None,
        random_state=None,
        verbose=0,
    ):
        self.architecture = architecture
        self.pooling = pooling
        self.pool_size = pool_size
        self.pool_stride = pool_stride
        self.stride = stride
        self.activation = activation
        self.negative_slope = negative_slope
        self.filters = filters
        self.n_blocks = n_blocks
        self.kernel_size = kernel_size
        self.head = head
        self.dense_units = dense_units
        self.dropout = dropout
        self.l2 = l2
        self.batch_norm = batch_norm
        self.kernel_initializer = kernel_initializer
        self.block_order = block_order
        self.s_m = s_m
        self.crop_frames = crop_frames
        self.n_crops = n_crops
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.label_smoothing = label_smoothing
        self.epochs = epochs
        self.batch_size = batch_size
        self.class_weight = class_weight
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.network = network
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None, groups=None):
        """Train the network from new initial weights.

        Parameters
        ----------
        X : array-like of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features)
            Frames, or one row of features a recording. Finite numbers.

        y : array-like of shape (n_recordings,)
            Emotions, two at least.

        sample_weight : array-like of shape (n_recordings,), default=None
            Weight of each recording in the loss; it is multiplied with ``class_weight``.

        groups : array-like of shape (n_recordings,), default=None
            Speakers. With ``early_stopping`` no speaker is both held out and trained on; otherwise not used.
            A search hands them on only with metadata routing.

        Returns
        -------
        self : CNNEmotionClassifier
            The fitted classifier.

        Raises
        ------
        NetworkError
            The parameters describe no network for these frames (before any training), or the loss stopped
            being a number.
        """
        from ._training import train

        X, y, sample_weight = check_training_set(self, X, y, sample_weight)
        classes, y_index = np.unique(y, return_inverse=True)
        params = self.get_params(deep=False) | {"callbacks": deepcopy(list(self.callbacks or []))}
        check_network(params, CNNEmotionClassifier().get_params(deep=False), X.shape[1:])

        random_state = check_random_state(self.random_state)
        held_out = np.zeros(len(X), dtype=bool)
        if self.early_stopping:
            held_out = hold_out(y, groups, self.validation_fraction, random_state)
        trained = train(params, (X, y_index, sample_weight), held_out, random_state)
        self.classes_ = classes
        self.input_shape_ = X.shape[1:]
        self.network_, self.history_ = trained
        self.n_iter_ = len(self.history_["loss"])
        return self

    def predict_proba(self, X):
        """Give the probability of each emotion.

        Parameters
        ----------
        X : array-like of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features)
            Frames or features, of the shape that ``fit`` saw.

        Returns
        -------
        ndarray of shape (n_recordings, n_classes)
            Probabilities in the order of ``classes_``; each row sums to 1.
        """
        check_is_fitted(self)
        return predict_probabilities(self.network_, check_recordings(self, X))

    def predict(self, X):
        """Give the most probable emotion.

        Parameters
        ----------
        X : array-like of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features)
            Frames or features, of the shape that ``fit`` saw.

        Returns
        -------
        ndarray of shape (n_recordings,)
            Emotions, as they were spelled in ``y``.
        """
        check_is_fitted(self)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def __getstate__(self):
        state = super().__getstate__()
        if "network_" in state:
            state = {**state, "network_": FrozenNetwork.of(self.network_)}
        return state

    def __setstate__(self, state):
        if isinstance(state.get("network_"), FrozenNetwork):
            state = {**state, "network_": state["network_"].thaw()}
        super().__setstate__(state)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
