"""What is said to somebody who gives CNNEmotionClassifier what it cannot take."""

from pathlib import Path

import numpy as np
import pytest

from sklearn_ser.exceptions import NetworkError


def test_early_stopping_says_what_is_missing_where_few_recordings_could_be_held_out(small, spoken):
    X, y, _ = spoken
    small.set_params(early_stopping=True, validation_fraction=0.1)
    few = np.r_[0:4, len(y) - 4 : len(y)]
    assert len(set(y[few])) == 2
    with pytest.raises(ValueError, match=r"validation_fraction=0.1 holds 1 of 8 out, with 2 emotions"):
        small.fit(X[few], y[few])


def test_recordings_in_place_of_frames_are_told_what_makes_frames_of_them(small):
    for paths in (["a.wav", "b.wav"], np.array(["a.wav", "b.wav"]), [Path("a.wav"), Path("b.wav")]):
        with pytest.raises(ValueError, match=r"holds the string or path 'a.wav'.*make_pipeline\(MFCC"):
            small.fit(paths, ["sad", "angry"])


def test_a_single_recording_without_its_first_axis_is_named_by_its_shape(small, spoken):
    X, y, _ = spoken
    fitted = small.set_params(epochs=1).fit(X, y)
    with pytest.raises(ValueError, match=r"fitted on recordings of shape .* got an X of shape \(16, \d+\)"):
        fitted.predict(X[0])


def test_speakers_are_as_many_as_recordings(small, spoken):
    X, y, groups = spoken
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        small.fit(X, y, groups=groups[:-1])


def test_an_unknown_initializer_is_named_with_its_parameter(small, spoken):
    X, y, _ = spoken
    with pytest.raises(NetworkError, match=r"kernel_initializer must be 'rai' or .* got 'he'"):
        small.set_params(kernel_initializer="he").fit(X, y)


def test_noise_is_one_deviation_at_most(small, spoken):
    X, y, _ = spoken
    with pytest.raises(ValueError, match=r"'noise' parameter .* range \[0.0, 1.0\]"):
        small.set_params(noise=3).fit(X, y)
