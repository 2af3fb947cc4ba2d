"""scikit-learn's own checks; nothing is declared as an expected failure."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_ser.features import MFCCTransformer


@parametrize_with_checks([MFCCTransformer(), MFCCTransformer(summary=("mean", "std"), delta=2)])
def test_scikit_learn_checks(estimator, check):
    check(estimator)
