"""What a score is worth: intervals, comparisons, other corpora and other recording conditions."""

from ._compare import compare
from ._comparison_result import ComparisonResult
from ._cross_corpus import cross_corpus
from ._evaluate import evaluate
from ._evaluation_result import EvaluationResult
from ._robustness import robustness
from ._robustness_result import RobustnessResult

__all__ = [
    "ComparisonResult",
    "EvaluationResult",
    "RobustnessResult",
    "compare",
    "cross_corpus",
    "evaluate",
    "robustness",
]
