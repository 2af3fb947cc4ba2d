"""A folder of one's own."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_ser import load_corpus
from sklearn_ser.exceptions import CorpusError, SerWarning

PATTERN = r"(?P<speaker>\w+)/(?P<emotion>[A-Za-z]+)_(?P<take>\d)\.\w+$"
FILES = ("anna/joy_1.wav", "anna/rage_1.ogg", "ben/joy_1.mp3", "ben/joy_2.flac")
EMOTIONS = {"joy": "happy", "rage": "angry"}


def test_a_pattern_tells_emotion_speaker_and_metadata(folder_of):
    root = folder_of(*FILES)
    corpus = load_corpus(root, PATTERN, emotions=EMOTIONS)
    assert corpus.data.tolist() == [f"{root}/{path}" for path in FILES]
    assert corpus.target.tolist() == ["happy", "angry", "happy", "happy"]
    assert corpus.groups.tolist() == ["anna", "anna", "ben", "ben"]
    assert corpus.target_names == ["angry", "happy"]
    assert {name: values.tolist() for name, values in corpus.metadata.items()} == {
        "label": ["joy", "rage", "joy", "joy"],
        "take": ["1", "1", "1", "2"],
    }
    assert corpus.left_out == {}
    assert corpus.frame is None


def test_without_a_map_the_labels_are_the_emotions(folder_of):
    assert load_corpus(folder_of(*FILES), re.compile(PATTERN)).target_names == ["joy", "rage"]


def test_a_name_goes_in_front_of_every_speaker(folder_of):
    corpus = load_corpus(folder_of(*FILES), PATTERN, name="lab")
    assert set(corpus.groups) == {"lab-anna", "lab-ben"}
    assert set(corpus.metadata["corpus"]) == {"lab"}
    assert corpus.DESCR.startswith("lab\n===\n")


def test_the_description_tells_what_was_found(folder_of):
    root = folder_of(*FILES)
    descr = load_corpus(root, PATTERN, emotions=EMOTIONS | {"rage": None}).DESCR
    for text in (str(root), PATTERN, ":Recordings: 3 returned", ":Emotions: happy 3", "unwanted: 1 file"):
        assert text in descr


def test_as_frame_and_return_X_y_are_those_of_the_published_corpora(folder_of):
    root = folder_of(*FILES)
    corpus = load_corpus(root, PATTERN, as_frame=True)
    assert corpus.frame.columns.tolist() == ["file", "emotion", "speaker", "label", "take"]
    X, y = load_corpus(root, PATTERN, return_X_y=True)
    np.testing.assert_array_equal(X, corpus.data)
    np.testing.assert_array_equal(y, corpus.target)


def test_a_label_that_maps_to_none_is_left_out_and_listed(folder_of):
    root = folder_of(*FILES)
    corpus = load_corpus(root, PATTERN, emotions={"joy": "happy", "rage": None})
    assert corpus.target.tolist() == ["happy"] * 3
    assert corpus.left_out == {"unwanted": [f"{root}/anna/rage_1.ogg"]}


@given(order=st.permutations(FILES))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_files_on_disk_does_not_matter(order, tmp_path_factory):
    root = tmp_path_factory.mktemp("corpus")
    for path in order:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).touch()
    assert load_corpus(root, PATTERN).data.tolist() == [f"{root}/{path}" for path in FILES]


def test_files_that_do_not_match_are_counted_and_said(folder_of):
    root = folder_of(*FILES, "noise.wav", "anna/joy_3.m4a", "notes.txt")
    with pytest.warns(
        SerWarning, match=r"1 \.m4a and 1 \.wav files under .* 'anna/joy_3\.m4a', 'noise\.wav'"
    ) as said:
        corpus = load_corpus(root, PATTERN)
    assert corpus.left_out == {"foreign": [f"{root}/anna/joy_3.m4a", f"{root}/noise.wav"]}
    assert said[0].filename == __file__


def test_a_pattern_that_matches_nothing_is_shown_beside_what_was_found(folder_of):
    message = (
        r"the pattern '\^\(\?P<speaker>.*' matches none of 1 \.wav, 1 \.ogg, 1 \.mp3 and 1 other files, "
        r"'anna/joy_1\.wav', .* and 1 more\."
    )
    with pytest.raises(CorpusError, match=message):
        load_corpus(folder_of(*FILES), r"^(?P<speaker>\d)(?P<emotion>\d)$")


@pytest.mark.parametrize(
    ("paths", "found"), [((), "it is empty"), (("a.zip",), r"it holds 1 \.zip file, no audio")]
)
def test_a_folder_without_audio_is_refused(paths, found, folder_of):
    with pytest.raises(CorpusError, match=found):
        load_corpus(folder_of(*paths), PATTERN)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(CorpusError, match=r"No recording under .*there is no such folder"):
        load_corpus(tmp_path / "nowhere", PATTERN)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (r"(?P<speaker>\w)", r"needs a group \(\?P<emotion>\.\.\.\); it names 'speaker'\.$"),
        (r"(?P<emotions>\w)(?P<speaker>\w)", r"Did you mean 'emotion' by 'emotions'\?"),
        (r"(?P<emotion>\w)(?P<spaeker>\w)", r"Did you mean 'speaker' by 'spaeker'\?"),
        (r"\w", r"it names none\.$"),
        (r"(?P<emotion>\w)(?P<speaker>\w)(?P<file>\w)", r"has a group 'file', a name taken here"),
    ],
)
def test_a_pattern_without_the_groups_is_refused_before_the_folder_is_read(pattern, message, tmp_path):
    with pytest.raises(CorpusError, match=message):
        load_corpus(tmp_path / "nowhere", pattern)


def test_a_label_without_an_emotion_is_refused_with_its_count(folder_of):
    message = r"no entry for the labels rage 1; it has 'joy'\. Map each label"
    with pytest.raises(CorpusError, match=message):
        load_corpus(folder_of(*FILES), PATTERN, emotions={"joy": "happy"})


def test_labels_that_differ_in_case_only_are_refused_without_a_map(folder_of):
    root = folder_of("anna/joy_1.wav", "ben/Joy_1.wav")
    with pytest.raises(CorpusError, match="the labels 'Joy', 'joy' differ in letter case only"):
        load_corpus(root, PATTERN)
    corpus = load_corpus(root, PATTERN, emotions={"joy": "happy", "Joy": "happy"})
    assert corpus.target_names == ["happy"]


def test_an_emotion_that_is_not_in_the_path_is_refused(folder_of):
    root = folder_of("anna/.wav.wav", "anna/joy.wav", "anna/1.wav")
    with pytest.raises(CorpusError, match=r"there is no emotion in 'anna/1\.wav'"):
        load_corpus(root, r"(?P<speaker>\w+)/(?P<emotion>[a-z]+)?\w*\.wav")


def test_a_map_that_wants_nothing_is_refused(folder_of):
    with pytest.raises(CorpusError, match="maps every label to None, 'joy', 'rage'"):
        load_corpus(folder_of(*FILES), PATTERN, emotions=dict.fromkeys(EMOTIONS))


def test_pointers_in_place_of_audio_are_refused(folder_of):
    root = folder_of(*FILES)
    (root / FILES[0]).write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(CorpusError, match="1 of 4 recordings are git-lfs pointers"):
        load_corpus(root, PATTERN)
