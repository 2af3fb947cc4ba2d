"""What is on both sides of a split is found, by its surest sign, and nothing else is."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.utils import Bunch

from sklearn_ser import load_ravdess, make_emotional_speech
from sklearn_ser.caching import DiskCache
from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import LeakError, RecordingError
from sklearn_ser.model_selection import audit_split

TITLES = {
    "speaker": "same speaker",
    "bytes": "same file, byte for byte",
    "samples": "same samples when decoded",
    "take": "same take by its RAVDESS name",
    "copy": "copies of one recording",
    "sound": "same take by its sound",
}


def with_more(corpus, paths, speaker="somebody else", **columns):
    """The corpus with recordings at its end, of another speaker who says something else."""
    n = len(paths)
    metadata = {"statement": np.append(corpus.metadata["statement"], [3] * n)}
    for name, values in columns.items():
        metadata[name] = np.append(np.full(len(corpus.data), "", dtype=object), values)
    return Bunch(
        data=np.append(corpus.data, np.array([str(path) for path in paths], object)),
        groups=np.append(corpus.groups, [speaker] * n),
        metadata=metadata,
    )


def audit_last(corpus, **settings):
    """Audit of the split that tests the last recording, and trains on the rest."""
    n = len(corpus.data)
    return audit_split(corpus, np.arange(n - 1), [n - 1], **settings)


def kinds(audit):
    return [(one.kind, one.train, one.test) for one in audit.findings]


def decoded(path):
    return soundfile.read(path, dtype="float32")[0]


def test_a_split_by_speaker_has_sentences_alone_on_both_sides(corpus):
    is_tested = corpus.groups == "ravdess-03"
    audit = audit_split(corpus, ~is_tested, is_tested, strict=True)
    assert audit.is_clean
    assert audit.leaks == ()
    assert [(one.kind, one.what) for one in audit.findings] == [("sentence", "1"), ("sentence", "2")]
    assert (audit.n_train, audit.n_test, audit.n_neither) == (16, 8, 0)
    assert audit.unknown == {"copy": "the metadata have no column 'copy_of'"}


def test_a_split_by_speaker_and_sentence_has_nothing_on_both_sides(corpus):
    is_tested, says_two = corpus.groups == "ravdess-03", corpus.metadata["statement"] == 2
    audit = audit_split(corpus, ~is_tested & ~says_two, is_tested & says_two)
    assert audit.findings == ()
    assert audit.n_neither == 12


def test_speakers_and_positions_on_both_sides_are_found(corpus):
    audit = audit_split(corpus, np.arange(12), np.arange(11, 24))
    assert kinds(audit)[:2] == [
        ("recording", (11,), (11,)),
        ("speaker", tuple(range(8, 12)), tuple(range(11, 16))),
    ]
    assert {one.kind for one in audit.findings[2:]} == {"sentence"}  # bytes and sound would tell it again


def rewritten(source, target, change=lambda waveform: waveform, sample_rate=16_000, **form):
    """Write a recording anew."""
    soundfile.write(target, change(decoded(source)), sample_rate, **form)
    return target


LEAKS = {
    "bytes": lambda source, folder: Path(shutil.copy(source, folder / "copied.wav")),
    "samples": lambda source, folder: rewritten(source, folder / "lossless.flac"),
    "take": lambda source, folder: rewritten(
        source, folder / f"01{source.name[2:]}", lambda waveform: waveform[::-1]
    ),
    "sound": lambda source, folder: rewritten(
        source, folder / "cut.ogg", lambda waveform: 0.2 * waveform[3000:-2000], format="OGG"
    ),
}


@pytest.mark.parametrize("kind", LEAKS)
def test_a_recording_in_another_form_is_found_by_its_surest_sign(kind, corpus, tmp_path):
    more = with_more(corpus, [LEAKS[kind](Path(corpus.data[7]), tmp_path)])
    audit = audit_last(more)
    assert kinds(audit) == [(kind, (7,), (24,))]
    assert not audit.is_clean
    with pytest.raises(
        LeakError, match=rf"The split has 1 thing on both sides:\n{TITLES[kind]}: '03-.*'.* \(24\)"
    ):
        audit_last(more, strict=True)


def test_marked_copies_are_found_whatever_was_done_to_them(corpus, tmp_path):
    paths = [
        rewritten(corpus.data[7], tmp_path / "noise.wav", np.sign),
        rewritten(corpus.data[7], tmp_path / "of the copy.wav", lambda waveform: waveform[::-2]),
    ]
    more = with_more(corpus, paths, copy_of=[corpus.data[7], str(paths[0])])
    assert [one for one in kinds(audit_last(more, audio=False)) if one[0] == "copy"] == [
        ("copy", (7, 24), (25,))
    ]


def test_copies_of_waveforms_are_marked_by_position(rng):
    data = list(rng.normal(size=(4, 20_000)).astype(np.float32))
    copies = Bunch(data=data, metadata=pd.DataFrame({"made_of": [np.nan, np.nan, 0, np.nan]}))
    assert kinds(audit_split(copies, [0, 1], [2, 3], copy_of="made_of")) == [("copy", (0,), (2,))]


@pytest.mark.parametrize("nothing", [None, "", np.nan, pd.NA, pd.NaT])
def test_what_is_not_known_of_a_recording_is_shared_with_none(nothing):
    some = Bunch(data=["a.wav", "b.wav", "c.wav"], groups=np.array([nothing, nothing, "anna"], object))
    assert audit_split(some, [0, 2], [1], audio=False).findings == ()


def test_names_that_name_each_other_are_one_recording():
    circle = Bunch(data=["a.wav", "b.wav", "c.wav"], metadata={"copy_of": ["b.wav", "a.wav", ""]})
    assert kinds(audit_split(circle, [0], [1, 2], audio=False)) == [("copy", (0,), (1,))]


def test_a_surer_sign_does_not_hide_what_it_does_not_tell(corpus, tmp_path):
    source = Path(corpus.data[7])
    paths = [LEAKS["sound"](source, tmp_path), LEAKS["bytes"](source, tmp_path)]
    assert kinds(audit_last(with_more(corpus, paths))) == [
        ("speaker", (24,), (25,)),
        ("sentence", (24,), (25,)),
        ("bytes", (7,), (25,)),
        ("sound", (7, 24), (25,)),
    ]


def test_two_silences_have_their_samples_in_common_and_no_sound():
    silences = Bunch(data=[np.zeros(20_000), np.zeros(20_000), np.zeros(21_000)])
    audit = audit_split(silences, [0], [1, 2])
    assert kinds(audit) == [("samples", (0,), (1,))]
    assert set(audit.unknown) == {"speaker", "sentence", "bytes", "take", "copy"}


def test_what_is_found_is_a_table_and_a_frame(corpus, tmp_path):
    audit = audit_last(with_more(corpus, [LEAKS["sound"](Path(corpus.data[7]), tmp_path)]))
    assert str(audit).splitlines()[0] == "24 recordings in training, 1 in test, 0 on neither side"
    assert "same take by its sound                1            1        1" in str(audit)
    assert str(audit).endswith("(7) in training, 'cut.ogg' (24) in test")
    frame = audit.to_frame()
    assert frame.loc[0, ["kind", "n_train", "n_test"]].tolist() == ["sound", 1, 1]
    assert frame.loc[0, "train"] == [7]
    assert corpus.data[frame.loc[0, "train"]].tolist() == [corpus.data[7]]


def test_many_findings_are_counted_and_not_all_named():
    corpus = Bunch(data=[f"{n}.wav" for n in range(40)], groups=[n // 2 for n in range(40)])
    text = str(audit_split(corpus, range(0, 40, 2), range(1, 40, 2), audio=False))
    assert text.count("\nsame speaker: ") == 10
    assert text.endswith("and 10 more; to_frame() has them all")


def test_strict_takes_the_kinds_that_are_errors(corpus):
    is_tested = corpus.groups == "ravdess-03"
    with pytest.raises(LeakError, match=r"The split has 2 things on both sides:\nsame sentence: 1\nsame sen"):
        audit_split(corpus, ~is_tested, is_tested, strict=["sentence"], audio=False)
    audit_split(corpus, [0, 1], [2, 3], strict=["take", "bytes"], audio=False)
    with pytest.raises(ValueError, match=r"strict must name kinds among recording, speaker, .*; got 'words'"):
        audit_split(corpus, [0], [1], strict=["words"])


def test_a_column_tells_sentences_of_any_name(corpus):
    audit = audit_split(corpus, [0, 1], [2, 3], sentence="repetition", audio=False)
    assert [one.what for one in audit.findings if one.kind == "sentence"] == ["1", "2"]
    with pytest.raises(ValueError, match=r"sentence='words' is no column of the metadata, which are '"):
        audit_split(corpus, [0], [1], sentence="words", audio=False)


def test_every_form_of_a_corpus_gives_the_same_report(corpus, synthetic_root):
    import warnings

    with warnings.catch_warnings(action="ignore"):
        frame = load_ravdess(synthetic_root, as_frame=True)
    sides = np.arange(0, 24, 2), np.arange(1, 24, 2)
    expected = audit_split(corpus, *sides, audio=False)
    assert audit_split(frame, *sides, audio=False) == expected
    speakers = [one for one in kinds(expected) if one[0] == "speaker"]
    of_recordings = audit_split(Recordings(corpus.data, corpus.groups), *sides, audio=False)
    assert [one for one in kinds(of_recordings) if one[0] == "speaker"] == speakers
    waveforms = make_emotional_speech(3, 2, emotions=["calm", "sad"], n_intensities=1, random_state=0)
    assert [one.train for one in audit_split(waveforms, *sides).findings] == [
        one.train for one in expected.findings
    ]


def test_a_folder_keeps_what_was_heard_and_gives_the_same_report(corpus, tmp_path, monkeypatch):
    more = with_more(corpus, [LEAKS["sound"](Path(corpus.data[7]), tmp_path)])
    cache = DiskCache(tmp_path / "heard")
    first = audit_last(more, memory=cache, n_jobs=2)
    assert cache.n_entries == 25
    assert audit_last(more, memory=str(tmp_path / "heard")) == first == audit_last(more)
    assert cache.n_entries == 25
    audit_last(more, memory=cache, sample_rate=8_000)
    assert cache.n_entries == 50


@pytest.mark.parametrize(
    ("train", "test", "message"),
    [
        ([], [1], r"train must be positions of recordings, one at least, or a mask of 24"),
        ([0], [24], r"test must hold positions from 0 to 23; it goes from 24 to 24"),
        ([0], [-1], r"test must hold positions from 0 to 23; it goes from -1 to -1"),
        ([0.5], [1], r"train must be positions .* of shape \(1,\) and type float64"),
        ([True, False], [1], r"train must be positions .* of shape \(2,\) and type bool"),
    ],
)
def test_sides_that_the_corpus_does_not_have_are_refused(train, test, message, corpus):
    with pytest.raises(ValueError, match=message):
        audit_split(corpus, train, test)


def test_what_is_no_corpus_is_refused(corpus):
    with pytest.raises(TypeError, match=r"corpus must be what a loader returns.*; got a ndarray"):
        audit_split(corpus.data, [0], [1])
    with pytest.raises(ValueError, match=r"groups must have one entry for each of 24 recordings; .* \(23,\)"):
        audit_split(Bunch(data=corpus.data, groups=corpus.groups[1:]), [0], [1], audio=False)
    with pytest.raises(RecordingError, match=r"1 of 25 recordings .* recording 24 is not a file"):
        audit_split(with_more(corpus, ["missing.wav"]), [0], [1])
