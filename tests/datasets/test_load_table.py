"""A table of recordings."""

import numpy as np
import pytest

from sklearn_ser import load_corpus, load_savee, load_table
from sklearn_ser.exceptions import CorpusError


@pytest.fixture
def table_of(folder_of):
    """Write a table of these lines beside empty files ``1.wav``, ``2.wav`` and ``wav/3.wav``."""

    def write(*lines):
        table = folder_of("1.wav", "2.wav", "wav/3.wav") / "table.csv"
        table.write_text("\n".join(lines), encoding="utf-8")
        return table

    return write


def test_the_rows_come_back_in_their_order(table_of):
    table = table_of("file,emotion,speaker", "wav/3.wav,sad,ben", "1.wav,happy,anna")
    corpus = load_table(table)
    assert corpus.data.tolist() == [f"{table.parent}/wav/3.wav", f"{table.parent}/1.wav"]
    assert corpus.target.tolist() == ["sad", "happy"]
    assert corpus.groups.tolist() == ["ben", "anna"]
    assert corpus.target_names == ["happy", "sad"]
    assert corpus.left_out == {}
    assert f":Table: {table}" in corpus.DESCR


def test_other_columns_are_metadata_and_numbers_where_they_hold_numbers(table_of):
    corpus = load_table(
        table_of("age,file,emotion,speaker,note,votes", "31,1.wav,sad,a,x,", "45,2.wav,sad,a,,0.5")
    )
    assert list(corpus.metadata) == ["label", "age", "note", "votes"]
    assert corpus.metadata["age"].tolist() == [31, 45]
    assert corpus.metadata["note"].tolist() == ["x", ""]
    np.testing.assert_array_equal(corpus.metadata["votes"], [np.nan, 0.5])


def test_codes_that_a_number_would_not_give_back_stay_text(table_of):
    corpus = load_table(
        table_of(
            "file,emotion,speaker,code,size,text,take",
            "1.wav,sad,a,05,1_000,inf,7",
            "2.wav,sad,a,10,2,nan,12",
        )
    )
    assert corpus.metadata["code"].tolist() == ["05", "10"]
    assert corpus.metadata["size"].tolist() == ["1_000", "2"]
    assert corpus.metadata["text"].tolist() == ["inf", "nan"]
    assert corpus.metadata["take"].tolist() == [7, 12]


def test_speakers_and_emotions_stay_text(table_of):
    corpus = load_table(table_of("file,emotion,speaker", "1.wav,None,03", "2.wav,1,NA"))
    assert corpus.groups.tolist() == ["03", "NA"]
    assert corpus.target.tolist() == ["None", "1"]


def test_paths_start_from_the_table_from_root_or_from_nowhere(table_of, tmp_path_factory):
    table = table_of("file,emotion,speaker", "1.wav,sad,a")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "1.wav").touch()
    assert load_table(table, root=elsewhere).data.tolist() == [f"{elsewhere}/1.wav"]
    absolute = table_of("file,emotion,speaker", f"{elsewhere}/1.wav,sad,a")
    assert load_table(absolute).data.tolist() == [f"{elsewhere}/1.wav"]


def test_columns_may_have_other_names(table_of):
    corpus = load_table(
        table_of("path,label,spk", "1.wav,sad,a"), file="path", emotion="label", speaker="spk"
    )
    assert (corpus.target[0], corpus.groups[0]) == ("sad", "a")
    assert corpus.metadata["label"].tolist() == ["sad"]


def test_labels_are_mapped_and_unwanted_ones_are_listed(table_of):
    table = table_of("file,emotion,speaker", "1.wav,anger,a", "2.wav,xxx,a")
    corpus = load_table(table, emotions={"anger": "angry", "xxx": None}, name="lab")
    assert corpus.target.tolist() == ["angry"]
    assert corpus.groups.tolist() == ["lab-a"]
    assert corpus.left_out == {"unwanted": [f"{table.parent}/2.wav"]}


def test_a_table_as_audformat_writes_it_is_read(table_of):
    corpus = load_table(
        table_of(
            "file,start,end,emotion,emotion.confidence,speaker",
            "1.wav,0 days,0 days 00:00:01.898250,happiness,0.9,3",
            "wav/3.wav,0 days 00:00:00,,neutral,1.0,3",
        )
    )
    assert corpus.target.tolist() == ["happiness", "neutral"]
    assert corpus.metadata["emotion.confidence"].tolist() == [0.9, 1.0]


def test_blanks_after_commas_and_a_byte_order_mark_are_no_part_of_a_name(table_of):
    corpus = load_table(table_of("\ufefffile, emotion, speaker", "1.wav, sad, a"))
    assert (corpus.target[0], corpus.groups[0]) == ("sad", "a")


def test_the_frame_of_a_corpus_is_a_table(folder_of, tmp_path):
    root = folder_of("anna/joy.wav", "ben/rage.wav")
    corpus = load_corpus(root, r"(?P<speaker>\w+)/(?P<emotion>\w+)\.wav", name="lab", as_frame=True)
    corpus.frame.to_csv(tmp_path / "corpus.csv", index=False)
    table = load_table(tmp_path / "corpus.csv", as_frame=True)
    assert table.frame.to_dict("list") == corpus.frame.to_dict("list")


def test_return_X_y_gives_paths_and_emotions(table_of):
    table = table_of("file,emotion,speaker", "1.wav,sad,a")
    X, y = load_table(table, return_X_y=True)
    np.testing.assert_array_equal(X, np.array([f"{table.parent}/1.wav"], dtype=object))
    assert y.tolist() == ["sad"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "file,emotion,speakers",
            r"no column 'speaker'.*Did you mean 'speakers'\? Pass speaker='speakers'\.$",
        ),
        ("File,emotion,speaker", r"no column 'file'.*Did you mean 'File'\? Pass file='File'\.$"),
        ("file,label,speaker", r"no column 'emotion'; its columns: 'file', 'label', 'speaker'\.$"),
    ],
)
def test_a_missing_column_is_named_with_a_guess(header, message, table_of):
    with pytest.raises(CorpusError, match=message):
        load_table(table_of(header, "1.wav,sad,a"))


def test_a_table_without_commas_shows_its_one_column(table_of):
    with pytest.raises(CorpusError, match=r"no column 'file'; its columns: 'file;emotion;speaker'\."):
        load_table(table_of("file;emotion;speaker", "1.wav;sad;a"))


def test_a_column_that_stands_there_twice_is_refused(table_of):
    with pytest.raises(CorpusError, match="has more than one column 'emotion'"):
        load_table(table_of("file,emotion,emotion,speaker", "1.wav,sad,happy,a"))


def test_two_columns_for_one_part_are_refused(table_of):
    table = table_of("file,emotion,acted,speaker", "1.wav,sad,happy,a")
    with pytest.raises(CorpusError, match=r"a column 'emotion' beside emotion='acted'; rename one"):
        load_table(table, emotion="acted")


def test_missing_files_are_named_by_line(table_of):
    rows = [f"{number}.wav,sad,a" for number in range(1, 10)]
    message = r"7 of 9 files are not there: line 4 '3\.wav', line 5.* and 2 more\. Relative paths start from"
    with pytest.raises(CorpusError, match=message):
        load_table(table_of("file,emotion,speaker", *rows))


def test_an_empty_path_is_a_missing_file(table_of):
    with pytest.raises(CorpusError, match=r"1 of 1 files are not there: line 2 ''"):
        load_table(table_of("file,emotion,speaker", ",sad,a"))


@pytest.mark.parametrize(("row", "what"), [("2.wav,,a", "emotion"), ("2.wav,sad,", "speaker")])
def test_an_empty_cell_is_named_by_line(row, what, table_of):
    with pytest.raises(CorpusError, match=rf"there is no {what} in 'line 3'"):
        load_table(table_of("file,emotion,speaker", "1.wav,sad,a", row))


def test_a_file_that_is_listed_twice_is_refused(table_of):
    table = table_of("file,emotion,speaker", "1.wav,sad,a", "2.wav,sad,a", "1.wav,happy,a")
    with pytest.raises(CorpusError, match=r"1 rows repeat a file: line 4 '1\.wav' \(as in line 2\)"):
        load_table(table)


def test_a_table_of_segments_is_refused(table_of):
    table = table_of(
        "file,start,end,emotion,speaker",
        "1.wav,0 days 00:00:00,0 days 00:00:02,sad,a",
        "2.wav,0 days 00:00:02,0 days 00:00:04,sad,a",
    )
    with pytest.raises(CorpusError, match=r"lists segments, whose start is not 0: line 3\."):
        load_table(table)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((), "has no rows under its header"),
        (("file,emotion,speaker",), "has no rows under its header"),
        (
            ("file,emotion,speaker", "1.wav,sad,a", "", "2.wav,sad,a,b"),
            "line 4 has 4 cells under a header of 3",
        ),
        (("file,emotion,speaker", "1.wav,sad"), "line 2 has 2 cells under a header of 3"),
        (("file,emotion,speaker", '1.wav,"sad,a'), "cannot be read: unexpected end of data"),
    ],
)
def test_a_table_that_is_none_is_refused(lines, message, table_of):
    with pytest.raises(CorpusError, match=message):
        load_table(table_of(*lines))


def test_a_table_in_another_encoding_is_refused(folder_of):
    table = folder_of("1.wav") / "table.csv"
    table.write_bytes("file,emotion,speaker\n1.wav,fröhlich,a\n".encode("latin-1"))
    with pytest.raises(CorpusError, match="cannot be read: 'utf-8' codec"):
        load_table(table)


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(CorpusError, match=r"There is no table '.*nowhere\.csv'"):
        load_table(tmp_path / "nowhere.csv")


def test_pointers_in_place_of_audio_are_refused(table_of):
    table = table_of("file,emotion,speaker", "1.wav,sad,a")
    (table.parent / "1.wav").write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(CorpusError, match="1 of 1 recordings are git-lfs pointers"):
        load_table(table)


@pytest.mark.filterwarnings("ignore::sklearn_ser.exceptions.IncompleteCorpusWarning")
def test_a_published_corpus_survives_the_way_through_a_table(folder_of, tmp_path):
    corpus = load_savee(folder_of("DC/a01.wav", "KL/su02.wav"), as_frame=True)
    corpus.frame.to_csv(tmp_path / "savee.csv", index=False)
    table = load_table(tmp_path / "savee.csv", as_frame=True)
    assert table.frame[corpus.frame.columns].to_dict("list") == corpus.frame.to_dict("list")
