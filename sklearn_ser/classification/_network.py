"""The CNN itself: named parameters to a Keras model."""

from sklearn_ser.exceptions import NetworkError

from ._edges import pad_edges
from ._geometry import plan_network


def build_network(body, input_shape, front, params, name="emotion_network"):
    """Put crops, bands, augmentation and standardisation in front of a network: all are saved as one.

    Parameters
    ----------
    body : callable
        Takes two Keras tensors, the standardised input and, for frames, their marks of shape
        (n, n_frames, 1), 1 for recorded and 0 for padding (None for rows of features); returns a Keras
        tensor of probabilities.
    input_shape : tuple of int
        (n_frames, n_features) for frames, (n_features,) for one row a recording.
    front : Front
        What was learnt of the training frames.
    params : dict
        The estimator's parameters.
    name : str, default="emotion_network"
        Of the model.
    """
    import keras
    from keras import layers

    from ._frame_augmentation import FrameDeformation, FrameMasks, InverseCosineTransform
    from ._layers import AverageOverWindows, FrameWindows, RecordedFrames

    inputs = x = keras.Input(input_shape, name="frames")
    if len(input_shape) == 1:
        x = standardise(x, front)
        if params["noise"]:
            x = layers.GaussianNoise(params["noise"], name="noise")(x)
        return keras.Model(inputs, body(x, None), name=name)
    crop_frames = params["crop_frames"]
    is_cropped = crop_frames is not None and crop_frames < input_shape[0]
    if is_cropped:
        x = FrameWindows(int(params["crop_frames"]), int(params["n_crops"]), name="windows")(x)
    if front.feature_axis == "cepstrum":
        x = InverseCosineTransform(name="bands")(x)
    is_spectral = front.feature_axis != "unordered"
    deformation = {
        "time_stretch": params["time_stretch"],
        "frequency_warp": params["frequency_warp"] if is_spectral else 0.0,
        "gain": params["gain"] if is_spectral else 0.0,
    }
    if any(deformation.values()):
        deform = FrameDeformation(**deformation, name="deformation")
        deform.floor.assign(front.floor)
        x = deform(x)
    recorded = RecordedFrames(name="recorded")(x)
    x = standardise(x, front)
    x = layers.Multiply(name="without_padding")([x, recorded])
    if params["mask_frames"] or params["mask_features"]:
        x = FrameMasks(params["mask_frames"], params["mask_features"], name="masks")(x)
    if params["noise"]:
        x = layers.GaussianNoise(params["noise"], name="noise")(x)
        x = layers.Multiply(name="noise_without_padding")([x, recorded])
    probabilities = body(x, recorded)
    if is_cropped:
        probabilities = AverageOverWindows(name="average_over_windows")([probabilities, inputs])
    return keras.Model(inputs, probabilities, name=name)


def standardise(x, front):
    """Standardise by the statistics of the training frames."""
    from ._layers import Standardisation

    standardisation = Standardisation(name="standardisation")
    x = standardisation(x)
    standardisation.set_weights([front.mean, front.variance])
    return x


def plain(params, n_classes):
    """Describe a CNN, one-dimensional over frames, for ``build_network``."""

    def body(x, recorded):
        blocks = plan_network(params, x.shape[1:])
        if recorded is None:
            x, recorded = _one_channel(x)
        for index, block in enumerate(blocks, start=1):
            x, recorded = convolution_block(x, recorded, block, params, f"block{index}")
        return classify(x, recorded, params, n_classes)

    return body


def classify(x, recorded, params, n_classes):
    """Make one row of a map over frames, and probabilities of that."""
    x = _HEADS[params["head"]](x, recorded, params)
    if params["dense_units"] or params["head"] == "flatten":
        x = dense(params["dense_units"] or 64, "hidden", params)(x)
        x = activation("hidden_activation", params)(x)
    x = dropout("head_dropout", params)(x)
    return dense(n_classes, "emotions", params, activation="softmax")(x)


def user_body(network, input_shape, n_classes):
    """Run a user's own network behind the standardisation, after checking what it returned."""
    import keras

    model = network(input_shape, n_classes)
    if not isinstance(model, keras.Model):
        raise NetworkError(f"network must return a keras.Model; got {type(model).__name__}.")
    # Calling it builds a model that was made without an Input, and shows what it gives.
    frames = keras.random.normal((8, *input_shape), seed=0)
    given = keras.ops.convert_to_numpy(model(frames, training=False))
    if given.shape != (8, n_classes) or given.min() < 0 or given.max() > 1.001:
        raise NetworkError(
            f"network must return a model that gives {n_classes} probabilities a recording, one for each "
            f"emotion; for 8 recordings its output has shape {given.shape} and values from {given.min():.3g} "
            f"to {given.max():.3g}. It should end in Dense(n_classes, activation='softmax')."
        )
    return lambda x, recorded: model(x)


def _one_channel(x):
    """Take a row of features as a map of one channel, all of it recorded."""
    from keras import layers

    from ._layers import EveryFrame

    x = layers.Reshape((x.shape[1], 1), name="one_channel")(x)
    return x, EveryFrame(name="recorded")(x)


def convolution_block(x, recorded, block, params, name):
    """Convolve, normalise, activate, pool and drop out; padding stays zero, and out of the statistics."""
    from keras import layers

    x, padding = pad_edges(x, (block.kernel_size,), (block.stride,), f"{name}_edges")
    x = layers.Conv1D(
        block.filters,
        block.kernel_size,
        strides=block.stride,
        padding=padding,
        use_bias=not params["batch_norm"],
        name=f"{name}_convolution",
        **weights(params),
    )(x)
    recorded = shorten(recorded, block.stride, f"{name}_strided")
    if params["batch_norm"]:
        x = normalise(x, recorded, f"{name}_normalisation")
    x = activation(f"{name}_activation", params)(x)
    x = layers.Multiply(name=f"{name}_without_padding")([x, recorded])
    if block.pool_size > 1 or block.pool_stride > 1:
        pool = {"average": layers.AveragePooling1D, "max": layers.MaxPooling1D}[params["pooling"]]
        x, padding = pad_edges(x, (block.pool_size,), (block.pool_stride,), f"{name}_pool_edges")
        x = pool(block.pool_size, block.pool_stride, padding=padding, name=f"{name}_pool")(x)
        recorded = shorten(recorded, block.pool_stride, f"{name}_pooled")
        if block.pool_size > block.pool_stride:  # the last pool reaches over into padding
            x = layers.Multiply(name=f"{name}_pooled_without_padding")([x, recorded])
    return dropout(f"{name}_dropout", params)(x), recorded


def normalise(x, recorded, name):
    """Normalise the channels of a map by a batch's recorded frames."""
    from ._layers import BatchNormalisation

    return BatchNormalisation(name=name)([x, recorded])


def shorten(recorded, step, name):
    """Keep the marks beside a map that was shortened: recorded where any of the merged frames was."""
    from ._layers import ShortenedMarks

    return ShortenedMarks(step, name=name)(recorded) if step > 1 else recorded


def _average_head(x, recorded, params):
    from ._layers import AverageOverFrames

    return AverageOverFrames(name="average")([x, recorded])


def _attention_head(x, recorded, params):
    """Attentive mean and deviation beside the maximum: what lasted, how it moved, what stood out."""
    from keras import layers

    from ._layers import AttentionOverFrames, AverageOverFrames, DeviationOverFrames, MaximumOverFrames

    scores = dense(1, "attention_scores", params)(dense(64, "attention_hidden", params, activation="tanh")(x))
    attention = AttentionOverFrames(name="attention")([scores, recorded])
    attended = AverageOverFrames(name="attended")([x, attention])
    deviation = DeviationOverFrames(name="deviation")([x, attention])
    maximum = MaximumOverFrames(name="maximum")([x, recorded])
    return layers.Concatenate(name="pooled")([attended, deviation, maximum])


def _flatten_head(x, recorded, params):
    from keras import layers

    return layers.Flatten(name="flatten")(x)


_HEADS = {"gap": _average_head, "attention": _attention_head, "flatten": _flatten_head}


def dense(units, name, params, activation=None):
    from keras import layers

    return layers.Dense(units, activation=activation, name=name, **weights(params))


def dropout(name, params):
    from keras import layers

    return layers.Dropout(params["dropout"], name=name)


def activation(name, params):
    from keras import layers

    if params["activation"] == "leaky_relu":
        return layers.LeakyReLU(negative_slope=params["negative_slope"], name=name)
    return layers.Activation(params["activation"], name=name)


def weights(params):
    """Give initial values and the penalty on size, the same for every layer with weights."""
    import keras

    from ._initializers import initial_values

    return {
        **initial_values(params["kernel_initializer"]),
        "kernel_regularizer": keras.regularizers.L2(params["l2"]) if params["l2"] else None,
    }
