"""The audit of a cross-validation, and the warning about splitters that ignore groups."""

import json
import warnings

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    LeaveOneGroupOut,
    LeaveOneOut,
    PredefinedSplit,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
)
from sklearn.utils import Bunch

from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import LeakError, UngroupedSplitWarning
from sklearn_ser.model_selection import CVAudit, SpeakerSentenceSplit, audit_cv, audit_split


def test_each_split_has_the_report_that_it_would_have_alone(corpus):
    cv = GroupKFold(3)
    audit = audit_cv(corpus, cv)
    splits = cv.split(corpus.data, corpus.target, corpus.groups)
    assert audit.splits == tuple(audit_split(corpus, *split) for split in splits)
    assert audit.is_clean


def test_groups_may_be_others_than_the_speakers(corpus):
    groups = np.column_stack([corpus.groups, corpus.metadata["statement"]])
    cv = SpeakerSentenceSplit(by_speaker=3)
    audit = audit_cv(corpus, cv, groups=groups, strict=["speaker", "sentence"], audio=False)
    assert [split.n_neither for split in audit.splits] == cv.n_left_out(
        corpus.data, corpus.target, groups
    ).tolist()
    by_sentence = audit_cv(
        corpus, LeaveOneGroupOut(), groups=corpus.metadata["statement"], strict=["sentence"], audio=False
    )
    assert len(by_sentence.splits) == 2
    assert not by_sentence.is_clean  # the speakers say both


def test_it_prints_as_a_table_and_gives_a_frame(corpus):
    with pytest.warns(UngroupedSplitWarning, match=r"The splits put 1 speaker on both sides"):
        audit = audit_cv(corpus, [([0, 1, 8], [9]), ([16, 17], [8, 9])], audio=False)
    assert str(audit).splitlines() == [
        "split  training  test  neither  recording  speaker  sentence  bytes  samples  take  copy  sound",
        "    0         3     1       20          0        1         1      -        -     0     -      -",
        "    1         2     2       20          0        0         1      -        -     0     -      -",
        "copy: the metadata have no column 'copy_of'",
        "bytes: audio=False",
        "samples: audio=False",
        "sound: audio=False",
    ]
    frame = audit.to_frame()
    assert frame["split"].tolist() == [0, 0, 1]
    assert frame["kind"].tolist() == ["speaker", "sentence", "sentence"]
    assert frame["test"].tolist() == [[9], [9], [8, 9]]


def test_strict_names_the_split_and_what_leaks(corpus):
    with (
        pytest.warns(UngroupedSplitWarning),
        pytest.raises(LeakError, match=r"Split 0 has 3 things on both sides:\nsame speaker: ravdess-01"),
    ):
        audit_cv(corpus, StratifiedKFold(2, shuffle=True, random_state=0), strict=True, audio=False)


@pytest.mark.parametrize(
    ("cv", "message"),
    [
        (
            5,
            r"^StratifiedKFold ignores groups, .* puts 3 of them .* Use StratifiedGroupKFold\(3\) with",
        ),
        (KFold(2, shuffle=True, random_state=0), r"^KFold ignores groups.* Use GroupKFold\(2\) with"),
        # Three speakers make no four folds.
        (KFold(4, shuffle=True, random_state=0), r"^KFold ignores groups.* Use GroupKFold\(3\) with"),
        (KFold(3), r"^KFold ignores groups, though the speakers are known\. Use"),  # it is lucky
        (ShuffleSplit(2, random_state=0), r"^ShuffleSplit ignores groups.* Use GroupShuffleSplit\(2\) with"),
        (LeaveOneOut(), r"^LeaveOneOut ignores groups.* Use LeaveOneGroupOut\(\) with"),
        (
            RepeatedStratifiedKFold(n_splits=2, n_repeats=1),
            r"^Rep.* ignores.* Use StratifiedGroupKFold\(3\) with",
        ),
        (
            PredefinedSplit(np.arange(24) % 2),
            r"^The splits put 3 speakers on both sides\. Use StratifiedGroupKFold",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_splitter_that_ignores_groups_is_told_of_once_with_the_one_to_use(cv, message, corpus):
    with pytest.warns(UngroupedSplitWarning, match=message) as warned:
        audit_cv(corpus, cv, audio=False)
    assert [one.filename for one in warned] == [__file__]


class OwnSplitter:
    """A splitter that is none of scikit-learn's."""

    def split(self, X, y=None, groups=None):
        return LeaveOneGroupOut().split(X, y, groups)

    def get_n_splits(self, X=None, y=None, groups=None):
        return len(set(groups))


@pytest.mark.parametrize(
    "cv",
    [GroupKFold(3), LeaveOneGroupOut(), OwnSplitter(), PredefinedSplit(np.arange(24) // 8)],
    ids=lambda cv: type(cv).__name__,
)
def test_splits_by_speaker_and_corpora_without_speakers_are_not_told_of(cv, corpus):
    audit_cv(corpus, cv, audio=False)
    nameless = Bunch(data=corpus.data, target=corpus.target)
    assert "speaker" in audit_cv(nameless, 3, audio=False).splits[0].unknown


def test_scikit_learn_tells_of_groups_that_it_is_given_and_of_nothing_else(corpus):
    """What the guide says of searches, in which nobody but the splitter is asked."""
    X, y = np.zeros((24, 1)), corpus.target
    search = GridSearchCV(DummyClassifier(), {"strategy": ["prior"]}, cv=3)
    with pytest.warns(UserWarning, match="The groups parameter is ignored by StratifiedKFold"):
        search.fit(X, y, groups=corpus.groups)
    with warnings.catch_warnings(action="error"):
        search.fit(X, y)
        search.fit(Recordings(X, corpus.groups), y)
    with pytest.raises(ValueError, match="The 'groups' parameter should not be None"):
        search.set_params(cv=GroupKFold(3)).fit(X, y)


def test_splits_that_the_corpus_does_not_have_are_refused(corpus):
    with pytest.raises(ValueError, match=r"test must hold positions from 0 to 23"):
        audit_cv(corpus, [([0], [24])])
    with pytest.raises(TypeError, match=r"corpus must be what a loader returns.*; got a list"):
        audit_cv(corpus.data.tolist(), 3)


@pytest.mark.parametrize("audio", [True, False])
def test_an_audit_comes_back_as_it_was_written(audio, corpus, tmp_path):
    with pytest.warns(UngroupedSplitWarning):
        audit = audit_cv(corpus, KFold(3, shuffle=True, random_state=0), audio=audio)
    audit.to_json(tmp_path / "audit.json")
    for source in (tmp_path / "audit.json", audit.to_json()):
        again = CVAudit.from_json(source)
        assert again == audit
        assert str(again) == str(audit)
        assert again.to_frame().equals(audit.to_frame())
        assert again.to_json() == audit.to_json()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "sklearn-ser evaluation"}, r"no audit: .* CVAudit\.to_json, but by EvaluationResult\.to"),
        ({"version": 0}, r"written in version 0, and this version of sklearn-ser reads 1"),
        ({"splits": [{}]}, r"was altered since it was written: .*'findings'"),
        ({"splits": [{"findings": [], "unknown": {}, "n_train": "9"}]}, r"n_train must be a number .*'9'"),
        ({"splits": [{"findings": [], "unknown": {"smell": ""}}]}, r"kinds must be among .* is 'smell'"),
    ],
)
def test_what_is_no_audit_is_not_read(change, message, corpus):
    content = json.loads(audit_cv(corpus, GroupKFold(3), audio=False).to_json())
    with pytest.raises(ValueError, match=message):
        CVAudit.from_json(json.dumps(content | change))
