"""Memory that serves one recording after the other."""

import math

import numpy as np


class Scratch:
    """Arrays that are used again, which spares asking the operating system for new memory each time.

    An object serves one thread.
    """

    def __init__(self):
        self._arrays = {}

    def take(self, name, shape, dtype=np.float32):
        """Give an array of this shape that holds anything, until the same name is taken again.

        Parameters
        ----------
        name : str
            What it is for.
        shape : tuple of int
            Its shape.
        dtype : type, default=numpy.float32
            Type of its items.

        Returns
        -------
        ndarray of shape ``shape``
            The array.
        """
        size = math.prod(shape)
        array = self._arrays.get((name, dtype))
        if array is None or array.size < size:
            array = self._arrays[name, dtype] = np.empty(size, dtype)
        return array[:size].reshape(shape)
