"""What a fitted network looked at, and what it would miss."""

from ._class_activation_map import class_activation_map
from ._dead_units import dead_units
from ._grouped_permutation_importance import grouped_permutation_importance

__all__ = ["class_activation_map", "dead_units", "grouped_permutation_importance"]
