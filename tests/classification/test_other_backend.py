"""On JAX, in a process of its own: Keras has one backend a process."""

import os
import subprocess
import sys
from importlib.util import find_spec

import joblib
import numpy as np
import pytest

pytestmark = pytest.mark.skipif(find_spec("jax") is None, reason="JAX is an extra, and not installed")

FIT = """
import sys, joblib, numpy as np
from sklearn_ser import CNNEmotionClassifier
X, y = np.load(sys.argv[1]), np.repeat(["angry", "sad"], 20)
fitted = CNNEmotionClassifier(filters=4, epochs=3, early_stopping=True, random_state=0).fit(X, y)
joblib.dump(fitted, sys.argv[2])
np.save(sys.argv[3], fitted.predict_proba(X))
print("TensorFlow" if "tensorflow" in sys.modules else "no TensorFlow")
import keras
keras.src.utils.module_utils.tensorflow.available  # those who need it can still have it
print("TensorFlow" if "tensorflow" in sys.modules else "no TensorFlow")
"""


@pytest.fixture(scope="module")
def frames():
    X = np.random.default_rng(0).normal(size=(40, 30, 13)).astype(np.float32)
    X[:20, :, 0] += 3
    for row, end in zip(X, range(10, 50), strict=True):
        row[end:] = 0
    return X


@pytest.fixture(scope="module")
def fitted_on_jax(frames, tmp_path_factory):
    """The folder of what such a process leaves behind, and what it says."""
    folder = tmp_path_factory.mktemp("jax")
    np.save(folder / "X.npy", frames)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "JAX_"))}
    done = subprocess.run(
        [sys.executable, "-c", FIT, *(str(folder / name) for name in ("X.npy", "fitted.joblib", "p.npy"))],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"KERAS_BACKEND": "jax", "XDG_CACHE_HOME": str(folder / "cache")},
    )
    assert done.returncode == 0, done.stderr
    return folder, done


def test_a_classifier_trained_on_jax_predicts_the_same_on_this_backend(frames, fitted_on_jax):
    folder, _ = fitted_on_jax
    loaded = joblib.load(folder / "fitted.joblib")
    np.testing.assert_allclose(loaded.predict_proba(frames), np.load(folder / "p.npy"), atol=1e-5)


def test_neither_fit_nor_saving_wakes_tensorflow_which_can_still_be_had(fitted_on_jax):
    _, done = fitted_on_jax
    assert done.stdout.splitlines() == ["no TensorFlow", "TensorFlow"]


def test_compiled_programs_are_kept_in_the_users_cache_folder(fitted_on_jax):
    folder, _ = fitted_on_jax
    assert any((folder / "cache" / "sklearn-ser" / "jax").iterdir())
