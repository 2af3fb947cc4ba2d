"""Waveforms to frames of numbers."""

from ._mfcc_transformer import MFCCTransformer

__all__ = ["MFCCTransformer"]
