"""Results to figures, by scikit-learn's conventions of a Display."""

from ._class_activation_display import ClassActivationDisplay
from ._emotion_confusion_display import EmotionConfusionDisplay
from ._features_display import FeaturesDisplay
from ._random_split_gap_display import RandomSplitGapDisplay
from ._robustness_display import RobustnessDisplay
from ._scores_display import ScoresDisplay
from ._search_results_display import SearchResultsDisplay
from ._training_history_display import TrainingHistoryDisplay
from ._write_report import write_report

__all__ = [
    "ClassActivationDisplay",
    "EmotionConfusionDisplay",
    "FeaturesDisplay",
    "RandomSplitGapDisplay",
    "RobustnessDisplay",
    "ScoresDisplay",
    "SearchResultsDisplay",
    "TrainingHistoryDisplay",
    "write_report",
]
