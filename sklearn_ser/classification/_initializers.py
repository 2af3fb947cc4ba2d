"""Initial weights of a network that are not symmetric about zero.

Imported only where Keras is wanted: by ``_network`` when it builds, and by ``_frozen_network`` when it loads.
"""

import random

import keras
import numpy as np

_register = keras.saving.register_keras_serializable(package="sklearn_ser")

# c of the docstring below, for the moments of a Beta(2, 1) distribution: 0.6007, as the paper has it.
_MEAN, _SECOND_MOMENT = 2 / 3, 1 / 2
DEVIATION = np.sqrt(2 * _MEAN**2 / np.pi + 2 * (1 - _SECOND_MOMENT)) - np.sqrt(2 / np.pi) * _MEAN


@_register
class RandomisedAsymmetric(keras.initializers.Initializer):
    r"""Draw kernels whose units are more likely to fire than not: the RAI of [1]_.

    A unit of n inputs has n weights and a bias. All n + 1 are drawn from a normal distribution of mean 0 and
    variance :math:`c^2 / n`, and then one of them, any with the same probability, from Beta(2, 1), which is
    positive. The inputs of a ReLU layer are outputs of another and not negative, so that this one weight
    pushes the unit towards firing. :math:`c` is the root of

    .. math:: c^2 / 2 + \sqrt{2 / \pi}\, \mu_1 c + \mu_2 = 1

    with the first two moments :math:`\mu_1 = 2/3` and :math:`\mu_2 = 1/2` of Beta(2, 1). Its left side bounds
    the factor by which the expected mean square of a layer's outputs exceeds that of its inputs: it does not
    grow with depth.

    Parameters
    ----------
    seed : int or None, default=None
        Seed of the draw; None takes one from Python's generator, as initializers of Keras do.

    Notes
    -----
    Procedure, Beta(2, 1) and the value 0.6007 of c are those of the paper as they were recalled and found in
    ports of its code, not read in the paper itself. The equation above was derived here, and gives 0.6007. It
    is a bound, and wide layers stay below it: with 512 units the mean square falls to 0.44 in the first layer
    and by about a fifth in each after it, where He's initialisation holds it; with 8 it settles at 0.28.

    In a layer without biases, the units whose positive entry would have been their bias have none.

    References
    ----------
    .. [1] L. Lu, Y. Shin, Y. Su, G. E. Karniadakis, "Dying ReLU and initialization: theory and
       numerical examples", Communications in Computational Physics 28(5), 2020,
       doi:10.4208/cicp.OA-2020-0165. arXiv:1903.06733, section 4.
    """

    def __init__(self, seed=None):
        self.seed = random.randint(1, int(1e9)) if seed is None else seed
        self.shape = None

    def __call__(self, shape, dtype=None):
        """Draw a kernel whose last axis counts units, and note its shape for ``AsymmetricBias``."""
        self.shape = tuple(shape)
        return keras.ops.convert_to_tensor(self.rows()[:, :-1].T.reshape(shape), dtype)

    def rows(self):
        """Draw a row of weights and bias for each unit: shape (n_units, n + 1)."""
        *inputs, n_units = self.shape
        n_inputs = int(np.prod(inputs))
        rng = np.random.default_rng(self.seed)
        rows = rng.normal(scale=DEVIATION / np.sqrt(n_inputs), size=(n_units, n_inputs + 1))
        rows[np.arange(n_units), rng.integers(n_inputs + 1, size=n_units)] = rng.beta(2, 1, size=n_units)
        return rows.astype(np.float32)

    def get_config(self):
        """Give what the constructor takes."""
        return {"seed": self.seed}


@_register
class AsymmetricBias(keras.initializers.Initializer):
    """Give the biases that ``RandomisedAsymmetric`` drew beside a kernel; zeros where none was drawn.

    Parameters
    ----------
    kernel : RandomisedAsymmetric
        The initializer of the same layer's kernel, which Keras calls before.
    """

    def __init__(self, kernel):
        self.kernel = kernel

    def __call__(self, shape, dtype=None):
        """Give the last column of the rows."""
        if self.kernel.shape is None or tuple(shape) != self.kernel.shape[-1:]:
            return keras.ops.zeros(shape, dtype)
        return keras.ops.convert_to_tensor(self.kernel.rows()[:, -1], dtype)

    def get_config(self):
        """Give what the constructor takes."""
        return {"kernel": keras.saving.serialize_keras_object(self.kernel)}

    @classmethod
    def from_config(cls, config):
        """Make the initializer of the kernel anew, without a kernel: the weights of a saved layer follow."""
        return cls(keras.saving.deserialize_keras_object(config["kernel"]))


def initial_values(kernel_initializer):
    """Give the arguments of a Keras layer with weights for what its kernel, and bias, start from.

    Parameters
    ----------
    kernel_initializer : str
        ``"rai"`` or Keras' name of an initializer, whose layer has biases that start at zero.
    """
    if kernel_initializer != "rai":
        return {"kernel_initializer": kernel_initializer}
    kernel = RandomisedAsymmetric()
    return {"kernel_initializer": kernel, "bias_initializer": AsymmetricBias(kernel)}
