"""The classifier: parameters, what is checked before training, and what is kept of it."""

from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils.validation import check_is_fitted

from ._fit_plan import FitPlan
from ._frozen_network import FrozenNetwork
from ._parameters import PARAMETER_CONSTRAINTS
from ._prediction import predict_probabilities
from ._training_set import check_recordings


class CNNEmotionClassifier(ClassifierMixin, BaseEstimator):
    """Tell emotions apart with a convolutional neural network.

    By default it convolves along frames and bands first and along frames after that. Keras trains it, wrapped
    by SciKeras, on recordings that are a little faster or slower, higher or lower, louder or softer in each
    epoch. ``architecture`` puts a network from the literature in its place.

    Parameters
    ----------
    feature_axis : {"auto", "cepstrum", "spectrum", "unordered"}, default="auto"
        What the features of a frame are: cepstra, such as MFCC, of which the network takes the inverse cosine
        transform first; bands of a spectrum in dB, in the order of their frequencies; or columns without an
        order. ``"auto"`` looks which of them the training frames are like: neighbouring bands are always
        alike. A network of your own is given what ``X`` holds.
    architecture : str, default="hybrid"
        The network: ``"hybrid"``, the default; ``"plain"``, with convolutions along frames alone; from the
        literature ``"sb_cnn"``, ``"ds_cnn"``, ``"deep_net"``, ``"cnn_lstm"``, ``"erann"`` and ``"residual"``.
        Each has fixed some of the parameters from here to ``s_m``: to set one of those is an error. The user
        guide tells what each takes, where it was published, and how much in it is the paper's. Rows of
        features and features without an order have no bands: for them ``"hybrid"`` is ``"plain"``.
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
    filters : int, sequence of int or None, default=None
        Filters of each block, or a number for the first one: the others then have 2, 8 and 12 times as many
        in ``"hybrid"``, and follow the plain-net rule [2]_ in ``"plain"``: the same number for a map of the
        same size, twice as many once the map has become smaller. None is 15 and 64.
    n_blocks : int or None, default=None
        Number of blocks of ``"plain"``. None takes as many as there are ``filters``, or up to three as far as
        the map lasts.
    kernel_size : int or None, default=None
        Frames that a convolution looks at. None is 3, 3, 5 and 3 in the blocks of ``"hybrid"`` and 5 in those
        of ``"plain"``.
    head : {"gap", "attention", "flatten"}, default="attention"
        How the last map becomes one row: its average over frames [1]_; the mean and standard deviation of
        attentive statistics pooling [3]_ beside the maximum; or all of it. The first two leave padding out.
    dense_units : int or None, default=None
        Units of a dense layer between head and output. None is no such layer, but 64 units after
        ``"flatten"``.
    dropout : float, default=0.1
        Share of values set to zero in training, after each block and before the output.
    l2 : float, default=0.0
        Weight of the penalty on squared kernel values.
    batch_norm : bool, default=True
        Whether each convolution is followed by batch normalisation.
    kernel_initializer : str, default="he_uniform"
        Keras name of the distribution from which initial kernels are drawn; or ``"rai"``, the randomised
        asymmetric initialisation [5]_, which draws biases as well: deep networks of ReLU without batch
        normalisation are then far less often born dead.
    block_order : str, default="pre"
        Where a block of ``"residual"`` normalises and activates: ``"post"``, ``"norm_after_addition"``,
        ``"activation_before_addition"``, ``"activation_only_pre"``, ``"pre"`` or
        ``"no_activation_after_addition"``.
    s_m : int, default=0
        Stages of ``"erann"``, up to three, that shorten their maps to a quarter and not to a half.
    crop_frames : int or None, default=None
        Frames that the network sees at once. In training that is a window from a random place of a recording,
        another one in each step; a prediction is the average of ``n_crops`` windows. Windows lie within
        the recorded frames as far as these reach; a recording with no more of them is taken from its start
        on, with its padding. None shows whole recordings.
    n_crops : int, default=5
        Windows from first to last recorded frame, evenly spaced, whose probabilities a prediction averages;
        a single one is from the middle. Without ``crop_frames`` it is not used.
    time_stretch : float, default=0.1
        Largest share by which a recording gets longer or shorter in a training step; it is drawn anew for
        each recording in each epoch, as all of these. Frames are repeated or left out, and never lost at the
        end of ``X``.
    frequency_warp : float, default=0.1
        Largest share by which the axis of bands is widened or narrowed in training, as by a shorter or longer
        vocal tract. Features that are not bands are left alone.
    gain : float, default=6.0
        Largest change of level in training, in dB. The lowest level among the training frames stays where it
        is, as a noise floor does. Features that are not bands are left alone.
    mask_frames, mask_features : int, default=0
        Largest width of the span of frames, and of features or bands, that is hidden behind their mean in
        training.
    noise : float, default=0.0
        Standard deviation of normal noise on training frames, in that of each feature or band; 1 at most.
    mixup : float, default=0.0
        Parameter of the Beta distribution that tells how much of another recording of the batch, and of its
        emotion, is mixed into each [4]_; 0 mixes nothing. Padding is not mixed in.
    optimizer : {"adam", "adamw", "nadam", "rmsprop", "sgd"}, default="adam"
        Keras name of the optimizer.
    learning_rate : float, default=0.001
        Step size of the optimizer.
    learning_rate_schedule : {"constant", "cosine"}, default="cosine"
        Whether the step size stays, or warms up over the first twentieth of ``epochs`` and falls to zero by
        half a cosine. Callbacks that set the step size need ``"constant"``.
    label_smoothing : float, default=0.1
        Share of each target's probability that is spread over all emotions.
    epochs : int, default=60
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
    n_networks : int or None, default=None
        Networks that are trained one after the other and differ by what is drawn, the first one being that of
        ``n_networks=1``; their probabilities are averaged. None is 2 for ``"hybrid"`` and 1 for others.
    network : callable or None, default=None
        ``network(input_shape, n_classes)`` returning an uncompiled ``keras.Model`` that maps frames to
        ``n_classes`` probabilities, in place of the one described by the parameters above. ``input_shape``
        is (n_frames, n_features), with no more frames than ``crop_frames``, or (n_features,) for 2-D ``X``.
        It receives standardised frames, in training stretched, masked and so on.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Further callbacks for training, instances or classes. Each fit works on copies.
    random_state : int, RandomState instance or None, default=None
        Seed of initial weights, dropout, random windows, the order of recordings and the held-out part. An
        integer gives the same predictions in any process that has the same number of threads.
    memory : str, path-like, DiskCache or None, default=None
        Folder where fits are kept, so that a search that was killed goes on where it was. A fit with the same
        parameters, recordings, emotions, weights, versions and number of threads, and an integer
        ``random_state``, is loaded and not repeated. Otherwise, and with ``callbacks`` or a ``network`` of
        your own, nothing is kept, and a warning says so. None trains each time.
    verbose : int, default=0
        What Keras prints of training: 0 nothing, 1 a bar, 2 a line per epoch.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Emotions, sorted.
    network_ : keras.Model
        The trained network, or several in one. It takes raw frames, cuts windows out of them, makes bands of
        cepstra, standardises them, and gives probabilities in the order of ``classes_``.
    feature_axis_ : str
        What the features were taken for: ``feature_axis``, or what ``"auto"`` found.
    history_ : dict of str to list of float
        Loss and accuracy of each epoch, with ``early_stopping`` also those of the held-out part
        (``"val_loss"``, ``"val_accuracy"``); of several networks the mean of those trained for so long.
    n_iter_ : int
        Epochs trained; of several networks the most.
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
    .. [3] K. Okabe, T. Koshinaka, K. Shinoda, "Attentive statistics pooling for deep speaker embedding",
       Interspeech 2018, doi:10.21437/Interspeech.2018-993.
    .. [4] H. Zhang, M. Cisse, Y. N. Dauphin, D. Lopez-Paz, "mixup: Beyond empirical risk minimization", ICLR
       2018. arXiv:1710.09412.
    .. [5] L. Lu, Y. Shin, Y. Su, G. E. Karniadakis, "Dying ReLU and initialization: theory and numerical
       examples", Communications in Computational Physics 28(5), 2020. arXiv:1903.06733.

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

    # Routed metadata reaches fit without being asked for: the held-out part needs speakers and copies.
    __metadata_request__fit = {"groups": True, "copy_of": True}

    _parameter_constraints = PARAMETER_CONSTRAINTS

    def __init__(
        self,
        *,
        feature_axis="auto",
        architecture="hybrid",
        pooling="average",
        pool_size=2,
        pool_stride=None,
        stride=1,
        activation="relu",
        negative_slope=0.1,
        filters=None,
        n_blocks=None,
        kernel_size=None,
        head="attention",
        dense_units=None,
        dropout=0.1,
        l2=0.0,
        batch_norm=True,
        kernel_initializer="he_uniform",
        block_order="pre",
        s_m=0,
        crop_frames=None,
        n_crops=5,
        time_stretch=0.1,
        frequency_warp=0.1,
        gain=6.0,
        mask_frames=0,
        mask_features=0,
        noise=0.0,
        mixup=0.0,
        optimizer="adam",
        learning_rate=1e-3,
        learning_rate_schedule="cosine",
        label_smoothing=0.1,
        epochs=60,
        batch_size=32,
        class_weight="balanced",
        early_stopping=False,
        validation_fraction=0.1,
        n_iter_no_change=10,
        n_networks=None,
        network=None,
        callbacks=None,
        random_state=None,
        memory=None,
        verbose=0,
    ):
        self.feature_axis = feature_axis
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
        self.time_stretch = time_stretch
        self.frequency_warp = frequency_warp
        self.gain = gain
        self.mask_frames = mask_frames
        self.mask_features = mask_features
        self.noise = noise
        self.mixup = mixup
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.learning_rate_schedule = learning_rate_schedule
        self.label_smoothing = label_smoothing
        self.epochs = epochs
        self.batch_size = batch_size
        self.class_weight = class_weight
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.n_networks = n_networks
        self.network = network
        self.callbacks = callbacks
        self.random_state = random_state
        self.memory = memory
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None, groups=None, copy_of=None):
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
        copy_of : array-like of shape (n_recordings,), default=None
            Of each augmented copy the row in ``X`` of its original, and -1 for what is no copy. With
            ``early_stopping`` no copy is held out, nor trained on if its original is held out; otherwise not
            used. :class:`~sklearn_ser.augmentation.TrainingAugmenter` gives it.

        Returns
        -------
        self : CNNEmotionClassifier
            The fitted classifier.

        Raises
        ------
        NetworkError
            The parameters describe no network for these frames (before any training), or the loss stopped
            being a number.
        ValueError
            ``copy_of`` names no original, or one of another emotion or speaker; or too few can be held out.

        Warns
        -----
        SerWarning
            The fit cannot be kept in ``memory``, for the reason given.
        DamagedCacheWarning
            What ``memory`` held of this fit was cut short or altered. It is trained anew.
        """
        from ._training import train

        plan = FitPlan.of(self, X, y, sample_weight, groups, copy_of)
        network, history = train(plan)
        self.classes_ = plan.classes
        self.input_shape_ = plan.arrays[0].shape[1:]
        self.feature_axis_ = plan.params["feature_axis"]
        self.network_, self.history_ = network, history
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
