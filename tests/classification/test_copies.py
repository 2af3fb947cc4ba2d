"""Augmented copies beside their originals: early stopping judges by originals alone."""

import numpy as np
import pytest

from sklearn_ser.caching import DiskCache
from sklearn_ser.classification._fit_plan import FitPlan


@pytest.fixture
def stopping(small):
    """A small classifier that holds a quarter out, of features whose order is not looked for."""
    return small.set_params(early_stopping=True, validation_fraction=0.25, feature_axis="unordered")


@pytest.fixture
def doubled(spoken, rng):
    """Copies, the recordings that they are of, and copies again, with the speakers of all."""
    X, y, speakers = spoken
    copies = X + rng.normal(size=X.shape).astype(np.float32)
    copy_of = np.concatenate([np.arange(64, 128), np.full(64, -1), np.arange(64, 128)])
    return np.concatenate([copies, X, -copies]), np.tile(y, 3), np.tile(speakers, 3), copy_of


@pytest.mark.parametrize("knows_speakers", [True, False])
def test_the_held_out_part_is_that_of_the_originals_alone(stopping, spoken, doubled, knows_speakers):
    X, y, speakers = spoken
    alone = FitPlan.of(stopping, X, y, None, speakers if knows_speakers else None, None)
    X, y, speakers, copy_of = doubled
    plan = FitPlan.of(stopping, X, y, None, speakers if knows_speakers else None, copy_of)
    nobody = np.zeros(64, dtype=bool)
    np.testing.assert_array_equal(plan.held_out, np.concatenate([nobody, alone.held_out, nobody]))
    np.testing.assert_array_equal(plan.trained_on, np.tile(alone.trained_on, 3))
    np.testing.assert_array_equal(plan.left_out, [*alone.held_out, *nobody, *alone.held_out])
    assert alone.held_out.sum() == 16


@pytest.mark.parametrize("knows_speakers", [True, False])
def test_what_copies_of_held_out_recordings_hold_does_not_matter(stopping, doubled, knows_speakers):
    X, y, speakers, copy_of = doubled
    speakers = speakers if knows_speakers else None
    left_out = FitPlan.of(stopping, X, y, None, speakers, copy_of).left_out
    before = stopping.fit(X, y, groups=speakers, copy_of=copy_of)
    history, weights = before.history_, before.network_.get_weights()
    other = X.copy()
    other[left_out] = 100
    after = stopping.fit(other, y, groups=speakers, copy_of=copy_of)
    assert after.history_ == history
    for mine, theirs in zip(after.network_.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    other[np.flatnonzero(~left_out)[0]] = 100
    assert stopping.fit(other, y, groups=speakers, copy_of=copy_of).history_ != history


def test_without_early_stopping_copies_are_recordings_like_others(stopping, doubled):
    X, y, speakers, copy_of = doubled
    plan = FitPlan.of(stopping.set_params(early_stopping=False), X, y, None, speakers, copy_of)
    assert plan.trained_on.all()


def test_memory_tells_fits_apart_by_the_copies_that_are_left_out(stopping, doubled, tmp_path):
    X, y, _, copy_of = doubled
    memory = DiskCache(tmp_path / "memory")
    stopping.set_params(memory=memory, epochs=1)
    stopping.fit(X, y)
    stopping.fit(X, y, copy_of=np.full(len(y), -1))
    assert memory.n_entries == 1
    stopping.fit(X, y, copy_of=copy_of)
    stopping.fit(X, y, copy_of=copy_of.tolist())
    assert memory.n_entries == 2
    held_out = FitPlan.of(stopping, X, y, None, None, copy_of).held_out
    exchanged = copy_of.copy()  # as many originals, so that the same are held out
    first, *others = np.flatnonzero(held_out & (y == y[0]))
    exchanged[copy_of == first] = np.flatnonzero(~held_out & (copy_of == -1) & (y == y[0]))[0]
    assert others
    np.testing.assert_array_equal(FitPlan.of(stopping, X, y, None, None, exchanged).held_out, held_out)
    stopping.fit(X, y, copy_of=exchanged)
    assert memory.n_entries == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({0: 192}, r"copy_of\[0\] is 192, and the rows of X are 0 to 191"),
        ({3: -2}, r"copy_of\[3\] is -2, and the rows"),
        ({0: 129}, r"copy_of\[0\] is 129, and row 129 is itself a copy, of 65: give the row of the original"),
        ({64: 64}, r"copy_of\[0\] is 64, and row 64 is itself a copy, of 64"),
        ({0: 127}, r"copy_of\[0\] is 127, and these rows are 'angry' and 'sad'"),
        ({0: 66}, r"copy_of\[0\] is 66, and groups has 'speaker-0' and 'speaker-1' there"),
    ],
)
def test_a_copy_has_an_original_with_its_emotion_and_speaker(stopping, doubled, changes, message):
    X, y, speakers, copy_of = doubled
    for row, original in changes.items():
        copy_of[row] = original
    with pytest.raises(ValueError, match=message):
        stopping.fit(X, y, groups=speakers, copy_of=copy_of)


def test_copies_are_named_by_whole_numbers_one_a_recording(stopping, doubled):
    X, y, _, copy_of = doubled
    with pytest.raises(ValueError, match=r"must hold whole numbers, .* got values of type bool"):
        stopping.fit(X, y, copy_of=copy_of != -1)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        stopping.fit(X, y, copy_of=copy_of[1:])
