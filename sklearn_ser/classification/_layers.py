"""Keras layers that tell recorded frames from padding.

Imported only where Keras is wanted: by ``_network`` when it builds, and by ``_frozen_network`` when it loads.
They use ``keras.ops`` alone, so that they run on every Keras backend, and are registered, so that a saved
network finds them again.
"""

import keras
from keras import ops

_register = keras.saving.register_keras_serializable(package="sklearn_ser")


@_register
class Standardisation(keras.layers.Layer):
    """Bring features to mean 0 and variance 1, by those of the training frames, which are its weights."""

    def build(self, input_shape):
        """Make room for a mean and a variance of each feature."""
        n_features = input_shape[-1]
        self.mean = self.add_weight((n_features,), "zeros", trainable=False, name="mean")
        self.variance = self.add_weight((n_features,), "ones", trainable=False, name="variance")

    def call(self, frames):
        """Subtract the mean, and divide by the root of the variance."""
        return (frames - self.mean) / ops.maximum(ops.sqrt(self.variance), keras.config.epsilon())

    def compute_output_shape(self, input_shape):
        """Keep the shape."""
        return input_shape


@_register
class RecordedFrames(keras.layers.Layer):
    """Mark with 1 the frames that hold anything but zeros: shape (n, n_frames, 1)."""

    def call(self, frames):
        """Tell for each frame whether one of its features differs from zero."""
        return ops.cast(ops.any(ops.not_equal(frames, 0), axis=-1, keepdims=True), frames.dtype)

    def compute_output_shape(self, input_shape):
        """Keep recordings and frames, and put one mark in place of the features."""
        return (*input_shape[:-1], 1)


@_register
class EveryFrame(RecordedFrames):
    """Mark everything with 1, for maps in which zero is a value like any other."""

    def call(self, frames):
        """Give ones."""
        return ops.ones_like(frames[..., :1])


@_register
class AsMask(keras.layers.Layer):
    """Turn marks into a mask as Keras' layers take it: shape (n, n_frames), bool."""

    def call(self, recorded):
        """Tell where the marks are 1."""
        return ops.squeeze(recorded, axis=-1) > 0

    def compute_output_spec(self, recorded):
        """Drop the axis of channels."""
        return keras.KerasTensor(recorded.shape[:-1], dtype="bool")


@_register
class BatchNormalisation(keras.layers.Layer):
    """Bring each channel of a map to mean 0 and variance 1, by a batch's recorded frames; scale and move it.

    Keras' own layer spreads a mask over every channel and chooses by it value for value, which takes twice as
    long in a step. The weights are Keras', in Keras' order. Its momentum of 0.99 would take hundreds of steps
    to forget the initial statistics, more than a small corpus gives.
    """

    def __init__(self, momentum=0.9, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon

    def build(self, input_shape):
        """Make scale, offset, and the running mean and variance of each channel."""
        shape = (input_shape[0][-1],)
        self.gamma = self.add_weight(shape, "ones", name="gamma")
        self.beta = self.add_weight(shape, "zeros", name="beta")
        self.moving_mean = self.add_weight(shape, "zeros", trainable=False, name="moving_mean")
        self.moving_variance = self.add_weight(shape, "ones", trainable=False, name="moving_variance")

    def call(self, inputs, training=False):
        """Normalise the map, the first input; where the marks, the second, are 0 it does not count."""
        frames, recorded = inputs
        if training:
            mean = self._average(frames, recorded)
            deviation = frames - mean
            variance = self._average(ops.square(deviation), recorded)
            for moving, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moving.assign(moving * self.momentum + value * (1 - self.momentum))
        else:
            deviation, variance = frames - self.moving_mean, self.moving_variance
        return deviation * (self.gamma * ops.rsqrt(variance + self.epsilon)) + self.beta

    def _average(self, frames, recorded):
        """Average over recorded frames; as a product of matrices it does not spread the marks."""
        row = ops.reshape(recorded, (1, -1))
        n_features = frames.shape[2] if len(frames.shape) == 4 else 1
        n_channels = frames.shape[-1]
        sums = ops.matmul(row, ops.reshape(frames, (-1, n_features * n_channels)))
        sums = ops.sum(ops.reshape(sums, (n_features, n_channels)), axis=0)
        return sums / ops.maximum(ops.sum(row) * n_features, 1)

    def compute_output_shape(self, input_shape):
        """Keep the map's shape."""
        return input_shape[0]

    def get_config(self):
        """Give what the constructor takes."""
        return {**super().get_config(), "momentum": self.momentum, "epsilon": self.epsilon}


@_register
class ShortenedMarks(keras.layers.Layer):
    """Marks of a map that was shortened: 1 where any of the merged frames was recorded.

    ``step`` frames become one, from the first on; what is missing to a last full step was not recorded.
    """

    def __init__(self, step, **kwargs):
        super().__init__(**kwargs)
        self.step = step

    def call(self, recorded):
        """Take the largest mark of each step."""
        tail = list(recorded.shape[2:])
        missing = -ops.shape(recorded)[1] % self.step
        recorded = ops.pad(recorded, [[0, 0], [0, missing], *([[0, 0]] * len(tail))])
        n_steps = ops.shape(recorded)[1] // self.step
        return ops.max(ops.reshape(recorded, (-1, n_steps, self.step, *tail)), axis=2)

    def compute_output_shape(self, input_shape):
        """Divide the number of frames, rounding up."""
        n_frames = input_shape[1] and -(-input_shape[1] // self.step)
        return (input_shape[0], n_frames, *input_shape[2:])

    def get_config(self):
        """Give what the constructor takes."""
        return {**super().get_config(), "step": self.step}


@_register
class AverageOverFrames(keras.layers.Layer):
    """Average a map over recorded frames, or with given weights: shape (n, n_channels)."""

    def call(self, inputs):
        """Average the map, the first input, with the weights, the second."""
        frames, weights = inputs
        # A recording of padding only has no average; zero lets it through without a NaN.
        total = ops.maximum(ops.sum(weights, axis=1), keras.config.epsilon())
        return ops.sum(frames * weights, axis=1) / total

    def compute_output_shape(self, input_shape):
        """Drop the axis of frames."""
        return (input_shape[0][0], input_shape[0][-1])


@_register
class DeviationOverFrames(AverageOverFrames):
    """Standard deviation of a map over frames with given weights: shape (n, n_channels)."""

    def call(self, inputs):
        """Weigh the frames of the map, the first input, with the weights, the second."""
        frames, weights = inputs
        mean = ops.expand_dims(super().call(inputs), 1)
        # The slope of a root is endless at zero, where all frames are alike.
        return ops.sqrt(super().call([ops.square(frames - mean), weights]) + 1e-6)


@_register
class MaximumOverFrames(keras.layers.Layer):
    """Take each channel's largest value over recorded frames: shape (n, n_channels)."""

    def call(self, inputs):
        """Take the maximum of the map, the first input, where the marks, the second, are 1."""
        frames, recorded = inputs
        return ops.max(frames - (1 - recorded) * 1e9, axis=1) * ops.max(recorded, axis=1)

    def compute_output_shape(self, input_shape):
        """Drop the axis of frames."""
        return (input_shape[0][0], input_shape[0][-1])


@_register
class AttentionOverFrames(keras.layers.Layer):
    """Turn a score for each frame into its attention weight; padding gets none.

    The weights are a softmax's before its division, which ``AverageOverFrames`` does.
    """

    def call(self, inputs):
        """Weigh the scores, the first input, where the marks, the second, are 1."""
        scores, recorded = inputs
        scores = scores - (1 - recorded) * 1e9
        return ops.exp(scores - ops.max(scores, axis=1, keepdims=True)) * recorded

    def compute_output_shape(self, input_shape):
        """Keep the scores' shape."""
        return input_shape[0]


@_register
class FrameWindows(keras.layers.Layer):
    """Cut windows out of recordings: shape (n * n_windows, n_frames, n_features).

    In training each recording gives one window from a random place; otherwise ``n_crops`` of them, evenly
    spaced from its first frame to its last recorded one, and one after another in the result. A recording
    with fewer recorded frames than a window is taken from its first frame on, with padding.
    """

    def __init__(self, n_frames, n_crops, **kwargs):
        super().__init__(**kwargs)
        self.n_frames = n_frames
        self.n_crops = n_crops
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, frames, training=False):
        """Cut the windows."""
        is_recorded = ops.any(ops.not_equal(frames, 0), axis=-1)
        ends = ops.where(is_recorded, ops.arange(1, frames.shape[1] + 1, dtype="int32"), 0)
        last = ops.maximum(ops.max(ends, axis=1, keepdims=True) - self.n_frames, 0)
        if training:
            share = keras.random.uniform(ops.shape(last), seed=self.seed_generator)
            # The product may be rounded up to the number of places.
            starts = ops.minimum(ops.cast(share * ops.cast(last + 1, share.dtype), "int32"), last)
        elif self.n_crops == 1:
            starts = last // 2
        else:  # j * last / steps, rounded to the next frame
            steps = self.n_crops - 1
            starts = (2 * ops.arange(self.n_crops, dtype="int32") * last + steps) // (2 * steps)
        n_frames, n_features = frames.shape[1:]
        starts = starts + n_frames * ops.expand_dims(ops.arange(ops.shape(frames)[0], dtype="int32"), -1)
        rows = ops.expand_dims(starts, -1) + ops.arange(self.n_frames, dtype="int32")
        windows = ops.take(ops.reshape(frames, (-1, n_features)), ops.reshape(rows, (-1,)), axis=0)
        return ops.reshape(windows, (-1, self.n_frames, n_features))

    def compute_output_shape(self, input_shape):
        """Put windows, whose number depends on training, in place of recordings."""
        return (None, self.n_frames, input_shape[2])

    def get_config(self):
        """Give what the constructor takes."""
        return {**super().get_config(), "n_frames": self.n_frames, "n_crops": self.n_crops}


@_register
class AverageOverWindows(keras.layers.Layer):
    """Average the probabilities of each recording's windows: shape (n, n_classes)."""

    def call(self, inputs, training=False):
        """Average the probabilities, the first input; the second is the recordings, which counts them."""
        probabilities, recordings = inputs
        if training:  # one window each; the loss finds the logits of a softmax that it gets untouched
            return probabilities
        by_recording = (ops.shape(recordings)[0], -1, probabilities.shape[-1])
        return ops.mean(ops.reshape(probabilities, by_recording), axis=1)

    def compute_output_shape(self, input_shape):
        """Put recordings in place of windows."""
        return (input_shape[1][0], input_shape[0][-1])
