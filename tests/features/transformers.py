"""Every transformer of recordings, for the tests that hold of all of them."""

import os

from sklearn_ser.features import (
    AmplitudeEnvelopeTransformer,
    CepstrumTransformer,
    LogMelTransformer,
    MFCCTransformer,
    STFTTransformer,
)

RECORDING_TRANSFORMERS = [
    AmplitudeEnvelopeTransformer,
    CepstrumTransformer,
    LogMelTransformer,
    MFCCTransformer,
    STFTTransformer,
]


class CountingMFCCTransformer(MFCCTransformer):
    """Write one byte to a file for each recording that is computed, in whatever process."""

    def __init__(self, *, ledger="ledger", memory=None, trim_db=30.0, duration=4.5):
        super().__init__(memory=memory, trim_db=trim_db, duration=duration)
        self.ledger = ledger

    def _definition(self):
        return CountingDefinition(super()._definition(), self.ledger)


class CountingDefinition:
    """A definition that tells of each use."""

    def __init__(self, definition, ledger):
        self._definition, self._ledger = definition, ledger

    def __getattr__(self, name):
        return getattr(self._definition, name)

    def __repr__(self):
        return repr(self._definition)

    def compute(self, waveform, scratch):
        ledger = os.open(self._ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(ledger, b"x")
        os.close(ledger)
        return self._definition.compute(waveform, scratch)
