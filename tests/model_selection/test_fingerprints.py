"""A take is recognised at any level, with other ends, in any company; other takes are not taken for it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_ser import make_emotional_speech
from sklearn_ser.model_selection._fingerprints import _between, _size, fingerprint, same_takes

RATE = 16_000


@pytest.fixture(scope="module")
def takes():
    """Waveforms of two voices: the same sentence four times each."""
    return make_emotional_speech(
        2, 4, emotions=["sad"], n_intensities=1, n_statements=1, random_state=3
    ).data.tolist()


def pairs(waveforms, sample_rate=RATE):
    described = [fingerprint(waveform, sample_rate) for waveform in waveforms]
    return same_takes(described, waveforms.__getitem__, sample_rate)


def test_takes_of_one_sentence_by_one_voice_are_different_takes(takes):
    assert pairs(takes) == []


@settings(deadline=None, max_examples=15)
@given(
    which=st.integers(0, 7),
    level=st.floats(1e-4, 10),
    sign=st.sampled_from([-1, 1]),
    begin=st.integers(0, 8_000),
    end=st.integers(0, 8_000),
    lead=st.integers(0, 30_000),
)
def test_a_take_is_recognised_at_any_level_and_with_other_ends(which, level, sign, begin, end, lead, takes):
    take = takes[which]
    copied = np.append(np.zeros(lead, np.float32), sign * np.float32(level) * take[begin : len(take) - end])
    assert pairs([*takes, copied]) == [(which, 8)]
    assert pairs([copied, *takes]) == [(0, which + 1)]


def test_parts_that_overlap_are_the_same_take_and_parts_that_do_not_are_not(takes):
    for take in takes:
        n = len(take)
        assert pairs([take[: 2 * n // 3], take[n // 3 :]]) == [(0, 1)]
        assert pairs([take[: n // 2], take[n // 2 :]]) == []


@pytest.mark.parametrize("sample_rate", [8_000, 22_050, 48_000])
def test_any_rate_will_do(sample_rate, takes):
    from sklearn_ser._audio import resample

    waveforms = [resample(take, RATE, sample_rate) for take in (*takes, takes[2][3_000:])]
    assert pairs(waveforms, sample_rate) == [(2, 8)]


def test_company_and_order_do_not_matter_beyond_a_block(takes, rng):
    noises = [rng.normal(size=RATE + 50 * k).astype(np.float32) for k in range(100)]
    assert pairs([*noises, *takes, takes[5][2_000:]]) == [(105, 108)]


def test_a_part_of_a_long_recording_is_recognised(takes):
    session = np.concatenate(10 * takes[:4])  # a minute and more
    assert pairs([*takes[4:], session, takes[6][4_000:]]) == [(2, 5)]
    assert pairs([takes[4], session, takes[2]]) == [(1, 2)]


@pytest.mark.parametrize(
    "waveform",
    [np.zeros(1), np.zeros(40_000), np.ones(100), np.full(50_000, 0.5)],
    ids=["1", "0", "short", "dc"],
)
def test_what_is_no_speech_is_like_nothing(waveform, takes):
    waveform = waveform.astype(np.float32)
    described = fingerprint(waveform, RATE)
    assert described.dtype == np.float16
    assert np.isfinite(described).all()
    assert pairs([waveform, waveform, takes[0]]) == []


@given(n=st.integers(2, 10**7))
def test_sizes_are_few_and_large_enough(n):
    assert n <= _size(n) < 1.5 * n + 2


def test_energy_is_that_of_the_moments_between(rng):
    power = rng.random(10)
    energy = np.append(0, np.cumsum(power))
    for begin, end in [(0, 10), (2, 5), (-3, 4), (7, 20), (-5, -2), (12, 15)]:
        np.testing.assert_allclose(_between(energy, begin, end), power[max(begin, 0) : max(end, 0)].sum())
