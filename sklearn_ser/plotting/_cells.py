"""Where the cells of frames and bands lie, and what the pictures of this room have in common."""

import numpy as np

# Two colours of Okabe and Ito's that are told apart by all kinds of colour vision, and in grey.
BLUE, VERMILION = "#0072B2", "#D55E00"
_OCTAVES = 250 * 2 ** np.arange(8)  # Hz; what is below would not leave room to be read


def check_result(cls, result, kind):
    """Refuse what is no result of its kind: a search, or a result of something else."""
    if not isinstance(result, kind):
        maker = {"EvaluationResult": "evaluate", "RobustnessResult": "robustness"}[kind.__name__]
        raise TypeError(
            f"{cls.__name__}.from_result needs the {kind.__name__} that {maker} returns; got {result!r:.200}."
        )


def axes_or_new(ax, **size):
    """Give ``ax``, or that of a new figure."""
    import matplotlib.pyplot as plt

    return plt.subplots(layout="constrained", **size)[1] if ax is None else ax


def bars_of(scores, intervals):
    """Give how far intervals reach below and above their scores: shape (2, n); None if there are none."""
    if intervals is None or not np.isfinite(intervals).any():
        return None
    low, high = np.asarray(intervals, dtype=float).T
    return np.stack([scores - low, high - scores])


def draw_legend(ax, n_columns):
    """Name the lines of a picture above it."""
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=n_columns, frameon=False, fontsize="small")


def centres_of(frequencies, n_bands):
    """Give the frequencies of bands, or else their numbers."""
    return np.arange(n_bands) if frequencies is None else np.asarray(frequencies, dtype=float)


def edges_of(centres):
    """Give the edges of cells that lie around their centres, halfway to the next."""
    if len(centres) == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    between = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - between[0]], between, [2 * centres[-1] - between[-1]]])


def scale_to_bands(ax, frequencies):
    """Give every band the same height on an axis in Hz."""
    edges = edges_of(np.asarray(frequencies, dtype=float))
    widths = np.diff(edges)
    if not np.allclose(widths, widths[0]):  # they grow with the frequency, as on the mel scale
        place = np.arange(len(edges))

        def to_height(hertz):
            return np.interp(hertz, edges, place)

        def to_hertz(height):
            return np.interp(height, place, edges)

        octaves = [octave for octave in _OCTAVES if edges[0] <= octave <= edges[-1]]
        ax.set_yscale("function", functions=(to_height, to_hertz))
        ax.set_yticks(octaves, [str(octave) for octave in octaves])
    ax.set_ylim(edges[0], edges[-1])
