"""Trained on some corpora, tested on others, with a rule for every emotion."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import Bunch

from sklearn_ser.datasets import Recordings
from sklearn_ser.evaluation import cross_corpus
from tests.evaluation.conftest import speak


def as_corpus(spoken, name):
    metadata = spoken.metadata | {"corpus": np.full(len(spoken.y), name)}
    return Bunch(data=spoken.X, target=spoken.y, groups=spoken.speakers, metadata=metadata)


@pytest.fixture
def corpora(rng):
    """Three corpora: A and B have the same emotions, C says calm for sad, and has two more."""
    a = speak(rng, n_speakers=4, prefix="a")
    b = speak(rng, n_speakers=3, prefix="b")
    c = speak(rng, n_speakers=2, prefix="c", emotions=np.array(["angry", "happy", "calm", "bored"]))
    return [as_corpus(one, name) for one, name in zip((a, b, c), "ABC", strict=True)]


class Untouched(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        raise AssertionError("an error must come before any fit")


def test_each_corpus_is_predicted_by_a_fit_on_the_others(corpora):
    a, b, c = corpora
    result = cross_corpus(GaussianNB(), corpora, label_map={"calm": "sad", "bored": None})
    y = [np.where(one.target == "calm", "sad", one.target) for one in corpora]
    kept = c.target != "bored"
    on_c = GaussianNB().fit(np.concatenate([a.data, b.data]), np.concatenate(y[:2])).predict(c.data[kept])
    np.testing.assert_array_equal(result.predictions[0, result.metadata["corpus"] == "C"], on_c)
    on_a = GaussianNB().fit(np.concatenate([b.data, c.data[kept]]), np.concatenate([y[1], y[2][kept]]))
    np.testing.assert_array_equal(
        result.predictions[0, result.metadata["corpus"] == "A"], on_a.predict(a.data)
    )
    by_corpus = result.by("corpus")
    assert by_corpus["n_recordings"].to_dict() == {"A": 72, "B": 54, "C": 36}
    assert by_corpus.loc["C", "balanced_accuracy"] == pytest.approx(balanced_accuracy_score(y[2][kept], on_c))
    assert result.emotions.tolist() == ["angry", "happy", "sad"]
    assert result.left_out == {"'bored' of C": 12}
    np.testing.assert_array_equal(result.folds, np.repeat([0, 1, 2], [72, 54, 36]))
    assert list(result.metadata) == ["sex", "age", "take", "corpus"]


def test_some_of_the_corpora_are_tested(corpora):
    every = cross_corpus(GaussianNB(), corpora, emotions="common")
    for test in ("B", ["B"]):
        one = cross_corpus(GaussianNB(), corpora, emotions="common", test=test)
        is_b = every.metadata["corpus"] == "B"
        np.testing.assert_array_equal(one.predictions, every.predictions[:, is_b])
        assert one.outer == "tested on B, each time trained on the others"


def test_common_emotions_are_kept_and_all_others_counted(corpora):
    result = cross_corpus(GaussianNB(), corpora, emotions="common")
    assert result.emotions.tolist() == ["angry", "happy"]
    assert result.left_out == {
        "'sad' of A": 24, "'sad' of B": 18, "'bored' of C": 12, "'calm' of C": 12,
    }  # fmt: skip
    n_all = sum(len(one.target) for one in corpora)
    assert len(result.truth) + sum(result.left_out.values()) == n_all
    assert "left out           24 recordings: 'sad' of A" in str(result)


def test_a_list_names_the_emotions_that_are_kept(corpora):
    result = cross_corpus(GaussianNB(), corpora, emotions=["angry", "happy", "sad"], test=["A", "B"])
    assert result.emotions.tolist() == ["angry", "happy", "sad"]
    assert result.left_out == {"'bored' of C": 12, "'calm' of C": 12}


def test_a_map_may_be_of_one_corpus(corpora):
    corpora[0].target[:6] = "calm"
    maps = {"C": {"calm": "sad"}, "A": {"calm": None}}
    result = cross_corpus(GaussianNB(), corpora, label_map=maps, emotions="common")
    assert result.left_out == {"'calm' of A": 6, "'bored' of C": 12}
    assert "sad" in result.truth[result.metadata["corpus"] == "C"]


def test_an_emotion_without_a_rule_is_refused_before_any_fit(corpora):
    with pytest.raises(
        ValueError,
        match=r"each needs a rule: 'A' lacks 'bored', 'calm'; 'B' lacks .*; 'C' lacks 'sad'\. label_map",
    ):
        cross_corpus(Untouched(), corpora)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"label_map": {"clam": "sad"}}, r"label_map names 'clam', .* no corpus has: .* 'angry',"),
        ({"label_map": {"C": {"sad": "calm"}}}, r"names 'sad', an emotion that 'C' does not have: .*'calm'"),
        ({"label_map": {"D": {"sad": "calm"}}}, r"names the corpus 'D', and there are 'A', 'B', 'C'\."),
        ({"label_map": {"A": {"sad": "calm"}, "sad": "calm"}}, r"it is both"),
        ({"emotions": ["angry", "sad"]}, r"emotions holds 'sad', which there .* the tested corpus 'C'\."),
        ({"emotions": ["angry", "bored"], "test": "C"}, r"'bored', which .* the training corpora of 'C'\."),
        ({"emotions": ["angry"]}, r"at least 2 emotions that all sides have; there are 1\."),
        ({"emotions": "some"}, r"The 'emotions' parameter of cross_corpus"),
        ({"emotions": "common", "test": "D"}, r"test must be among 'A', 'B', 'C'; got 'D'\."),
    ],
)  # fmt: skip
def test_rules_that_name_what_is_not_there_are_refused(settings, message, corpora):
    with pytest.raises(ValueError, match=message):
        cross_corpus(Untouched(), corpora, **settings)


def test_corpora_have_names_and_speakers_of_their_own(corpora, spoken):
    a, b, _ = corpora
    bare = Bunch(data=spoken.X, target=spoken.y, groups=spoken.speakers)
    with pytest.raises(ValueError, match=r"'one' and 'two' both have a speaker 'speaker00'"):
        cross_corpus(Untouched(), {"one": bare, "two": bare})
    with pytest.raises(
        ValueError, match=r"corpora\[1\] has no single name in metadata\['corpus'\]: give a dict"
    ):
        cross_corpus(Untouched(), [a, bare])
    with pytest.raises(ValueError, match=r"given as a dict from other names; got \['A', 'A'\]"):
        cross_corpus(Untouched(), [a, a])
    with pytest.raises(ValueError, match=r"corpora must be two corpora or more; got 1\."):
        cross_corpus(Untouched(), [a])
    with pytest.raises(ValueError, match=r"got a single one\."):
        cross_corpus(Untouched(), a)
    with pytest.raises(ValueError, match=r"Corpus 'b' must have data, target and groups; got a ndarray\."):
        cross_corpus(Untouched(), {"a": a, "b": b.data})
    b.data = b.data[:, :3]
    with pytest.raises(ValueError, match=r"one kind and shape; got 'A' \(72, 5\) of float64, 'B' \(54, 3\)"):
        cross_corpus(Untouched(), [a, b])


def test_names_may_be_given(corpora):
    named = {"first": corpora[0], "second": corpora[1]}
    result = cross_corpus(GaussianNB(), named)
    assert set(result.metadata["corpus"]) == set(named)


def test_a_search_is_nested_and_has_random_states(corpora):
    search = GridSearchCV(DecisionTreeClassifier(max_features=1), {"max_depth": [1, 3]}, cv=GroupKFold(2))
    result = cross_corpus(search, corpora[:2], random_states=(0, 1))
    assert result.predictions.shape == (2, 126)
    assert {params["max_depth"] for run in result.best_params for params in run} <= {1, 3}
    assert cross_corpus(search, corpora[:2], random_states=(0, 1)).to_json() == result.to_json()


def test_recordings_know_their_speakers_in_other_corpora(corpora):
    class Listener(GaussianNB):
        def fit(self, X, y):
            self.heard_ = {speaker[0] for speaker in X.speakers}
            return super().fit(X, y)

        def predict(self, X):
            assert not self.heard_ & {speaker[0] for speaker in X.speakers}
            return super().predict(X)

    for corpus in corpora:
        corpus.recordings = Recordings(corpus.data, corpus.groups)
    result = cross_corpus(Listener(), corpora, emotions="common")
    bare = cross_corpus(GaussianNB(), corpora, emotions="common")
    np.testing.assert_array_equal(result.predictions, bare.predictions)


def test_numbers_may_stand_for_emotions(corpora):
    numbered = []
    for corpus in corpora[:2]:
        y = np.unique(corpus.target, return_inverse=True)[1]
        numbered.append(Bunch(**corpus | {"target": y}))
    result = cross_corpus(LogisticRegression(), numbered, label_map={2: 1})
    assert result.emotions.tolist() == [0, 1]
