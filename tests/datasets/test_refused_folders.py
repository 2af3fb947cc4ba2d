"""What a loader of a published corpus misses, leaves out or refuses, and that it says so."""

import sys

import pytest
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_ser.datasets._tess import TESS
from sklearn_ser.exceptions import CorpusError, IncompleteCorpusWarning, SerWarning
from tests.datasets.miniatures import each_loader, in_part

OPENED = []  # what this process opens, as Python's audit hook reports it
sys.addaudithook(lambda event, args: OPENED.append(args[0]) if event == "open" else None)
LFS_POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 82260\n"


@each_loader
def test_an_incomplete_corpus_is_counted_by_speaker(loader, folder_of):
    count = rf"found 4 of {loader.n_recordings} published recordings\. Missing, by speaker: {loader.missing}"
    with pytest.warns(IncompleteCorpusWarning, match=count):
        loader.load(folder_of(*loader.miniature))


@each_loader
def test_one_recording_that_is_missing_is_noticed(loader, folder_of):
    root = folder_of(*loader.complete)
    path = next(iter(loader.miniature)) if loader.corpus is not TESS else "OAF_fear/OAF_aa_fear.wav"
    (root / path).unlink()
    code = next(iter(loader.corpus.speakers))
    with pytest.warns(IncompleteCorpusWarning, match=rf"Missing, by speaker: {code} 1\."):
        loader.load(root)


@each_loader
def test_a_warning_points_at_the_line_that_called_the_loader(loader, folder_of):
    with pytest.warns(IncompleteCorpusWarning, match=loader.corpus.name) as caught:
        loader.load(folder_of(*loader.miniature))
    assert caught[0].filename == __file__


@each_loader
@in_part
def test_foreign_audio_is_counted_and_said(loader, folder_of):
    root = folder_of(*loader.miniature, "mine.wav", "more/theirs.flac", "notes.txt", "film.mp4", "song.mp3")
    with pytest.warns(SerWarning, match=r"1 \.wav and 1 \.flac files not named like .* 'mine\.wav'"):
        corpus = loader.load(root)
    assert corpus.left_out == {
        "foreign": [f"{root}/mine.wav", f"{root}/more/theirs.flac"],
        "other format": [f"{root}/film.mp4", f"{root}/song.mp3"],
    }
    assert "* foreign: 2 files (not named like a recording of this corpus)" in corpus.DESCR
    assert len(corpus.data) == 4


@each_loader
def test_a_folder_of_something_else_is_refused_with_what_was_found(loader, folder_of):
    root = folder_of(*(f"{number}.wav" for number in range(12)), "cover.flac", "readme.txt")
    message = (
        rf"No {loader.corpus.name} recording under '{root}': of 12 \.wav and 1 \.flac files, "
        rf"none is named like '{loader.corpus.example}'\."
    )
    with pytest.raises(CorpusError, match=message):
        loader.load(root)


@each_loader
@pytest.mark.parametrize(
    ("paths", "found"),
    [
        ((), "it is empty"),
        (("corpus.zip",), r"it holds 1 \.zip file, no audio"),
        (("LICENSE", "a.txt", "b.txt"), r"it holds 2 \.txt and 1 nameless files, no audio"),
        (("a.b", "a.c", "a.d", "a.e"), r"it holds 1 \.b, 1 \.c, 1 \.d and 1 other files, no audio"),
    ],
)
def test_a_folder_without_audio_is_refused(loader, paths, found, folder_of):
    with pytest.raises(CorpusError, match=rf"No {loader.corpus.name} recording under .*: {found}"):
        loader.load(folder_of(*paths))


@each_loader
def test_a_missing_folder_is_refused(loader, tmp_path):
    with pytest.raises(CorpusError, match=rf"No {loader.corpus.name} recording .*: there is no such folder"):
        loader.load(tmp_path / "nowhere")


@each_loader
def test_an_archive_is_to_be_unpacked(loader, folder_of):
    with pytest.raises(CorpusError, match=r"corpus\.zip': it is a file; unpack an archive first"):
        loader.load(folder_of("corpus.zip") / "corpus.zip")


@each_loader
def test_pointers_in_place_of_audio_are_refused(loader, folder_of):
    root = folder_of(*loader.miniature)
    for path in list(loader.miniature)[:3]:
        (root / path).write_text(LFS_POINTER)
    with pytest.raises(CorpusError, match=r"3 of 4 recordings are git-lfs pointers.*'git lfs pull'"):
        loader.load(root)


@each_loader
def test_dead_links_in_place_of_audio_are_refused(loader, folder_of):
    root = folder_of(*loader.miniature)
    path = root / next(iter(loader.miniature))
    path.unlink()
    path.symlink_to(root / "annex")
    with pytest.raises(CorpusError, match=rf"1 of 4 recordings are dead links: '{path}'.*git annex get"):
        loader.load(root)


@each_loader
@in_part
def test_no_file_of_audio_size_is_opened(loader, folder_of):
    root = folder_of(*loader.miniature)
    for path in loader.miniature:
        (root / path).write_bytes(bytes(2000))
    OPENED.clear()
    loader.load(root)
    assert not [path for path in OPENED if str(root) in str(path)]


@each_loader
@pytest.mark.parametrize("wrong", [{"root": 3}, {"return_X_y": "yes"}, {"as_frame": None}])
def test_a_parameter_of_the_wrong_kind_is_refused(loader, wrong, tmp_path):
    (name,) = wrong
    with pytest.raises(
        InvalidParameterError, match=f"The '{name}' parameter of {loader.load.__name__} must be"
    ):
        loader.load(**({"root": tmp_path} | wrong))
