"""Results to figures, by scikit-learn's conventions of a Display."""

from ._class_activation_display import ClassActivationDisplay

__all__ = ["ClassActivationDisplay"]
