"""Features are computed once for each content of a recording and each set of parameters that matter."""

import os
import shutil

import numpy as np
import pytest
import soundfile
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import Pipeline

from sklearn_ser import CNNEmotionClassifier, DiskCache, FunctionalsTransformer, load_ravdess
from sklearn_ser.exceptions import DamagedCacheWarning, RecordingError, SerWarning
from sklearn_ser.features import MFCCTransformer

from .transformers import RECORDING_TRANSFORMERS, CountingMFCCTransformer

each_transformer = pytest.mark.parametrize("transformer", RECORDING_TRANSFORMERS)


@pytest.fixture
def files(rng, tmp_path):
    """Paths of six recordings of unequal length."""
    paths = [tmp_path / f"{k}.wav" for k in range(6)]
    for k, path in enumerate(paths):
        soundfile.write(path, 0.1 * rng.normal(size=8000 + 3000 * k), 16_000)
    return paths


@pytest.fixture
def ledger(tmp_path):
    """A file that grows by a byte with each recording that is computed."""
    return tmp_path / "ledger"


@pytest.fixture
def counting(tmp_path, ledger):
    return CountingMFCCTransformer(memory=tmp_path / "memory", ledger=str(ledger))


def n_computed(ledger):
    """Count the recordings computed since the last call."""
    n = ledger.stat().st_size if ledger.exists() else 0
    ledger.unlink(missing_ok=True)
    return n


@each_transformer
def test_what_comes_from_memory_is_what_was_computed(files, transformer, tmp_path):
    expected = transformer().transform(files)
    memory = tmp_path / "memory"
    for _ in range(2):
        np.testing.assert_array_equal(transformer(memory=memory).transform(files), expected)
        np.testing.assert_array_equal(transformer(memory=str(memory)).transform(files), expected)
        np.testing.assert_array_equal(transformer(memory=DiskCache(memory)).transform(files), expected)
    rows = transformer(summary=("mean", "p90")).transform(files)
    for _ in range(2):
        made = transformer(summary=("mean", "p90"), memory=memory).transform(files)
        np.testing.assert_array_equal(made, rows)


def test_a_recording_is_computed_once_however_often_and_under_whatever_name_it_is_asked_for(
    files, counting, ledger, tmp_path
):
    counting.transform(files)
    assert n_computed(ledger) == 6
    counting.transform(files[::-1])
    shutil.copytree(tmp_path, tmp_path.with_name(f"{tmp_path.name}_copy"))
    counting.transform([tmp_path.with_name(f"{tmp_path.name}_copy") / path.name for path in files])
    assert n_computed(ledger) == 0


def test_a_change_of_content_is_noticed_even_with_the_same_size_and_time(files, counting, ledger):
    counting.transform(files)
    n_computed(ledger)
    before = files[2].stat()
    content = bytearray(files[2].read_bytes())
    content[1000] ^= 1
    files[2].write_bytes(content)
    os.utime(files[2], ns=(before.st_atime_ns, before.st_mtime_ns))
    features = counting.transform(files)
    assert n_computed(ledger) == 1
    np.testing.assert_array_equal(features, MFCCTransformer().transform(files))


@pytest.mark.parametrize(
    "params",
    [{"n_jobs": 2}, {"verbose": 0}, {"pad": "repeat"}, {"crop": "center"}, {"trim_db": 30},
     {"lifter_start": 0}, {"preemphasis_within": "frame"}],
)  # fmt: skip
def test_parameters_that_do_not_change_a_recordings_features_do_not_recompute_them(files, params, tmp_path):
    memory = DiskCache(tmp_path / "memory")
    MFCCTransformer(memory=memory).transform(files)
    MFCCTransformer(memory=memory, **params).transform(files)
    assert memory.n_entries == 6


@pytest.mark.parametrize(
    "params",
    [{"n_mfcc": 13}, {"trim_db": None}, {"noise_floor": None}, {"duration": 1.0, "crop": "start"},
     {"sample_rate": 8000, "fmax": 4000}, {"summary": ("mean",)}, {"window": "hamming"}, {"delta": 1}],
)  # fmt: skip
def test_parameters_that_matter_recompute(files, params, tmp_path):
    memory = DiskCache(tmp_path / "memory")
    MFCCTransformer(memory=memory).transform(files)
    features = MFCCTransformer(memory=memory, **params).transform(files)
    assert memory.n_entries == 12
    np.testing.assert_array_equal(features, MFCCTransformer(**params).transform(files))


def test_a_waveform_is_known_by_its_samples(files, counting, ledger, tmp_path):
    waveforms = [soundfile.read(path, dtype="float32")[0] for path in files]
    counting.transform(waveforms)
    assert n_computed(ledger) == 6
    np.testing.assert_array_equal(
        counting.transform([waveform.astype(float) for waveform in waveforms]),
        MFCCTransformer().transform(files),
    )
    assert n_computed(ledger) == 0
    # At another sample rate, the same samples are another recording.
    at_8_khz = MFCCTransformer(sample_rate=8000, memory=tmp_path / "memory")
    np.testing.assert_array_equal(
        at_8_khz.transform(waveforms), MFCCTransformer(sample_rate=8000).transform(waveforms)
    )


def test_a_damaged_entry_is_computed_again_with_a_warning(files, counting, ledger, tmp_path):
    expected = counting.transform(files)
    n_computed(ledger)
    entry = next((tmp_path / "memory").rglob("*.entry"))
    entry.write_bytes(entry.read_bytes()[:-7])
    with pytest.warns(DamagedCacheWarning, match="cut short or altered; it is computed again"):
        features = counting.transform(files)
    assert n_computed(ledger) == 1
    np.testing.assert_array_equal(features, expected)


def test_faults_of_the_memory_are_told_in_one_warning_at_the_users_line(files, tmp_path):
    expected = MFCCTransformer().transform(files)
    (tmp_path / "no_folder").write_text("a file")
    with pytest.warns(SerWarning, match=r"cannot be stored.* So it is with 5 more") as caught:
        features = MFCCTransformer(memory=tmp_path / "no_folder").transform(files)
    assert [warning.filename for warning in caught] == [__file__]
    np.testing.assert_array_equal(features, expected)
    memory = tmp_path / "memory"
    MFCCTransformer(memory=memory).transform(files)
    for entry in memory.rglob("*.entry"):
        entry.write_bytes(b"")
    with pytest.warns(DamagedCacheWarning, match=r"cut short or altered.* So it is with 5 more") as caught:
        features = MFCCTransformer(memory=memory, n_jobs=2).transform(files)
    assert [warning.filename for warning in caught] == [__file__]
    np.testing.assert_array_equal(features, expected)


def test_errors_name_the_recording_with_memory_as_without(files, tmp_path, rng):
    files[3].write_bytes(b"no audio")
    loud = [0.1 * rng.normal(size=9000), 1e300 * rng.normal(size=9000)]
    for memory in (None, tmp_path / "memory"):
        with pytest.raises(RecordingError, match=r"Recording 3: '.*3.wav' cannot be decoded"):
            MFCCTransformer(memory=memory).transform(files)
        with pytest.raises(RecordingError, match=r"Recording 1 holds more than float32 can hold"):
            MFCCTransformer(memory=memory).transform(np.stack(loud))


def test_without_a_duration_each_recording_is_computed_once(files, ledger, counting):
    counting.set_params(duration=None, trim_db=None).transform([files[0]] * 40)
    assert n_computed(ledger) == 1
    counting.set_params(memory=None).transform([files[0]] * 40)
    assert n_computed(ledger) == 40


def test_a_recording_that_is_too_long_is_refused_from_memory_too(files, tmp_path):
    params = {"memory": tmp_path / "memory", "duration": 0.8, "trim_db": None}
    MFCCTransformer(crop="center", **params).transform(files)
    with pytest.raises(RecordingError, match=r"Recording 2 must last 0.80 s at most .* it lasts 0.88 s"):
        MFCCTransformer(crop="raise", **params).transform(files)


def test_a_memory_keeps_to_its_bound(files, tmp_path):
    memory = DiskCache(tmp_path / "memory", max_bytes=30_000)
    for n_mfcc in range(5, 40, 5):
        MFCCTransformer(n_mfcc=n_mfcc, memory=memory, n_jobs=2).transform(files)
        assert memory.nbytes <= 30_000
    assert memory.n_entries > 0


def test_processes_of_a_search_compute_each_recording_once(files, ledger, counting):
    pipe = Pipeline(
        [
            ("mfcc", counting),
            ("rows", FunctionalsTransformer()),
            ("model", LogisticRegression(max_iter=10_000)),
        ]
    )
    search = GridSearchCV(
        pipe,
        {"model__C": [0.1, 1.0, 10.0], "rows__functionals": [("mean",), ("std",)]},
        cv=GroupKFold(3),
        n_jobs=2,
        error_score="raise",
    )
    paths = np.array([str(path) for path in files], dtype=object)
    search.fit(paths, ["sad", "happy"] * 3, groups=[0, 0, 1, 1, 2, 2])
    assert n_computed(ledger) == 6


@pytest.mark.corpus
def test_a_search_over_the_cnn_computes_each_real_recording_once(ravdess_root, ledger, counting):
    corpus = load_ravdess(ravdess_root)
    some = np.flatnonzero(np.isin(corpus.groups, ["ravdess-01", "ravdess-02", "ravdess-03", "ravdess-04"]))
    pipe = Pipeline(
        [
            ("mfcc", counting),
            (
                "cnn",
                CNNEmotionClassifier(architecture="plain", filters=4, n_blocks=1, epochs=1, random_state=0),
            ),
        ]
    )
    grid = {"cnn__pooling": ["average", "max"], "cnn__activation": ["relu", "elu"]}
    search = GridSearchCV(pipe, grid, cv=GroupKFold(2), n_jobs=2, error_score="raise")
    search.fit(corpus.data[some], corpus.target[some], groups=corpus.groups[some])
    assert n_computed(ledger) == len(some) == 240
    search.set_params(param_grid={"cnn__dropout": [0.1]}).fit(
        corpus.data[some], corpus.target[some], groups=corpus.groups[some]
    )
    assert n_computed(ledger) == 0
