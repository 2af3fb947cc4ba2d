"""scikit-learn's own checks; nothing is declared as an expected failure."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_ser.features import LogMelTransformer, MFCCTransformer

from .transformers import RECORDING_TRANSFORMERS


@parametrize_with_checks(
    [
        *(transformer() for transformer in RECORDING_TRANSFORMERS),
        MFCCTransformer(summary=("mean", "std"), delta=2),
        LogMelTransformer(summary=("p5", "slope")),
    ]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)
