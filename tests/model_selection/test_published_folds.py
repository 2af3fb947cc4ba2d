"""The folds of the literature, on all speakers and on some."""

import pickle
from itertools import chain

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut, cross_val_score
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import SerWarning
from sklearn_ser.model_selection import published_folds
from sklearn_ser.model_selection._protocols import CORPORA, PROTOCOLS

LUNA = [[2, 5, 14, 15, 16], [3, 6, 7, 13, 18], [10, 11, 12, 19, 20], [8, 17, 21, 23, 24], [1, 4, 9, 22]]
SUPERB = [range(1001, 1019), range(1019, 1037), range(1037, 1055), range(1055, 1073), range(1073, 1092)]
# As the publications print them: who is tested, and who is for validation.
PRINTED = {
    ("ravdess", "luna"): (LUNA, []),
    ("ravdess", "reslstm"): (LUNA, [[3, 6], [10, 11], [8, 17], [1, 14], [2, 5]]),
    ("ravdess", "emobox"): (
        [[1, 11, 20, 21], [4, 10, 12, 14], [8, 9, 19, 23], [3, 5, 7, 24], [2, 15, 16, 18], [6, 13, 17, 22]],
        [],
    ),
    ("ravdess", "serab"): ([[1, 4, 13, 16, 22]], [[6, 8, 10, 19, 20]]),
    ("ravdess", "msaf"): (
        [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16], [17, 18, 19, 20], [21, 22, 23, 24]],
        [],
    ),
    ("ravdess", "pepino"): ([[23, 24]], [[21, 22]]),
    ("ravdess", "loso"): ([[number] for number in range(1, 25)], []),
    ("crema_d", "emo_superb"): (SUPERB, [*SUPERB[1:], SUPERB[0]]),
    ("emodb", "loso"): ([["03"], ["08"], ["09"], *([str(number)] for number in range(10, 17))], []),
    ("savee", "emobox"): ([["JE"], ["KL"], ["DC"], ["JK"]], []),
    ("savee", "tfds"): ([["DC"]], [["JE"]]),
    ("savee", "loso"): ([["DC"], ["JE"], ["JK"], ["KL"]], []),
    ("tess", "loso"): ([["OAF"], ["YAF"]], []),
}
each_protocol = pytest.mark.parametrize(("corpus", "protocol"), PROTOCOLS)


def named(corpus, folds):
    """Speakers as a loader names them."""
    return tuple(
        tuple(
            f"{corpus}-{code:02}" if corpus == "ravdess" else f"{corpus}-{str(code).lower()}" for code in fold
        )
        for fold in folds
    )


def everybody(corpus, n_each=3):
    """Groups of a corpus: each speaker so often."""
    return np.repeat([f"{corpus}-{code.lower()}" for code in CORPORA[corpus].speakers], n_each)


@each_protocol
def test_folds_are_those_that_were_printed(corpus, protocol):
    cv = published_folds(corpus, protocol)
    tested, validated = PRINTED[corpus, protocol]
    assert cv.tested == named(corpus, tested)
    assert cv.validated == named(corpus, validated)
    assert cv.source


@each_protocol
def test_folds_are_disjoint_and_all_but_single_splits_test_every_speaker(corpus, protocol):
    groups, cv = everybody(corpus), published_folds(corpus, protocol)
    splits = list(cv.split(groups, groups=groups))
    assert len(splits) == cv.get_n_splits() == len(cv.tested)
    validated = cv.validated or ((),) * len(splits)
    for (train, test), those, held_out in zip(splits, cv.tested, validated, strict=True):
        assert set(groups[test]) == set(those)
        assert not set(groups[train]) & {*those, *held_out}
        assert set(groups[train]) | {*those, *held_out} == set(groups)
        assert len(train) == 3 * len(set(groups[train]))
    if len(splits) > 1:
        assert sorted(chain(*cv.tested)) == sorted(set(groups))


def test_serab_trains_on_its_fourteen_speakers():
    groups = everybody("ravdess", 1)
    ((train, _),) = published_folds("ravdess", "serab").split(groups, groups=groups)
    assert (train + 1).tolist() == [2, 3, 5, 7, 9, 11, 12, 14, 15, 17, 18, 21, 23, 24]


def test_speakers_for_validation_are_trained_or_tested_on_where_that_is_asked():
    groups = everybody("ravdess", 1)
    sides = {
        validation: [[(side + 1).tolist() for side in split] for split in cv.split(groups, groups=groups)]
        for validation in (None, "train", "test")
        for cv in [published_folds("ravdess", "pepino", validation=validation)]
    }
    assert sides[None] == [[list(range(1, 21)), [23, 24]]]
    assert sides["train"] == [[list(range(1, 23)), [23, 24]]]
    assert sides["test"] == [[list(range(1, 21)), [21, 22]]]


@pytest.mark.parametrize("corpus", ["ravdess", "emodb", "savee", "tess"])
def test_leaving_one_speaker_out_is_what_scikit_learn_does(corpus):
    groups = everybody(corpus)
    ours = published_folds(corpus, "loso").split(groups, groups=groups)
    theirs = LeaveOneGroupOut().split(groups, groups=groups)
    for (train, test), (their_train, their_test) in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(train, their_train)
        np.testing.assert_array_equal(test, their_test)


def test_searches_and_evaluations_take_them_with_groups_or_with_recordings():
    groups = everybody("ravdess")
    X, y = np.zeros((len(groups), 2)), np.tile(["calm", "sad", "sad"], 24)
    cv = published_folds("ravdess", "luna")
    assert len(cross_val_score(DummyClassifier(), X, y, groups=groups, cv=cv)) == 5
    search = GridSearchCV(DummyClassifier(), {"strategy": ["prior"]}, cv=cv)
    assert search.fit(Recordings(X, groups), y).n_splits_ == 5


def test_they_are_shown_cloned_and_pickled_as_scikit_learns_are():
    cv = published_folds("ravdess", "reslstm", validation="train")
    assert repr(cv) == "published_folds('ravdess', 'reslstm', validation='train')"
    assert repr(published_folds("tess", "loso")) == "published_folds('tess', 'loso')"
    assert clone(cv, safe=False).tested == pickle.loads(pickle.dumps(cv)).tested == cv.tested
    assert cv.get_metadata_routing().split.requests == {"groups": True}


def test_some_of_the_speakers_do_with_a_warning():
    groups = everybody("ravdess")
    some = np.isin(groups, [f"ravdess-{number:02}" for number in (1, 2, 3, 8, 10, 11)])
    cv = published_folds("ravdess", "luna")
    with pytest.warns(
        SerWarning,
        match=r"finds 6 of the corpus's 24 speakers; 'ravdess-04'.* and 13 more are missing\. Scores",
    ) as warned:
        splits = list(cv.split(groups[some], groups=groups[some]))
    assert [sorted(set(groups[some][test])) for _, test in splits] == [
        [f"ravdess-{number:02}" for number in fold] for fold in ([2], [3], [10, 11], [8], [1])
    ]
    assert [one.filename for one in warned] == [__file__]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (None, r"published_folds\('ravdess', 'luna'\) needs the speakers: give groups=corpus\.groups"),
        (
            ["ravdess-01", "emodb-03"],
            r"knows the speakers 'ravdess-01' to .*; groups holds 'emodb-03'",
        ),
        ([1, 2], r"groups holds '1', '2'\. The groups of the corpus's loader are named so"),
        (["ravdess-01"], r"inconsistent numbers of samples"),
    ],
)
def test_speakers_who_do_not_make_the_folds_are_refused(groups, message):
    with pytest.raises(ValueError, match=message):
        list(published_folds("ravdess", "luna").split(np.zeros((2, 3)), groups=groups))


@pytest.mark.parametrize("knows_speakers", [True, False])
def test_folds_of_which_nobody_is_left_are_left_out_with_a_warning(knows_speakers):
    groups = np.repeat(["ravdess-01", "ravdess-02", "ravdess-07"], 4)
    X, y = np.zeros((12, 2)), np.tile(["calm", "sad"], 6)
    cv = published_folds("ravdess", "loso")
    assert cv.get_n_splits(X, y, groups) == 3
    search = GridSearchCV(DummyClassifier(), {"strategy": ["prior"]}, cv=cv)
    given = {"X": Recordings(X, groups)} if knows_speakers else {"X": X, "groups": groups}
    with pytest.warns(SerWarning, match=r"21 of 24 folds have nobody to test on, and are left out\. Scores"):
        search.fit(y=y, **given)
    assert search.n_splits_ == 3


def test_speakers_of_whom_no_fold_tests_any_are_refused():
    with pytest.raises(ValueError, match=r"has nobody to test on: groups holds none of 'ravdess-23'"):
        list(published_folds("ravdess", "pepino").split([0, 1], groups=["ravdess-01", "ravdess-02"]))


def test_a_fold_without_training_speakers_is_refused():
    with pytest.raises(ValueError, match=r"Fold 0 of .* has nobody to train on"):
        list(published_folds("ravdess", "pepino").split([0, 1], groups=["ravdess-21", "ravdess-23"]))


def test_folds_that_nobody_published_are_refused():
    with pytest.raises(ValueError, match=r"The protocols of 'ravdess' are 'luna', .*; got 'lunar'"):
        published_folds("ravdess", "lunar")
    with pytest.raises(InvalidParameterError, match=r"'corpus' parameter of published_folds must be"):
        published_folds("iemocap", "loso")
    with pytest.raises(ValueError, match=r"'luna' has no speakers for validation in 'ravdess'"):
        published_folds("ravdess", "luna", validation="train")
