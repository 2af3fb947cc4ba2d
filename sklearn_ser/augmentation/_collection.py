"""What augmentations have in common that mix in recordings."""

from os import PathLike

from sklearn.utils import _safe_indexing

from sklearn_ser.exceptions import RecordingError

from ._augmentation import Augmentation
from ._recordings import is_path, refuse_faults
from ._waveforms import as_waveform


class CollectionAugmentation(Augmentation):
    """Parent of the augmentations whose parameter ``recordings`` holds files or waveforms."""

    _parameter_constraints = {
        **Augmentation._parameter_constraints,
        "recordings": ["array-like", str, PathLike],  # a path alone is refused below, in better words
    }

    def check(self, sample_rate):
        """Check everything that ``augment`` needs, before any work; no recording is decoded.

        Parameters
        ----------
        sample_rate : int
            Samples a second of the waveforms to come, in Hz.

        Raises
        ------
        ValueError
            A parameter is out of its range, or ``sample_rate`` is no positive integer.
        RecordingError
            ``recordings`` are no files or waveforms. The message names them by position.
        """
        super().check(sample_rate)
        refuse_faults(list(self.recordings), "number", mixed=True)

    def _check_parameters(self, sample_rate):
        super()._check_parameters(sample_rate)
        if is_path(self.recordings) or not len(self.recordings):
            raise RecordingError(
                f"recordings must be a list of paths or waveforms, one at least; got {self.recordings!r}."
            )

    def _drawn(self, rng):
        """Draw one of the recordings: a path, or a waveform that is one."""
        index = int(rng.integers(len(self.recordings)))
        recording = _safe_indexing(self.recordings, index)
        if is_path(recording):
            return recording
        try:
            return as_waveform(recording)
        except RecordingError as error:
            raise RecordingError(f"recordings[{index}] {error}") from error
