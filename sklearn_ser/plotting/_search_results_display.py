"""Scores of a search by one or two of its parameters."""

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support
from sklearn.utils.validation import check_is_fitted

from sklearn_ser.evaluation import EvaluationResult

from ._cells import BLUE, VERMILION, axes_or_new, check_result
from ._kept_searches import together
from ._search_points import is_number, key_of, label_of, points_of, short_names

_LOG_SPAN = 50  # from this ratio of the largest to the smallest value an axis is logarithmic
_APART = 3  # points of 1/72 inch between the bars of two lines at one value


class SearchResultsDisplay:
    """Show the scores of a search by one or two of its parameters, with their spread over folds.

    Make one with :meth:`from_search` or :meth:`from_result`.

    Parameters
    ----------
    names : sequence of one or two str
        The parameters.
    values : sequence of one or two array-like of shape (n_points,)
        The values of each of them, point by point. Any kind of value will do; numbers are put in order.
    scores : array-like of shape (n_points,)
        Mean scores over folds; NaN where a fit failed.
    spreads : array-like of shape (n_points,)
        Their standard deviations over folds.
    best : int or None, default=None
        The point that the search chose, which is marked.
    kind : {"line", "map", "lines", "points"} or None, default=None
        Of one parameter, a ``"line"`` through points with bars, or the ``"points"`` alone. Of two, a
        ``"map"`` with score ± spread in each cell, ``"lines"`` of the first parameter for each value of the
        second, or ``"points"`` whose colours are the scores, which leave the spread out. None is ``"line"``
        or ``"map"``.
    title : str, default=""
        What was done with the other parameters.
    score_name : str, default="score"
        What the scores are.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of these.
    errorbars_ : list of matplotlib ErrorbarContainer
        The points of each line, with their bars.
    image_ : matplotlib AxesImage, PathCollection or None
        The map, or the coloured points.
    text_ : dict of (int, int) to matplotlib Text
        What is written in the map, by row and column.

    See Also
    --------
    sklearn.model_selection.GridSearchCV : Tries every combination of parameters.
    sklearn.model_selection.ValidationCurveDisplay : One parameter, with training scores, fitted anew.

    Notes
    -----
    The spread is the standard deviation of the folds' scores, as ``cv_results_`` has it. It tells how unlike
    the folds are. All candidates were scored on the same folds, so that one can be better in each of them
    though the bars overlap, and with many candidates the best score is too high by the choice alone:
    :func:`~sklearn_ser.evaluation.evaluate` scores a search on recordings that have not chosen.

    Examples
    --------
    >>> from sklearn_ser import SearchResultsDisplay
    >>> display = SearchResultsDisplay(["filters"], [[8, 16, 32]], [0.5, 0.6, 0.6], [0.1, 0.05, 0.1]).plot()
    >>> display.ax_.get_xlabel(), display.ax_.get_ylabel()
    ('filters', 'score (± std of folds)')
    """

    def __init__(self, names, values, scores, spreads, *, best=None, kind=None, title="", score_name="score"):
        self.names = names
        self.values = values
        self.scores = scores
        self.spreads = spreads
        self.best = best
        self.kind = kind
        self.title = title
        self.score_name = score_name

    @classmethod
    def from_search(cls, search, params=None, *, fixed=None, metric=None, kind=None, ax=None):
        """Draw the scores of a search.

        Parameters
        ----------
        search : fitted GridSearchCV, RandomizedSearchCV, or another that has ``cv_results_``
            A halving search is shown with the last scores of each candidate, those with the most resources.
        params : str, sequence of one or two str, or None, default=None
            The parameters to show, by their names or by the ends of them: ``"filters"`` is
            ``"cnnemotionclassifier__filters"``. None takes those with more than one value, if these are one
            or two.
        fixed : dict of str to object or None, default=None
            Values of other parameters; only candidates with these are shown. Over all parameters that are
            neither shown nor fixed the best candidate is taken, and the title says so. Of a halving search
            that is the one that came furthest.
        metric : str or None, default=None
            Name of the score, of a search with several; None takes the one that it was refitted by.
        kind : {"line", "map", "lines", "points"} or None, default=None
            As above. None shows candidates as points where they are spread as by a random search and not
            over a grid, and where values that are no numbers, and so have no order, would be joined.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SearchResultsDisplay
            What was drawn.

        Raises
        ------
        NotFittedError
            The search is not fitted.
        ValueError
            There is no such parameter, value or score, or it has to be said which to show.
        """
        check_matplotlib_support(f"{cls.__name__}.from_search")
        check_is_fitted(
            search, "cv_results_", msg="This %(name)s is not fitted: there are no results to show."
        )
        return cls._of_points(search, params, fixed, metric, kind).plot(ax)

    @classmethod
    def from_result(cls, result, params=None, *, fixed=None, metric=None, kind=None, ax=None):
        """Draw the scores of the searches of an evaluation, of all folds and random states together.

        Parameters
        ----------
        result : EvaluationResult
            What :func:`~sklearn_ser.evaluation.evaluate` found with a search, whose ``searches`` these are.
            The score of a candidate is the mean over the searches that tried it, the spread is over all their
            folds, and what most searches chose is marked. Of a halving search the last scores count.
        params : str, sequence of one or two str, or None, default=None
            The parameters to show, as in :meth:`from_search`, and so the others.
        fixed : dict of str to object or None, default=None
            Values of other parameters.
        metric : str or None, default=None
            Name of the score.
        kind : {"line", "map", "lines", "points"} or None, default=None
            As above.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SearchResultsDisplay
            What was drawn.

        Raises
        ------
        TypeError
            ``result`` is none.
        ValueError
            The result has no searches; and as in :meth:`from_search`.
        """
        check_matplotlib_support(f"{cls.__name__}.from_result")
        check_result(cls, result, EvaluationResult)
        return cls._of_points(together(result), params, fixed, metric, kind).plot(ax)

    @classmethod
    def _of_points(cls, search, params, fixed=None, metric=None, kind=None):
        points = points_of(search, params, fixed, metric)
        if kind is None and _is_scattered(points):
            kind = "points"
        return cls(
            short_names(points.names),
            points.values,
            points.scores,
            points.spreads,
            best=points.best,
            kind=kind,
            title=points.title,
            score_name=_score_name(search, metric),
        )

    def plot(self, ax=None):
        """Draw the scores.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        SearchResultsDisplay
            The display itself.

        Raises
        ------
        ValueError
            ``kind`` is none for so many parameters, or for values that are no numbers.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        kind = self._check_kind()
        scores, spreads = np.asarray(self.scores, dtype=float), np.asarray(self.spreads, dtype=float)
        axes = [_Axis.of(values) for values in self.values]
        self.errorbars_, self.image_, self.text_ = [], None, {}
        size = (
            (1.8 + 0.75 * len(axes[0].labels), 1.6 + 0.5 * len(axes[1].labels)) if kind == "map" else (5, 3.6)
        )
        self.ax_ = ax = axes_or_new(ax, figsize=size)
        self.figure_ = ax.figure
        if kind == "map":
            self._draw_map(ax, axes, scores, spreads)
        elif kind == "points" and len(axes) == 2:
            self._draw_coloured_points(ax, axes, scores)
        else:
            self._draw_lines(ax, axes, scores, spreads, "o-" if kind != "points" else "o")
            ax.set_ylabel(f"{self.score_name} (± std of folds)")
        placed = axes[:1] if kind in ("line", "lines") else axes
        for axis, name, side in zip(placed, self.names, "xy", strict=False):
            if kind == "map" or axis.places is None:
                getattr(ax, f"set_{side}ticks")(np.arange(len(axis.labels)), axis.labels)
                if side == "x" and axis.needs_room:
                    ax.tick_params("x", labelrotation=30)
                    for label in ax.get_xticklabels():
                        label.set(ha="right", rotation_mode="anchor")
                if kind != "map":
                    getattr(ax, f"set_{side}lim")(-0.5, len(axis.labels) - 0.5)
            elif axis.is_wide:
                getattr(ax, f"set_{side}scale")("log")
            getattr(ax, f"set_{side}label")(name)
        ax.set_title(self.title, fontsize="small")
        return self

    def _draw_lines(self, ax, axes, scores, spreads, marker):
        """Draw a line for each value of the second parameter, or the only one."""
        import matplotlib.pyplot as plt
        from matplotlib.transforms import ScaledTranslation

        places = axes[0].codes if axes[0].places is None else axes[0].places
        lines = [None] if len(axes) == 1 else range(len(axes[1].labels))
        colors = [BLUE] if len(axes) == 1 else plt.get_cmap("viridis")(np.linspace(0, 0.9, len(lines)))
        # Beside each other, or the bars of one line would hide those of another.
        shifts = _APART * (np.arange(len(lines)) - (len(lines) - 1) / 2) / 72
        shifted = [
            ax.transData + ScaledTranslation(shift, 0, self.figure_.dpi_scale_trans) for shift in shifts
        ]
        for line, color, transform in zip(lines, colors, shifted, strict=True):
            own = np.arange(len(scores)) if line is None else np.flatnonzero(axes[1].codes == line)
            own = own[np.argsort(places[own], kind="stable")]
            self.errorbars_.append(
                ax.errorbar(
                    places[own],
                    scores[own],
                    yerr=spreads[own],
                    fmt=marker,
                    color=color,
                    capsize=3,
                    markersize=5,
                    linewidth=1.5,
                    elinewidth=1,
                    label=None if line is None else axes[1].labels[line],
                    transform=transform,
                )
            )
        # Matplotlib does not count what was shifted when it chooses the limits.
        for ends in (scores - spreads, scores + spreads):
            known = np.isfinite(ends)
            ax.update_datalim(np.column_stack([places[known], ends[known]]))
        ax.autoscale_view()
        if self.best is not None:
            line = 0 if len(axes) == 1 else axes[1].codes[self.best]
            self._mark(ax, places[self.best], scores[self.best], transform=shifted[line])
        for place in np.unique(places[np.isnan(scores)]):
            ax.axvline(place, color="0.7", linewidth=1, linestyle=":", label="_failed")
            ax.annotate(
                "failed",
                (place, 0.03),
                (3, 0),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                rotation="vertical",
                fontsize="small",
                color="0.4",
            )
        if len(axes) == 2:
            ax.legend(
                title=self.names[1],
                loc="upper left",
                bbox_to_anchor=(1, 1),
                fontsize="small",
                frameon=False,
            )

    def _draw_coloured_points(self, ax, axes, scores):
        """Draw each candidate where its two values are."""
        x, y = (axis.codes if axis.places is None else axis.places for axis in axes)
        failed = np.isnan(scores)
        self.image_ = ax.scatter(x[~failed], y[~failed], c=scores[~failed], cmap="viridis", s=45)
        ax.plot(x[failed], y[failed], "x", color="0.6")
        if self.best is not None:
            self._mark(ax, x[self.best], y[self.best])
        self.figure_.colorbar(self.image_, ax=ax, label=self.score_name)

    def _draw_map(self, ax, axes, scores, spreads):
        """Draw a cell for each pair of values, and write the score and its spread into it."""
        table = np.full((len(axes[1].labels), len(axes[0].labels)), np.nan)
        table[axes[1].codes, axes[0].codes] = scores
        self.image_ = ax.imshow(np.ma.masked_invalid(table), cmap="viridis", aspect="auto", origin="lower")
        middle = (np.nanmin(table) + np.nanmax(table)) / 2 if np.isfinite(table).any() else 0
        for row, column, score, spread in zip(axes[1].codes, axes[0].codes, scores, spreads, strict=True):
            text = "failed" if np.isnan(score) else f"{score:.2f}\n± {spread:.2f}"
            color = "white" if score <= middle else "black"
            self.text_[int(row), int(column)] = ax.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                fontsize="small",
                color="0.4" if np.isnan(score) else color,
            )
        if self.best is not None:
            from matplotlib.patches import Rectangle

            corner = axes[0].codes[self.best] - 0.5, axes[1].codes[self.best] - 0.5
            ax.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=VERMILION, linewidth=2.5))
        self.figure_.colorbar(self.image_, ax=ax, label=self.score_name)

    def _mark(self, ax, x, y, **kwargs):
        ax.plot(
            [x], [y], "o", markersize=11, fillstyle="none", color=VERMILION, markeredgewidth=1.5, **kwargs
        )

    def _check_kind(self):
        known = (("line", "points"), ("map", "lines", "points"))[len(self.names) - 1]
        kind = known[0] if self.kind is None else self.kind
        if kind not in known:
            raise ValueError(
                f"kind must be one of {', '.join(map(repr, known))} for {len(self.names)} "
                f"parameter{'s' if len(self.names) > 1 else ''}, or None; got {kind!r}."
            )
        return kind


class _Axis:
    """The values of a parameter, in order: numbers ascending, and behind them what is no number."""

    def __init__(self, labels, codes, places):
        self.labels, self.codes, self.places = labels, codes, places

    @classmethod
    def of(cls, values):
        values = list(values)
        keys = [key_of(value) for value in values]
        first = dict(reversed([(key, position) for position, key in enumerate(keys)]))
        order = sorted(first, key=lambda key: (key[0], key[1] if key[0] == 0 else first[key]))
        codes = np.array([order.index(key) for key in keys])
        places = np.array(values, dtype=float) if all(map(is_number, values)) else None
        return cls([label_of(values[first[key]]) for key in order], codes, places)

    @property
    def needs_room(self):
        """Whether labels would run into each other side by side."""
        return len(self.labels) > 1 and max(map(len, self.labels)) > max(8, 48 // len(self.labels))

    @property
    def is_wide(self):
        """Whether numbers differ so much that a logarithmic axis tells them apart better."""
        return self.places.min() > 0 and self.places.max() >= _LOG_SPAN * self.places.min()


def _is_scattered(points):
    """Tell whether values look drawn at random, or have no order: a line would be noise, and cells empty."""
    if len(points.names) == 1:
        return points.is_tried_once or not all(map(is_number, points.values[0]))
    n_cells = np.prod([len({key_of(value) for value in values}) for values in points.values])
    are_numbers = all(is_number(value) for values in points.values for value in values)
    return are_numbers and len(points.scores) < n_cells / 2


def _score_name(search, metric):
    """Name the score, as far as the search knows its name."""
    refit, scoring = getattr(search, "refit", None), getattr(search, "scoring", None)
    name = (
        metric
        if metric not in (None, "score")
        else next((one for one in (refit, scoring) if isinstance(one, str)), "score")
    )
    return name.replace("_", " ")
