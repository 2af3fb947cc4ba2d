"""Layers that change frames in training only, and the one that turns cepstra back into bands.

Imported, as ``_layers`` is, only where Keras is wanted. They use ``keras.ops`` alone, draw from a seed of
their own, and give their input back after training.
"""

import keras
import numpy as np
from keras import ops
from scipy.fft import idct

_register = keras.saving.register_keras_serializable(package="sklearn_ser")


@_register
class InverseCosineTransform(keras.layers.Layer):
    """Undo an orthonormal cosine transform of type 2 along the features: cepstra become bands.

    Fewer coefficients than bands give as many, wider, bands as there are coefficients.
    """

    def build(self, input_shape):
        """Make the matrix."""
        matrix = idct(np.eye(input_shape[-1]), type=2, norm="ortho", axis=1)
        self._matrix = ops.convert_to_tensor(matrix.astype(np.float32))

    def call(self, frames):
        """Transform each frame; one of zeros stays zeros."""
        return ops.matmul(frames, self._matrix)

    def compute_output_shape(self, input_shape):
        """Keep the shape."""
        return input_shape


@_register
class FrameDeformation(keras.layers.Layer):
    """Speak faster or slower, with another vocal tract, louder or softer: anew for each recording and step.

    ``time_stretch`` and ``frequency_warp`` are the largest shares by which a recording gets longer or shorter
    and the axis of bands wider or narrower, ``gain`` the largest change of level, in dB. The only weight is
    the level below which nothing was recorded, in dB. A recording never gets longer than the input.
    """

    def __init__(self, time_stretch, frequency_warp, gain, **kwargs):
        super().__init__(**kwargs)
        self.time_stretch = time_stretch
        self.frequency_warp = frequency_warp
        self.gain = gain
        self.seed_generator = keras.random.SeedGenerator()
        self.floor = self.add_weight((), "zeros", trainable=False, name="floor")

    def call(self, frames, training=False):
        """Change the frames; padding stays zero."""
        if not training:
            return frames
        recorded = ops.cast(ops.any(ops.not_equal(frames, 0), axis=-1, keepdims=True), frames.dtype)
        if self.gain:
            frames = self._amplify(frames) * recorded
        if self.frequency_warp:
            frames = self._warp(frames)
        if self.time_stretch:
            frames = self._stretch(frames, recorded)
        return frames

    def _draw(self, frames, largest):
        """Draw a number for each recording, from -largest to largest."""
        shape = (ops.shape(frames)[0], 1, 1)
        return keras.random.uniform(shape, -largest, largest, dtype=frames.dtype, seed=self.seed_generator)

    def _amplify(self, frames):
        """Amplify what is above the floor: the noise of a room does not grow with the voice."""
        gain = 10 ** (self._draw(frames, self.gain) / 10)
        above = 10 ** ((ops.maximum(frames, self.floor) - self.floor) / 10) - 1
        return self.floor + 10 * ops.log10(1 + gain * above)

    def _warp(self, frames):
        n_bands = frames.shape[-1]
        places = ops.arange(n_bands, dtype=frames.dtype)
        sources = places * (1 + self._draw(frames, self.frequency_warp))
        sources = ops.minimum(sources, n_bands - 1)  # (n, 1, n_bands): where each new band comes from
        return ops.matmul(frames, _interpolation(ops.expand_dims(places, -1), sources))

    def _stretch(self, frames, recorded):
        """Say frames twice or leave some out: what lies between two of them is smoother than speech is."""
        n_frames = ops.shape(frames)[1]
        places = ops.expand_dims(ops.arange(n_frames, dtype=frames.dtype), -1)
        ends = ops.max((places + 1) * recorded, axis=1, keepdims=True)
        new_ends = ops.round(ends * (1 + self._draw(frames, self.time_stretch)))
        new_ends = ops.clip(new_ends, ops.minimum(ends, 1), ops.cast(n_frames, frames.dtype))
        speed = ops.maximum(ends - 1, 0) / ops.maximum(new_ends - 1, 1)  # the last frame becomes the last
        nearest = ops.floor(places * speed + 0.5)  # (n, new frames, 1)
        chosen = ops.equal(nearest, ops.transpose(places)) & (places < new_ends)
        chosen = ops.cast(chosen, frames.dtype)
        return ops.matmul(chosen, frames)

    def compute_output_shape(self, input_shape):
        """Keep the shape."""
        return input_shape

    def get_config(self):
        """Give what the constructor takes."""
        names = ("time_stretch", "frequency_warp", "gain")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _interpolation(places, sources):
    """Weights of linear interpolation: those of ``places`` at ``sources``, which lie between them."""
    return ops.maximum(1 - ops.abs(sources - places), 0)


@_register
class FrameMasks(keras.layers.Layer):
    """Hide a span of frames and a span of features of each recording behind their mean, in training.

    The frames have been standardised, so that the mean is zero. Widths are drawn up to ``mask_frames`` and
    ``mask_features``.
    """

    def __init__(self, mask_frames, mask_features, **kwargs):
        super().__init__(**kwargs)
        self.mask_frames = mask_frames
        self.mask_features = mask_features
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, frames, training=False):
        """Hide the spans."""
        if not training:
            return frames
        if self.mask_frames:
            frames = frames * self._spans(frames, self.mask_frames, axis=1)
        if self.mask_features:
            frames = frames * self._spans(frames, self.mask_features, axis=2)
        return frames

    def _spans(self, frames, widest, axis):
        """Give 0 in a span of an axis and 1 elsewhere, with the other axis of size 1."""
        size = ops.cast(ops.shape(frames)[axis], frames.dtype)
        draws = keras.random.uniform((2, ops.shape(frames)[0], 1, 1), seed=self.seed_generator)
        width = ops.floor(draws[0] * (widest + 1))
        start = ops.floor(draws[1] * (size - ops.minimum(width, size) + 1))
        places = ops.arange(ops.shape(frames)[axis], dtype=frames.dtype)
        places = ops.expand_dims(places, -1 if axis == 1 else 0)
        return 1 - ops.cast((places >= start) & (places < start + width), frames.dtype)

    def compute_output_shape(self, input_shape):
        """Keep the shape."""
        return input_shape

    def get_config(self):
        """Give what the constructor takes."""
        return {**super().get_config(), "mask_frames": self.mask_frames, "mask_features": self.mask_features}
