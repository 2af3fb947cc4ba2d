"""Results to figures, by scikit-learn's conventions of a Display."""

from ._class_activation_display import ClassActivationDisplay
from ._features_display import FeaturesDisplay

__all__ = ["ClassActivationDisplay", "FeaturesDisplay"]
