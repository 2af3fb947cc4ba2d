"""What is wrong with the published corpora, and what their loaders make of it."""

from collections import Counter

import pytest

from sklearn_ser import load_crema_d, load_emodb, load_savee, load_tess
from sklearn_ser.datasets._crema_d import CREMA_D
from sklearn_ser.datasets._emodb import EMODB, RECOGNISED
from sklearn_ser.exceptions import CorpusError
from tests.datasets.miniatures import LOADERS, in_part

CREMA_D_FILES = next(loader.complete for loader in LOADERS if loader.corpus is CREMA_D)
PAIRS = [
    ["1006_TIE_HAP_XX", "1006_TIE_NEU_XX"],
    ["1013_WSI_DIS_XX", "1013_WSI_SAD_XX"],
    ["1017_IWW_ANG_XX", "1017_IWW_FEA_XX"],
]


def test_crema_d_leaves_out_contradictory_pairs_and_the_silent_recording(folder_of):
    root = folder_of(*CREMA_D_FILES)
    corpus = load_crema_d(root)
    assert len(corpus.data) == 7435
    assert corpus.left_out == {
        "contradictory": [f"{root}/AudioWAV/{name}.wav" for pair in PAIRS for name in pair],
        "silent": [f"{root}/AudioWAV/1076_MTI_SAD_XX.wav"],
    }
    assert "* contradictory: 6 files (the same bytes are published under two emotions" in corpus.DESCR


@in_part
def test_crema_d_keeps_its_defective_recordings_on_request(folder_of):
    names = [name for pair in PAIRS for name in pair] + ["1076_MTI_SAD_XX"]
    corpus = load_crema_d(folder_of(*(f"{name}.wav" for name in names)), keep_defective=True)
    assert corpus.target.tolist() == ["happy", "neutral", "disgust", "sad", "angry", "fearful", "sad"]
    assert corpus.left_out == {}


@in_part
def test_crema_d_with_nothing_but_defects_is_refused(folder_of):
    root = folder_of("1076_MTI_SAD_XX.wav", "copy/1076_MTI_SAD_XX.wav")
    with pytest.raises(
        CorpusError, match=r"every one was left out: 1 second copy .*, 1 silent \(without sound"
    ):
        load_crema_d(root)


@in_part
def test_crema_d_tells_sentence_and_level(folder_of):
    corpus = load_crema_d(folder_of("1001_IEO_FEA_MD.wav", "1002_TAI_NEU_XX.wav"))
    assert corpus.metadata["text"].tolist() == ["It's eleven o'clock", "The airplane is almost full"]
    assert corpus.metadata["level"].tolist() == ["medium", "unspecified"]
    assert corpus.metadata["label"].tolist() == ["FEA", "NEU"]


@in_part
def test_crema_d_reads_the_one_name_that_is_published_cut_short(folder_of):
    corpus = load_crema_d(folder_of("AudioWAV/1040_ITH_SAD_X.wav"))
    assert (corpus.target[0], corpus.groups[0], corpus.metadata["level"][0]) == (
        "sad",
        "crema_d-1040",
        "unspecified",
    )


@in_part
def test_crema_d_leaves_the_mp3_and_video_of_its_repository_alone(folder_of):
    name = "1001_DFA_ANG_XX"
    root = folder_of(f"AudioWAV/{name}.wav", f"AudioMP3/{name}.mp3", f"VideoFlash/{name}.flv", "README.md")
    corpus = load_crema_d(root)
    assert corpus.data.tolist() == [f"{root}/AudioWAV/{name}.wav"]
    assert corpus.left_out == {
        "other format": [f"{root}/AudioMP3/{name}.mp3", f"{root}/VideoFlash/{name}.flv"]
    }


def test_crema_d_has_43_women_and_48_men():
    assert Counter(CREMA_D.speakers.values()) == {"female": 43, "male": 48}


@in_part
@pytest.mark.parametrize("name", ["OA_bite_neutral.wav", "oa_bite_neutral.WAV", "OAF_bite_neutral.wav"])
def test_tess_reads_its_misnamed_file_as_of_the_older_speaker(name, folder_of):
    corpus = load_tess(folder_of(f"OAF_neutral/{name}"))
    assert (corpus.target[0], corpus.groups[0]) == ("neutral", "tess-oaf")
    assert corpus.metadata["text"][0] == "Say the word bite"


@in_part
def test_tess_counts_its_misnamed_file_once(folder_of):
    corpus = load_tess(folder_of("OAF_neutral/OA_bite_neutral.wav", "OAF_neutral/OAF_bite_neutral.wav"))
    assert len(corpus.data) == 1
    assert len(corpus.left_out["second copy"]) == 1


@in_part
def test_tess_keeps_its_own_label_beside_surprised(folder_of):
    corpus = load_tess(folder_of("YAF_pleasant_surprised/YAF_back_ps.wav"))
    assert (corpus.target[0], corpus.metadata["label"][0]) == ("surprised", "ps")


@in_part
def test_savee_tells_sad_and_surprised_from_no_other_letter(folder_of):
    corpus = load_savee(folder_of("DC/sa07.wav", "DC/su07.wav", "DC/a07.wav"))
    assert corpus.target.tolist() == ["angry", "sad", "surprised"]
    assert corpus.metadata["sentence"].tolist() == [7, 7, 7]


def test_savee_needs_the_speaker_in_the_path(folder_of):
    with pytest.raises(CorpusError, match=r"of 2 \.wav files, none is named like 'DC/a01\.wav'"):
        load_savee(folder_of("DC/a01.wav", "DC/a02.wav") / "DC")


def test_emodb_counts_are_those_of_the_literature():
    emotions = {code.lower(): emotion for code, emotion in EMODB.emotions.items()}
    assert Counter(emotions[key.split("_")[2]] for key in RECOGNISED) == {
        "angry": 127,
        "boredom": 81,
        "neutral": 79,
        "happy": 71,
        "fearful": 69,
        "sad": 62,
        "disgust": 46,
    }
    assert list(EMODB.n_recordings.values()) == [49, 58, 43, 38, 55, 35, 61, 69, 56, 71]


@in_part
def test_emodb_leaves_out_what_listeners_did_not_recognise(folder_of):
    root = folder_of("wav/03a01Fa.wav", "wav/03a01Fb.wav")
    corpus = load_emodb(root)
    assert corpus.data.tolist() == [f"{root}/wav/03a01Fa.wav"]
    assert corpus.left_out == {"ambiguous": [f"{root}/wav/03a01Fb.wav"]}


@in_part
def test_emodb_keeps_the_ambiguous_on_request_and_does_not_count_them_as_published(folder_of):
    corpus = load_emodb(folder_of("wav/03a01Fa.wav", "wav/03a01Fb.wav"), keep_ambiguous=True)
    assert corpus.metadata["take"].tolist() == ["a", "b"]
    assert "2 returned; found 1 of 535 published" in corpus.DESCR


@in_part
def test_emodb_tells_what_is_said(folder_of):
    corpus = load_emodb(folder_of("16b10Wa.wav"))
    assert corpus.metadata["text"].tolist() == ["Die wird auf dem Platz sein, wo wir sie immer hinlegen."]
    assert (corpus.metadata["label"][0], corpus.metadata["sex"][0]) == ("W", "female")
