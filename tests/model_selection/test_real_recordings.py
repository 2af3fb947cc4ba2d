"""Leaks planted in splits of RAVDESS are all found, and none where none was planted."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils import Bunch

from sklearn_ser import load_ravdess
from sklearn_ser._audio import load_waveform
from sklearn_ser.augmentation import AdditiveNoise, PitchShift, Reverberation, SpeedPerturbation
from sklearn_ser.exceptions import UngroupedSplitWarning
from sklearn_ser.model_selection import SpeakerSentenceSplit, audit_cv, audit_split, published_folds

pytestmark = pytest.mark.corpus
N_SPLITS = 200
RATE = 16_000
TWINS = "Actor_07/03-01-03-01-02-0"  # two files with the same bytes, as published


@pytest.fixture(scope="module")
def ravdess(ravdess_root):
    return load_ravdess(ravdess_root)


def written(waveform, path, sample_rate=RATE, **form):
    if sample_rate != RATE:
        waveform = soxr.resample(waveform, RATE, sample_rate)
    soundfile.write(path, waveform, sample_rate, **form)


def trimmed(waveform, rng):
    begin, end = rng.integers(RATE // 5, RATE // 2, size=2)
    return waveform[begin:-end]


# How a leak is made of a recording, where its file is, and by what it must be found.
PLANTS = [
    ("bytes", "copy.flac", None),
    ("samples", "copy.wav", lambda x, path, rng: written(x, path)),
    ("samples", "stereo.wav", lambda x, path, rng: written(np.column_stack([x, x]), path)),
    ("take", "twin", lambda x, path, rng: written(PitchShift(3).augment(x, RATE), path)),
    ("copy", "faster.wav", lambda x, path, rng: written(SpeedPerturbation(1.1).augment(x, RATE), path)),
    ("sound", "trimmed.wav", lambda x, path, rng: written(trimmed(x, rng), path)),
    ("sound", "quieter.wav", lambda x, path, rng: written(0.05 * x, path)),
    ("sound", "48 kHz.wav", lambda x, path, rng: written(x, path, 48_000)),
    ("sound", "telephone.wav", lambda x, path, rng: written(x, path, 8_000, subtype="ULAW")),
    ("sound", "low.mp3", lambda x, path, rng: written(x, path, compression_level=0.99)),
    ("sound", "low.ogg", lambda x, path, rng: written(x, path, compression_level=1.0)),
    (
        "sound",
        "all of it.mp3",
        lambda x, path, rng: written(0.3 * trimmed(x, rng), path, 22_050, compression_level=0.9),
    ),
    ("sound", "noise.wav", lambda x, path, rng: written(AdditiveNoise(15).augment(x, RATE, rng), path)),
    ("sound", "room.wav", lambda x, path, rng: written(Reverberation().augment(x, RATE, rng), path)),
]


@pytest.fixture(scope="module")
def planted(ravdess, tmp_path_factory):
    """RAVDESS with leaks of each kind at its end, and for each which recording it is of and what finds it."""
    folder, rng = tmp_path_factory.mktemp("planted"), np.random.default_rng(0)
    whole = [one for one, path in enumerate(ravdess.data) if TWINS not in path]
    sources = rng.choice(whole, 10 * len(PLANTS), replace=False)
    paths, leaks = [], []
    for number, source in enumerate(sources):
        kind, name, write = PLANTS[number % len(PLANTS)]
        original = Path(ravdess.data[source])
        path = folder / str(number) / (f"01{original.stem[2:]}.wav" if name == "twin" else name)
        path.parent.mkdir()
        if write is None:
            shutil.copy(original, path)
        else:
            write(load_waveform(original, RATE), path, rng)
        paths.append(str(path))
        leaks.append((kind, int(source), len(ravdess.data) + number))
    marks = [ravdess.data[source] if kind == "copy" else "" for kind, source, _ in leaks]
    corpus = Bunch(
        data=np.append(ravdess.data, np.array(paths, object)),
        # Somebody else by the labels, who says something else: only the recording itself can tell.
        groups=np.append(ravdess.groups, [f"unknown-{number}" for number in range(len(paths))]),
        metadata={
            "statement": np.append(ravdess.metadata["statement"], [3] * len(paths)),
            "copy_of": np.append([""] * len(ravdess.data), marks),
        },
    )
    return corpus, leaks


def random_split_by_speaker(groups, rng):
    tested = rng.choice(np.unique(groups), rng.integers(2, 12), replace=False)
    is_tested = np.isin(groups, tested)
    return np.flatnonzero(~is_tested), np.flatnonzero(is_tested)


def test_every_leak_in_200_random_splits_is_found_and_none_in_200_clean_ones(ravdess, planted):
    (corpus, leaks), rng = planted, np.random.default_rng(1)
    is_twin = np.array([TWINS in path for path in ravdess.data])
    splits, expected = [], []
    for _ in range(N_SPLITS):
        train, test = random_split_by_speaker(ravdess.groups, rng)
        splits.append((train, test))
        expected.append([])
        # One of the planted recordings goes to the side where its original is not; or a label leaks.
        which = rng.integers(len(leaks) + 2 * len(leaks) // len(PLANTS))
        if which < len(leaks):
            kind, source, copied = leaks[which]
            if source in train:
                splits.append((train, np.append(test, copied)))
                expected.append([(kind, (source,), (copied,))])
            else:
                splits.append((np.append(train, copied), test))
                expected.append([(kind, (copied,), (source,))])
        else:
            moved = rng.choice(train[~is_twin[train]])
            of_speaker = train[ravdess.groups[train] == ravdess.groups[moved]]
            if which % 2:  # a recording is on the other side
                train = train[train != moved]
                found = [("speaker", tuple(of_speaker[of_speaker != moved].tolist()), (int(moved),))]
            else:  # it is on both
                found = [
                    ("recording", (int(moved),), (int(moved),)),
                    ("speaker", tuple(of_speaker.tolist()), (int(moved),)),
                ]
            splits.append((train, np.append(test, moved)))
            expected.append(found)
    with pytest.warns(UngroupedSplitWarning, match=r"The splits put \d+ speakers on both sides"):
        audit = audit_cv(corpus, splits)
    found = [[(one.kind, one.train, one.test) for one in split.leaks] for split in audit.splits]
    assert found == expected
    assert len(found) == 2 * N_SPLITS
    kinds = {leak[0] for leaks_of_split in expected for leak in leaks_of_split}
    assert kinds == {"recording", "speaker", "bytes", "samples", "take", "copy", "sound"}


def test_published_and_crossed_splits_of_the_corpus_are_clean(ravdess):
    audit_cv(ravdess, published_folds("ravdess", "emobox"), strict=True, audio=False)
    groups = np.column_stack([ravdess.groups, ravdess.metadata["statement"]])
    apart = ["recording", "speaker", "sentence", "take"]
    audit = audit_cv(ravdess, SpeakerSentenceSplit(), groups=groups, strict=apart, audio=False)
    assert [split.n_neither for split in audit.splits] == [720] * 10


def test_the_pair_that_was_published_twice_is_found(ravdess):
    of_seven = np.flatnonzero(ravdess.groups == "ravdess-07")
    (twice,) = (index for index in of_seven if "03-01-03-01-02-02-07" in ravdess.data[index])
    audit = audit_split(ravdess, of_seven[of_seven != twice], [twice])
    assert [one.kind for one in audit.leaks] == ["speaker", "bytes"]
    assert audit.leaks[1].what.startswith("'03-01-03-01-02-01-07")


def test_folds_by_speaker_share_both_sentences_and_nothing_else(ravdess):
    audit = audit_cv(ravdess, StratifiedGroupKFold(4), audio=False)
    assert audit.is_clean
    assert all([one.what for one in split.findings] == ["1", "2"] for split in audit.splits)
