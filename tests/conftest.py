"""Fixtures that every room's tests share."""

import os
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def rng():
    """Random numbers that are the same in every run."""
    return np.random.default_rng(20180516)


@pytest.fixture(scope="session")
def ravdess_root():
    """Folder of the RAVDESS recordings, for tests marked ``corpus``."""
    root = os.environ.get("SKLEARN_SER_RAVDESS")
    if not root:
        pytest.skip("SKLEARN_SER_RAVDESS is not set: it names the folder that holds Actor_01 … Actor_24")
    if not Path(root).is_dir():
        pytest.skip(f"SKLEARN_SER_RAVDESS names no folder: {root!r}")
    return Path(root)
