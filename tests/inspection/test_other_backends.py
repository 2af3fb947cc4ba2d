"""Class activation maps where Keras does not run on TensorFlow."""

import importlib.util
import json
import os
import subprocess
import sys

import joblib
import keras
import numpy as np
import pytest

from sklearn_ser.exceptions import NetworkError
from sklearn_ser.inspection import class_activation_map, dead_units
from tests.inspection.classifiers import untrained

SCRIPT = """
import json, sys
import joblib, keras, numpy as np
from sklearn_ser.inspection import class_activation_map, dead_units

assert keras.backend.backend() == "jax"
found = []
for classifier in joblib.load(sys.argv[1]):
    X = np.load(sys.argv[2])
    seen = class_activation_map(classifier, X)
    found.append([seen.method, np.nan_to_num(seen.map).tolist(), dead_units(classifier, X).n_dead.tolist()])
print(json.dumps(found))
"""


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="jax is not installed")
def test_maps_are_the_same_on_jax(heard, tmp_path):
    networks = [{"filters": 4}, {"filters": 4, "n_blocks": 1, "head": "gap", "crop_frames": 8}]
    classifiers = [untrained(*heard, **params) for params in networks]
    X = heard[0][:4]
    joblib.dump(classifiers, tmp_path / "classifiers")
    np.save(tmp_path / "X.npy", X)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, tmp_path / "classifiers", tmp_path / "X.npy"],
        env=os.environ | {"KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        check=True,
    )
    for classifier, (method, on_jax, n_dead) in zip(classifiers, json.loads(done.stdout), strict=True):
        seen = class_activation_map(classifier, X)
        assert method == seen.method
        np.testing.assert_allclose(on_jax, np.nan_to_num(seen.map), atol=1e-4)
        assert n_dead == dead_units(classifier, X).n_dead.tolist()


def test_a_backend_without_gradients_is_refused_with_those_that_have_them(heard, monkeypatch):
    classifier = untrained(*heard, filters=4, n_blocks=1)
    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    with pytest.raises(NetworkError, match=r"need tensorflow or jax .*Keras runs on 'numpy'\."):
        class_activation_map(classifier, heard[0])
