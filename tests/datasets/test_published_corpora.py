"""Facts and folders: what a loader reads, in whatever layout, and what it makes of copies."""

import re
import tempfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_ser.datasets._corpus import EMOTIONS
from sklearn_ser.datasets._crema_d import CREMA_D
from sklearn_ser.datasets._emodb import EMODB
from sklearn_ser.datasets._ravdess import RAVDESS
from sklearn_ser.exceptions import SerWarning
from tests.datasets.miniatures import LOADERS, each_loader, in_part


def flat(path):
    """Name of a recording in a copy without folders; SAVEE's needs the speaker's."""
    return path.replace("/", "_") if re.match("[A-Z]{2}/", path) else PurePosixPath(path).name


LAYOUTS = {
    "published": str,
    "nested twice": "speech data/speech data/{}".format,
    "flattened": flat,
    "flattened into a folder": lambda path: f"ALL/{flat(path)}",
    "upper-case endings": lambda path: path.replace(".wav", ".WAV"),
    "lower case": str.lower,
    "upper case": str.upper,
    "flac": lambda path: path.replace(".wav", ".flac"),
}


def facts_of(corpus):
    """``{(file name, emotion, speaker)}`` of a loaded corpus."""
    names = [PurePosixPath(path).name for path in corpus.data]
    return set(zip(names, corpus.target.tolist(), corpus.groups.tolist(), strict=True))


@each_loader
def test_the_table_of_facts_is_consistent(loader):
    corpus = loader.corpus
    assert set(corpus.emotions.values()) <= set(EMOTIONS)
    assert set(corpus.speakers.values()) <= {"female", "male"}
    assert list(corpus.n_recordings) == list(corpus.speakers) == sorted(corpus.speakers)
    assert sum(corpus.n_recordings.values()) == loader.n_recordings
    assert re.fullmatch(rf"(.*/)?{corpus.pattern}\.wav", corpus.example)


def test_no_two_corpora_share_a_prefix():
    assert len({loader.corpus.prefix for loader in LOADERS}) == len(LOADERS)


@each_loader
@in_part
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_every_name_of_the_grammar_is_read(loader, data):
    corpus = loader.corpus
    name = data.draw(st.from_regex(corpus.pattern, fullmatch=True))
    everything = {"channel": None} if corpus is RAVDESS else {}
    everything |= {"keep_ambiguous": True} if corpus is EMODB else {}
    everything |= {"keep_defective": True} if corpus is CREMA_D else {}
    if corpus is RAVDESS:
        name = f"03{name[2:]}"
    with tempfile.TemporaryDirectory() as root:
        file = Path(root, f"{name}.wav")
        file.parent.mkdir(exist_ok=True)
        file.touch()
        loaded = loader.load(root, **everything)
    assert loaded.target[0] in EMOTIONS
    assert all(values[0] is not None for values in loaded.metadata.values())


@each_loader
def test_a_complete_corpus_loads_without_a_warning(loader, folder_of):
    corpus = loader.load(folder_of(*loader.complete))
    left_out = sum(map(len, corpus.left_out.values()))
    assert len(corpus.data) + left_out == len(loader.complete) == loader.n_recordings
    assert f"found {loader.n_recordings} of {loader.n_recordings} published" in corpus.DESCR
    assert len(set(corpus.groups)) == len(loader.corpus.speakers)
    assert corpus.target_names == sorted(set(loader.corpus.emotions.values()))


@each_loader
@pytest.mark.parametrize("layout", LAYOUTS)
@in_part
def test_a_corpus_is_read_in_every_layout_that_people_have(loader, layout, folder_of):
    places = {LAYOUTS[layout](path): facts for path, facts in loader.miniature.items()}
    corpus = loader.load(folder_of(*places))
    assert facts_of(corpus) == {(PurePosixPath(path).name, *facts) for path, facts in places.items()}
    assert corpus.left_out == {}


@each_loader
@in_part
def test_a_second_copy_does_not_double_the_recordings(loader, folder_of):
    once = [f"a copy/{path}" for path in loader.miniature]
    root = folder_of(*once, *(f"a copy/of it/{path}" for path in loader.miniature))
    corpus = loader.load(root)
    assert sorted(corpus.data) == sorted(str(root / path) for path in once)
    assert corpus.left_out == {
        "second copy": sorted(str(root / "a copy/of it" / path) for path in loader.miniature)
    }
    assert "second copy: 4 files" in corpus.DESCR


@each_loader
@in_part
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_neither_order_nor_place_of_the_files_matters(loader, data):
    paths = data.draw(st.permutations(list(loader.miniature)))
    folders = data.draw(st.lists(st.sampled_from(["", "b/", "b/a/", "C/"]), min_size=4, max_size=4))
    with tempfile.TemporaryDirectory() as root:
        for path, folder in zip(paths, folders, strict=True):
            file = Path(root, folder + path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        corpus = loader.load(root)
    expected = [(PurePosixPath(path).name, *facts) for path, facts in loader.miniature.items()]
    found = zip(corpus.data, corpus.target, corpus.groups, strict=True)
    assert [(PurePosixPath(path).name, emotion, speaker) for path, emotion, speaker in found] == expected


@each_loader
@in_part
def test_copies_of_different_size_are_named_in_a_warning(loader, folder_of):
    path = next(iter(loader.miniature))
    root = folder_of(path, f"copy/{path}")
    (root / "copy" / path).write_bytes(b"RIFF")
    message = rf"copies of 1 recording differ in size.*'{path}', not 'copy/{path}'"
    with pytest.warns(SerWarning, match=message):
        corpus = loader.load(root)
    assert corpus.data.tolist() == [str(root / path)]


@each_loader
@in_part
def test_what_the_operating_system_leaves_behind_is_passed_over(loader, folder_of):
    corpus = loader.load(
        folder_of(
            *loader.miniature,
            *(f"__MACOSX/{path}" for path in loader.miniature),
            *(f".ipynb_checkpoints/{path}" for path in loader.miniature),
            *(
                str(PurePosixPath(path).with_name(f"._{PurePosixPath(path).name}"))
                for path in loader.miniature
            ),
        )
    )
    assert len(corpus.data) == 4
    assert corpus.left_out == {}


@each_loader
@in_part
def test_a_linked_folder_is_read_and_a_link_back_does_no_harm(loader, folder_of, tmp_path_factory):
    root = folder_of(*(f"linked/{path}" for path in loader.miniature))
    (root / "linked" / "back").symlink_to(root)
    home = tmp_path_factory.mktemp("home")
    (home / "corpus").symlink_to(root)
    corpus = loader.load(home)
    assert len(corpus.data) == 4
    assert corpus.left_out == {}
