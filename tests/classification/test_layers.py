import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_ser.classification._layers import BatchNormalisation, ShortenedMarks


@pytest.mark.parametrize("shape", [(6, 11, 4), (6, 11, 3, 4), (6, 11, 1)])
def test_batch_normalisation_is_that_of_keras_without_the_padding(shape):
    rng = np.random.default_rng(0)
    maps = rng.normal(2, 3, size=shape).astype(np.float32)
    recorded = np.zeros((*shape[:2], *([1] * (len(shape) - 2))), np.float32)
    for one, n_frames in zip(recorded, (11, 4, 7, 1, 9, 2), strict=True):
        one[:n_frames] = 1
    heard = maps[recorded[(..., *([0] * (len(shape) - 2)))] == 1]  # all of it as one long recording
    ours, keras_own = BatchNormalisation(), keras.layers.BatchNormalization(momentum=0.9)
    for _ in range(3):
        given = keras.ops.convert_to_numpy(ours([maps, recorded], training=True))
        expected = keras.ops.convert_to_numpy(keras_own(heard[np.newaxis], training=True))
    np.testing.assert_allclose(given[recorded[(..., *([0] * (len(shape) - 2)))] == 1], expected[0], atol=1e-5)
    for mine, theirs in zip(ours.get_weights(), keras_own.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5)
    given = keras.ops.convert_to_numpy(ours([maps, recorded], training=False))
    np.testing.assert_allclose(given, keras.ops.convert_to_numpy(keras_own(maps, training=False)), atol=1e-5)


def test_a_batch_of_padding_alone_is_normalised_to_numbers():
    maps, recorded = np.zeros((2, 5, 3), np.float32), np.zeros((2, 5, 1), np.float32)
    assert np.isfinite(
        keras.ops.convert_to_numpy(BatchNormalisation()([maps, recorded], training=True))
    ).all()


@given(st.lists(st.booleans(), min_size=1, max_size=20), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_marks_are_kept_where_any_of_the_merged_frames_was_recorded(marks, step):
    recorded = np.array(marks, np.float32)[np.newaxis, :, np.newaxis]
    expected = [any(marks[start : start + step]) for start in range(0, len(marks), step)]
    shortened = keras.ops.convert_to_numpy(ShortenedMarks(step)(recorded))
    np.testing.assert_array_equal(shortened[0, :, 0], expected)
