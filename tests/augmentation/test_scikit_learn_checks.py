"""scikit-learn's own checks of the meta-estimator, around estimators of its own and of recordings."""

from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_ser.augmentation import AdditiveNoise, GainChange, TrainingAugmenter
from sklearn_ser.features import MFCCTransformer

SMALL = [GainChange((-1, 1)), AdditiveNoise(40)]
# A pipeline has the tag of its last step, which preserves float64, but its first step makes float32.
EXPECTED = {"check_transformer_preserve_dtypes": "so it is with the pipeline alone"}


def expected_failures(augmenter):
    return EXPECTED if augmenter.augmentations is None else {}


@parametrize_with_checks(
    [
        # To these a waveform is a row of numbers, so that the checks can ask for accuracy.
        TrainingAugmenter(make_pipeline(FunctionTransformer(), LogisticRegression()), SMALL, random_state=0),
        TrainingAugmenter(Ridge(), SMALL, random_state=0),
        TrainingAugmenter(
            make_pipeline(MFCCTransformer(summary=("mean", "std")), StandardScaler()), random_state=0
        ),
    ],
    expected_failed_checks=expected_failures,
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)
