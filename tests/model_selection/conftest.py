import pytest

from sklearn_ser import load_ravdess, make_emotional_speech


@pytest.fixture(scope="session")
def synthetic_root(tmp_path_factory):
    """Folder of 24 synthetic recordings: three speakers, two sentences, two emotions, twice."""
    root = tmp_path_factory.mktemp("synthetic")
    make_emotional_speech(3, 2, emotions=["calm", "sad"], n_intensities=1, folder=root, random_state=0)
    return root


@pytest.fixture
def corpus(synthetic_root):
    """A corpus of files that a test may change, though not the files."""
    import warnings

    with warnings.catch_warnings(action="ignore"):  # 24 speakers were published
        return load_ravdess(synthetic_root)
