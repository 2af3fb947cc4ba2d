"""RAVDESS: speech and song, sound and picture, and the recordings themselves."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_ser import load_ravdess, load_table
from sklearn_ser.exceptions import CorpusError
from tests.datasets.miniatures import in_part

SONG = [
    f"Actor_{speaker:02}/03-02-0{emotion}-0{intensity}-0{statement}-0{repetition}-{speaker:02}.wav"
    for speaker, emotion, intensity, statement, repetition in product(
        range(1, 25), range(1, 7), (1, 2), (1, 2), (1, 2)
    )
    if (emotion, intensity) != (1, 2) and speaker != 18
]


@in_part
def test_the_file_name_is_told_in_full(folder_of):
    corpus = load_ravdess(folder_of("03-01-05-02-02-01-12.wav"))
    assert {name: values.tolist() for name, values in corpus.metadata.items()} == {
        "corpus": ["RAVDESS"],
        "label": ["05"],
        "sex": ["female"],
        "modality": ["audio"],
        "channel": ["speech"],
        "intensity": ["strong"],
        "statement": [2],
        "repetition": [1],
    }


def test_all_1012_sung_recordings_are_a_complete_channel(folder_of):
    corpus = load_ravdess(folder_of(*SONG), channel="song")
    assert len(corpus.data) == 1012
    assert len(set(corpus.groups)) == 23
    assert corpus.target_names == ["angry", "calm", "fearful", "happy", "neutral", "sad"]


@in_part
@pytest.mark.parametrize(
    ("channel", "taken", "left_out"),
    [("speech", ["speech"], ["song"]), ("song", ["song"], ["speech"]), (None, ["speech", "song"], [])],
)
def test_the_channel_chooses_speech_song_or_both(channel, taken, left_out, folder_of):
    root = folder_of("03-01-05-01-01-01-12.wav", "03-02-05-01-01-01-12.wav")
    corpus = load_ravdess(root, channel=channel)
    assert corpus.metadata["channel"].tolist() == taken
    assert list(corpus.left_out) == left_out


@pytest.mark.parametrize(
    ("channel", "n_recordings"), [("speech", 1440), ("song", 1012), (None, 2452)], ids=str
)
@in_part
def test_completeness_is_that_of_the_chosen_channel(channel, n_recordings, folder_of):
    root = folder_of("03-01-05-01-01-01-12.wav", "03-02-05-01-01-01-12.wav")
    assert f"of {n_recordings} published" in load_ravdess(root, channel=channel).DESCR


def test_an_unknown_channel_is_refused(tmp_path):
    with pytest.raises(
        InvalidParameterError, match=r"'channel' parameter of load_ravdess must be .* Got 'sing'"
    ):
        load_ravdess(tmp_path, channel="sing")


def test_a_folder_of_song_says_how_to_take_it(folder_of):
    message = r"of 1012 \.wav files, every one was left out: 1012 song \(channel='song' takes them"
    with pytest.raises(CorpusError, match=message):
        load_ravdess(folder_of(*SONG))


@in_part
def test_video_is_not_taken_for_audio(folder_of):
    root = folder_of(
        "Actor_01/01-01-05-01-01-01-01.mp4",
        "Actor_01/02-01-05-01-01-01-01.mp4",
        "Actor_01/03-01-05-01-01-01-01.wav",
        "from video/01-01-05-01-01-01-01.wav",
    )
    corpus = load_ravdess(root)
    assert corpus.data.tolist() == [f"{root}/Actor_01/03-01-05-01-01-01-01.wav"]
    assert corpus.left_out == {
        "modality 01": [
            f"{root}/Actor_01/01-01-05-01-01-01-01.mp4",
            f"{root}/from video/01-01-05-01-01-01-01.wav",
        ],
        "modality 02": [f"{root}/Actor_01/02-01-05-01-01-01-01.mp4"],
    }


def test_a_folder_of_video_is_refused_by_modality(folder_of):
    root = folder_of("01-01-05-01-01-01-01.mp4", "02-01-05-01-01-01-01.mp4")
    message = r"of 2 \.mp4 files, every one was left out: 1 modality 01 \(sound with picture.*1 modality 02"
    with pytest.raises(CorpusError, match=message):
        load_ravdess(root)


@in_part
def test_the_identical_pair_is_kept_and_named(folder_of):
    pair = ["Actor_07/03-01-03-01-02-01-07.wav", "Actor_07/03-01-03-01-02-02-07.wav"]
    corpus = load_ravdess(folder_of(*pair))
    assert len(corpus.data) == 2
    assert "03-01-03-01-02-01-07 and 03-01-03-01-02-02-07 are the same bytes" in corpus.DESCR


@pytest.mark.corpus
def test_the_recordings_themselves_are_complete(ravdess_root):
    corpus = load_ravdess(ravdess_root)
    assert corpus.left_out == {}
    assert Counter(corpus.target.tolist()) == {
        emotion: 96 if emotion == "neutral" else 192 for emotion in corpus.target_names
    }
    assert len(corpus.target_names) == 8
    assert Counter(corpus.groups.tolist()) == {f"ravdess-{number:02}": 60 for number in range(1, 25)}
    assert Counter(corpus.metadata["sex"].tolist()) == {"female": 720, "male": 720}
    assert Counter(corpus.metadata["intensity"].tolist()) == {"normal": 768, "strong": 672}


@pytest.mark.corpus
def test_the_frame_of_the_recordings_is_a_table_that_loads_alike(ravdess_root, tmp_path):
    corpus = load_ravdess(ravdess_root, as_frame=True)
    corpus.frame.to_csv(tmp_path / "ravdess.csv", index=False)
    table = load_table(tmp_path / "ravdess.csv")
    for key in ("data", "target", "groups"):
        np.testing.assert_array_equal(table[key], corpus[key])
    assert table.metadata["repetition"].tolist() == corpus.metadata["repetition"].tolist()


@pytest.mark.corpus
def test_the_identical_pair_of_the_recordings_is_identical(ravdess_root):
    import soundfile

    corpus = load_ravdess(ravdess_root)
    first, second = (
        soundfile.read(path)[0]
        for path in corpus.data
        if "03-01-03-01-02-01-07" in path or "03-01-03-01-02-02-07" in path
    )
    np.testing.assert_array_equal(first, second)
