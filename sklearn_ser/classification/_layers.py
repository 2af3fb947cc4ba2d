"""Keras layers that tell recorded frames from padding.

Imported only where Keras is wanted: by ``_network`` when it builds, and by ``_frozen_network`` when it loads.
They use ``keras.ops`` alone, so that they run on every Keras backend, and are registered, so that a saved
network finds them again.
"""

import keras
from keras import ops

_register = keras.saving.register_keras_serializable(package="sklearn_ser")


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
