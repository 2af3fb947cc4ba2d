"""The recordings of a training set, batch by batch."""

import keras
import numpy as np

# Recordings of this many batches are sorted by length before they are cut into batches: little padding is
# left to compute, and what comes together is still chance.
_BATCHES_SORTED = 8
# Lengths of batches are rounded up to this many frames, since a backend prepares itself for each new shape.
_ROUNDED_TO = 16


def fill_up(arrays, size):
    """Append recordings of padding alone, without emotion and weight, up to a multiple of ``size``.

    The others' weights grow, so that a mean over all recordings is what it was over the others alone.
    """
    n_recordings = len(arrays[0])
    n_missing = -n_recordings % size
    if not n_missing:
        return arrays
    X, y, sample_weight = (
        np.concatenate([array, np.zeros((n_missing, *array.shape[1:]), array.dtype)]) for array in arrays
    )
    return X, y, sample_weight * np.float32((n_recordings + n_missing) / n_recordings)


class Batches(keras.utils.PyDataset):
    """Mini-batches in an order of our own, so that no global generator is involved.

    Parameters
    ----------
    arrays : tuple of ndarray
        Recordings, one-hot emotions and weights.
    batch_size : int
    random_state : RandomState
    mixup : float
        Parameter of the Beta distribution from which shares of two recordings are drawn; 0 mixes nothing.
    slack : float or None
        Batches leave out the padding that all of their recordings share, but for this share of the longest's
        length. None leaves nothing out.
    n_lengths : int or None
        The most lengths there may be; None for any number of them.
    filled_up : bool
        Whether a last smaller batch is filled up, by ``fill_up``.
    """

    def __init__(
        self, arrays, batch_size, *, random_state, mixup=0.0, slack=None, n_lengths=None, filled_up=False
    ):
        super().__init__()
        self._arrays = arrays
        self._n_recordings, self._n_frames = arrays[0].shape[:2]
        self._batch_size = min(batch_size, self._n_recordings)
        self._random_state = random_state
        self._mixup = mixup
        self._slack = slack
        self._filled_up = filled_up
        self._rounded_to = _ROUNDED_TO
        if n_lengths is not None:
            self._rounded_to *= max(1, -(-self._n_frames // (_ROUNDED_TO * n_lengths)))
        if slack is not None:
            is_recorded = (arrays[0] != 0).any(axis=2)
            self._lengths = np.where(is_recorded, np.arange(1, self._n_frames + 1), 0).max(axis=1)
        self._rows = self._draw_rows()
        if slack is not None:
            # Keras asks the first two batches what may differ between batches.
            self._rows.sort(key=lambda rows: self._lengths[rows].max())
            self._rows.insert(0, self._rows.pop())
        self._mixtures = self._draw_mixtures()

    def __len__(self):
        """Count the batches of an epoch, a last smaller one included."""
        return len(self._rows)

    def __getitem__(self, index):
        rows = self._rows[index]
        batch = self._cut(index, self._n_frames_of(rows))
        return fill_up(batch, self._batch_size) if self._filled_up else batch

    def join(self, first, last):
        """Give the batches from ``first`` to before ``last`` at once.

        Returns
        -------
        X, y, sample_weight : ndarray
            The recordings of one batch after the other.
        starts : ndarray of shape (n_batches + 1,)
            The first recording of each batch, and the end of the last.
        n_frames : ndarray of shape (n_batches,)
            The frames of each batch; what lies behind them is padding.
        """
        of_batches = self._rows[first:last]
        n_frames = [self._n_frames_of(rows) for rows in of_batches]
        starts = np.cumsum([0, *map(len, of_batches)])
        joined = [self._cut(index, max(n_frames)) for index in range(first, last)]
        arrays = [np.concatenate(of_array) for of_array in zip(*joined, strict=True)]
        return *arrays, starts.astype(np.int32), np.array(n_frames, dtype=np.int32)

    def forget(self):
        """Let go of the arrays: TensorFlow keeps every generator it has drawn from, and all that it holds."""
        self._arrays = ()

    def on_epoch_end(self):
        """Draw the next epoch's order, and what is mixed."""
        self._rows = self._draw_rows()
        self._mixtures = self._draw_mixtures()

    def _draw_rows(self):
        order = self._random_state.permutation(self._n_recordings)
        size = self._batch_size
        if self._slack is None:
            return [order[start : start + size] for start in range(0, len(order), size)]
        drawn = []
        for start in range(0, len(order), _BATCHES_SORTED * size):
            alike = order[start : start + _BATCHES_SORTED * size]
            alike = alike[np.argsort(self._lengths[alike], kind="stable")]
            drawn += [alike[first : first + size] for first in range(0, len(alike), size)]
        return [drawn[index] for index in self._random_state.permutation(len(drawn))]

    def _draw_mixtures(self):
        """Draw, for each batch, with which others its recordings are mixed, and their own shares."""
        if not self._mixup:
            return None
        sizes = [len(rows) for rows in self._rows]
        return [
            (self._random_state.permutation(size), self._random_state.beta(self._mixup, self._mixup, size))
            for size in sizes
        ]

    def _n_frames_of(self, rows):
        if self._slack is None:
            return self._n_frames
        n_frames = self._lengths[rows].max() * (1 + self._slack)
        return min(self._n_frames, self._rounded_to * max(1, int(np.ceil(n_frames / self._rounded_to))))

    def _cut(self, index, n_frames):
        """Take a batch out of the arrays; recordings and emotions mixed by the same shares (mixup)."""
        rows = self._rows[index]
        X, y, sample_weight = self._arrays
        X, y, sample_weight = X[rows, :n_frames], y[rows], sample_weight[rows]
        if self._mixtures is None:
            return X, y, sample_weight
        other, share = self._mixtures[index]
        share = share.astype(np.float32)
        if X.ndim == 3:  # where only one of the two was recorded it is heard alone
            recorded = (X != 0).any(axis=2, keepdims=True).astype(np.float32)
            mine = share[:, None, None] * recorded
            others = (1 - share[:, None, None]) * recorded[other]
            total = np.maximum(mine + others, np.finfo(np.float32).tiny)
            mixed = (mine * X + others * X[other]) / total
        else:
            mixed = share[:, None] * X + (1 - share[:, None]) * X[other]
        mine, others = share * sample_weight, (1 - share) * sample_weight[other]
        total = np.maximum(mine + others, np.finfo(np.float32).tiny)
        y = (mine[:, None] * y + others[:, None] * y[other]) / total[:, None]
        return mixed.astype(np.float32), y.astype(np.float32), mine + others
