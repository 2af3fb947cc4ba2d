"""Speech emotion recognition with scikit-learn.

Importing the package loads nothing but its table of contents, the stub beside this file: librosa, Keras and
TensorFlow are imported by the first call that needs them.
"""

import lazy_loader as _lazy

__version__ = "0.1.0.dev0"

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
__all__ = [*__all__, "__version__"]
