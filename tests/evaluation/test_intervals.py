"""Intervals hold the truth as often as they say, and p-values are small by chance as seldom as they say."""

import numpy as np
import pytest
from scipy.special import expit

from sklearn_ser.evaluation._compare import _permutation_test
from sklearn_ser.evaluation._recording_bootstrap import interval_over_recordings
from sklearn_ser.evaluation._scores import scores_of
from sklearn_ser.evaluation._speaker_bootstrap import (
    draw_scores,
    exchanged_differences,
    interval_of_difference,
    interval_of_score,
    signs_of_speakers,
    standard_error,
)

EASE = np.array([-0.6, 0.0, 0.4, 1.0])  # of four emotions
N_EACH = 8


def chances(rng, n_speakers, spread):
    """Chance that each emotion of each speaker is recognised: some voices are easier than others."""
    of_voice, of_pair = rng.normal(size=(n_speakers, 1)), rng.normal(size=(n_speakers, len(EASE)))
    return expit(EASE + spread * (of_voice + of_pair))


def tables_of(rng, chance):
    """Count what would be predicted of each speaker, who says each emotion a few times."""
    n_emotions = len(EASE)
    right = rng.binomial(N_EACH, chance)
    tables = np.zeros((len(chance), 1, n_emotions, n_emotions), int)
    for k in range(n_emotions):
        tables[:, 0, k, k] = right[:, k]
        tables[:, 0, k, (k + 1) % n_emotions] = N_EACH - right[:, k]
    return tables


def within(error, n_simulations, rate):
    """Give the limits that a rate stays in, but for one simulation in a thousand."""
    return 3.3 * np.sqrt(rate * (1 - rate) / n_simulations) + error


@pytest.mark.parametrize(("n_speakers", "spread"), [(24, 0.3), (24, 1.0), (4, 0.7)])
def test_the_interval_of_95_percent_holds_the_score_of_all_speakers_in_95_of_100_cases(
    n_speakers, spread, rng
):
    of_all = chances(rng, 400_000, spread).mean()
    n_simulations, n_held, n_held_by_percentiles = 1000, 0, 0
    for _ in range(n_simulations):
        tables = tables_of(rng, chances(rng, n_speakers, spread))
        drawn = draw_scores(tables, n_draws=400)[0][:, 0]
        score = scores_of(tables.sum(axis=(0, 1)))[0]
        low, high = interval_of_score(score, standard_error(drawn, n_speakers), n_speakers)
        n_held += low <= of_all <= high
        low, high = np.quantile(drawn, [0.025, 0.975])
        n_held_by_percentiles += low <= of_all <= high
    # The standard error of 400 draws is itself off by 4 %, which costs less than 0.005.
    assert abs(n_held / n_simulations - 0.95) < within(0.005, n_simulations, 0.95)
    assert n_held_by_percentiles < n_held


def test_the_interval_of_a_difference_holds_that_of_all_speakers_in_95_of_100_cases(rng):
    n_simulations, n_speakers, n_held = 1000, 24, 0
    everybody = chances(rng, 400_000, 0.7)
    of_all = everybody.mean() - (everybody**1.3).mean()
    for _ in range(n_simulations):
        chance = chances(rng, n_speakers, 0.7)
        a, b = tables_of(rng, chance), tables_of(rng, chance**1.3)
        drawn_a, drawn_b = draw_scores(a, b, n_draws=400)
        difference = scores_of(a.sum(axis=(0, 1)))[0] - scores_of(b.sum(axis=(0, 1)))[0]
        error = standard_error(drawn_a - drawn_b, n_speakers)[0]
        low, high = interval_of_difference(difference, error, n_speakers)
        n_held += low <= of_all <= high
    assert abs(n_held / n_simulations - 0.95) < within(0.005, n_simulations, 0.95)


@pytest.mark.parametrize("n_speakers", [8, 12])
def test_a_p_value_of_5_percent_arises_by_chance_in_5_of_100_cases(n_speakers, rng):
    n_simulations, n_small = 1000, 0
    for k in range(n_simulations):
        chance = chances(rng, n_speakers, 0.7)
        a, b = tables_of(rng, chance), tables_of(rng, chance)
        difference = scores_of(a.sum(axis=(0, 1)))[0] - scores_of(b.sum(axis=(0, 1)))[0]
        p_value, _ = _permutation_test(a, b, 0, difference, 299, k)
        n_small += p_value <= 0.05
    # Differences repeat, and those that are equal count as large: hardly more than 5, perhaps a few less.
    assert n_small / n_simulations < 0.05 + within(0, n_simulations, 0.05)
    assert n_small / n_simulations > 0.05 - within(0.015, n_simulations, 0.05)


def test_an_interval_stays_within_0_and_1_and_around_the_score(rng):
    for _ in range(100):
        tables = tables_of(rng, chances(rng, 5, 3.0) ** rng.choice([0.05, 1, 20]))
        score = scores_of(tables.sum(axis=(0, 1)))
        drawn = draw_scores(tables, n_draws=200)[0]
        low, high = interval_of_score(score, standard_error(drawn, 5), 5)
        assert ((low >= 0) & (low <= score) & (score <= high) & (high <= 1)).all()


def test_speakers_who_are_all_right_still_leave_some_doubt():
    low, high = interval_of_score(1.0, 0.0, 24)
    assert (low, high) == (pytest.approx(0.025 ** (1 / 24)), 1)
    low, high = interval_of_score(0.0, 0.0, 24)
    assert (low, high) == (0, pytest.approx(1 - 0.025 ** (1 / 24)))


@pytest.mark.parametrize("n_speakers", [1, 2])
def test_one_speaker_or_two_have_no_interval(n_speakers, rng):
    tables = tables_of(rng, chances(rng, n_speakers, 1.0))
    error = standard_error(draw_scores(tables)[0], n_speakers)
    assert np.isnan(error).all()
    assert np.isnan(interval_of_score(0.5, error[0], n_speakers)).all()
    assert np.isnan(interval_of_score(1.0, error[0], n_speakers)).all()
    assert np.isnan(interval_of_difference(0.5, error[0], n_speakers)).all()


def score_of(right, emotions):
    return np.mean([right[emotions == emotion].mean() for emotion in np.unique(emotions)])


def test_the_interval_of_one_speaker_holds_that_of_all_the_recordings_in_95_of_100_cases(rng):
    n_simulations, n_held = 600, 0
    emotions, chance = np.repeat(np.arange(8), 8), rng.uniform(0.2, 0.8, 8)
    for _ in range(n_simulations):
        right = (rng.random(64) < chance[emotions]).astype(float)
        low, high = interval_over_recordings(score_of(right, emotions), right, emotions, n_draws=400)
        n_held += low <= chance.mean() <= high
    # Percentiles of 400 draws are off by about 0.01.
    assert abs(n_held / n_simulations - 0.95) < within(0.01, n_simulations, 0.95)


def test_the_interval_of_one_speaker_is_around_the_score_and_the_same_each_time(rng):
    for n_each in ([8, 8, 4], [1, 1, 1], [1, 9, 2]):
        emotions = np.repeat(list("abc"), n_each)
        for rate in (0.1, 0.5, 0.95):
            right = rng.binomial(3, rate, len(emotions)) / 3  # of three runs
            score = score_of(right, emotions)
            ends = {}
            for confidence in (0.001, 0.5, 0.95):
                low, high = ends[confidence] = interval_over_recordings(score, right, emotions, confidence)
                assert 0 <= low <= score <= high <= 1
                np.testing.assert_array_equal(
                    interval_over_recordings(score, right, emotions, confidence), ends[confidence]
                )
            assert np.ptp(ends[0.5]) <= np.ptp(ends[0.95])


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_interval_of_one_speaker_has_no_width_where_all_are_alike(value):
    right, emotions = np.full(60, value), np.resize(list("abcdef"), 60)
    assert interval_over_recordings(value, right, emotions).tolist() == [value, value]


def test_every_draw_has_every_emotion_of_the_speaker():
    emotions = np.array(["calm", *["sad"] * 9])  # one recording, which a draw of ten would often miss
    right = np.array([0.0, *[1.0] * 9])
    assert interval_over_recordings(0.5, right, emotions).tolist() == [0.5, 0.5]


def test_an_emotion_that_few_speakers_show_is_scored_in_the_draws_that_have_it(rng):
    tables = tables_of(rng, chances(rng, 6, 1.0))
    tables[1:, :, 0] = 0  # one speaker alone has it
    drawn = draw_scores(tables)[0]
    assert np.isnan(drawn[:, 3]).any()
    assert not np.isnan(drawn[:, 0]).any()
    assert np.isfinite(standard_error(drawn, 6)).all()


def test_draws_do_not_depend_on_how_many_fit_into_memory_at_a_time(rng, monkeypatch):
    tables = tables_of(rng, chances(rng, 6, 1.0))
    together = draw_scores(tables, n_draws=100)[0]
    monkeypatch.setattr("sklearn_ser.evaluation._speaker_bootstrap._N_CELLS", 16 * 7)
    np.testing.assert_array_equal(draw_scores(tables, n_draws=100)[0], together)
    signs, _ = signs_of_speakers(6, 9999, 0)
    monkeypatch.undo()
    at_once = exchanged_differences(tables, tables[::-1], signs)
    monkeypatch.setattr("sklearn_ser.evaluation._speaker_bootstrap._N_CELLS", 16 * 7)
    np.testing.assert_array_equal(exchanged_differences(tables, tables[::-1], signs), at_once)


def test_all_exchanges_are_made_where_they_are_few():
    signs, is_complete = signs_of_speakers(3, 9999, 0)
    assert is_complete
    assert sorted(map(tuple, signs)) == [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    signs, is_complete = signs_of_speakers(24, 100, 0)
    assert not is_complete
    assert signs.shape == (100, 24)
