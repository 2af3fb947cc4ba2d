"""Frames to emotions: networks that behave as scikit-learn's classifiers do."""

from ._cnn_emotion_classifier import CNNEmotionClassifier

__all__ = ["CNNEmotionClassifier"]
