"""Waveforms to frames of numbers, and frames to others and to rows."""

from ._amplitude_envelope_transformer import AmplitudeEnvelopeTransformer
from ._cepstral_normalizer import CepstralNormalizer
from ._cepstrum_transformer import CepstrumTransformer
from ._delta_transformer import DeltaTransformer
from ._functionals_transformer import FunctionalsTransformer
from ._log_mel_transformer import LogMelTransformer
from ._mfcc_presets import MFCC_PRESETS
from ._mfcc_transformer import MFCCTransformer
from ._stft_transformer import STFTTransformer

__all__ = [
    "MFCC_PRESETS",
    "AmplitudeEnvelopeTransformer",
    "CepstralNormalizer",
    "CepstrumTransformer",
    "DeltaTransformer",
    "FunctionalsTransformer",
    "LogMelTransformer",
    "MFCCTransformer",
    "STFTTransformer",
]
