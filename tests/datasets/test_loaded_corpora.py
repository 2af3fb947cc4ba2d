"""What a loader of a published corpus gives back."""

import pickle
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.utils import Bunch

from tests.datasets.miniatures import LOADERS, each_loader, in_part


@each_loader
@in_part
def test_everything_in_the_bunch_can_be_split_together(loader, folder_of):
    corpus = loader.load(folder_of(*loader.miniature))
    assert isinstance(corpus, Bunch)
    assert (corpus.data.dtype, corpus.target.dtype.kind, corpus.groups.dtype.kind) == (object, "U", "U")
    assert all(isinstance(path, str) for path in corpus.data)
    assert corpus.frame is None
    parts = train_test_split(
        corpus.data, corpus.target, corpus.groups, *corpus.metadata.values(), test_size=0.5, random_state=0
    )
    assert [len(part) for part in parts] == [2] * len(parts)


@each_loader
@in_part
def test_metadata_tells_corpus_sex_and_the_label_as_published(loader, folder_of):
    corpus = loader.load(folder_of(*loader.miniature))
    assert set(corpus.metadata["corpus"]) == {loader.corpus.name}
    assert [loader.corpus.emotions[label] for label in corpus.metadata["label"]] == corpus.target.tolist()
    sexes = {f"{loader.corpus.prefix}-{code.lower()}": sex for code, sex in loader.corpus.speakers.items()}
    assert [sexes[speaker] for speaker in corpus.groups] == corpus.metadata["sex"].tolist()


@each_loader
@in_part
def test_as_frame_gives_the_same_in_pandas(loader, folder_of):
    import pandas as pd

    root = folder_of(*loader.miniature)
    arrays, frames = loader.load(root), loader.load(root, as_frame=True)
    for key, column in (("data", "file"), ("target", "emotion"), ("groups", "speaker")):
        assert isinstance(frames[key], pd.Series)
        assert frames[key].name == column
        assert frames[key].tolist() == frames.frame[column].tolist() == arrays[key].tolist()
    assert frames.frame.columns.tolist() == ["file", "emotion", "speaker", *arrays.metadata]
    for name, values in arrays.metadata.items():
        assert frames.metadata[name].tolist() == frames.frame[name].tolist() == values.tolist()


@each_loader
@in_part
def test_recordings_know_their_speakers(loader, folder_of):
    root = folder_of(*loader.miniature)
    for corpus in (loader.load(root), loader.load(root, as_frame=True)):
        assert corpus.recordings.data.tolist() == corpus.data.tolist()
        assert corpus.recordings.speakers.tolist() == corpus.groups.tolist()


@each_loader
@in_part
def test_return_X_y_gives_paths_and_emotions(loader, folder_of):
    root = folder_of(*loader.miniature)
    corpus = loader.load(root)
    X, y = loader.load(root, return_X_y=True)
    np.testing.assert_array_equal(X, corpus.data)
    np.testing.assert_array_equal(y, corpus.target)
    X, y = loader.load(root, return_X_y=True, as_frame=True)
    assert (X.name, y.name) == ("file", "emotion")


@each_loader
@in_part
def test_a_folder_may_be_given_in_any_form(loader, folder_of, monkeypatch):
    root = folder_of(*loader.miniature)
    expected = loader.load(root).data.tolist()
    assert loader.load(str(root)).data.tolist() == loader.load(f"{root}/").data.tolist() == expected
    monkeypatch.setenv("HOME", str(root.parent))
    assert loader.load(f"~/{root.name}").data.tolist() == expected
    monkeypatch.chdir(root.parent)
    assert loader.load(root.name).data.tolist() == [
        str(Path(path).relative_to(root.parent)) for path in expected
    ]


@each_loader
@in_part
def test_the_description_tells_terms_and_defects(loader, folder_of):
    descr = loader.load(folder_of(*loader.miniature)).DESCR
    corpus = loader.corpus
    for text in (corpus.title, corpus.licence, corpus.source, corpus.citation, *corpus.defects):
        assert text in descr
    assert f"4 returned; found 4 of {loader.n_recordings} published" in descr


@each_loader
@in_part
def test_what_comes_back_can_be_pickled(loader, folder_of):
    corpus = loader.load(folder_of(*loader.miniature))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(corpus)).target, corpus.target)


def test_corpora_can_be_joined_and_their_speakers_stay_apart(folder_of):
    root = folder_of(*(path for loader in LOADERS for path in loader.miniature))
    with warnings.catch_warnings(action="ignore"):
        loaded = [loader.load(root) for loader in LOADERS]
    counts = Counter(np.concatenate([corpus.groups for corpus in loaded]).tolist())
    assert len(counts) == 10
    assert set(counts.values()) == {2}
    assert [len(corpus.left_out["foreign"]) for corpus in loaded] == [16] * 5
