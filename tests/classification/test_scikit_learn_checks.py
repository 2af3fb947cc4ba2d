"""scikit-learn's own checks, on a classifier that is small and quick enough for a test."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_ser.classification import CNNEmotionClassifier

# Mini-batches are drawn at random, so that a weight of two differs from a recording that is given twice.
# scikit-learn runs this check on its own MLPClassifier only with the full-batch solver "lbfgs".
_EXPECTED = {"check_sample_weight_equivalence_on_dense_data": "inherent to training by mini-batches"}


@parametrize_with_checks(
    [CNNEmotionClassifier(filters=8, n_blocks=1, epochs=20, learning_rate=0.01)],
    expected_failed_checks=lambda estimator: _EXPECTED,
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)
