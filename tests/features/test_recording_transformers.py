"""What holds for every transformer that takes recordings."""

import inspect
import pickle
import re

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import RecordingError, SerWarning
from sklearn_ser.features import (
    FunctionalsTransformer,
    LogMelTransformer,
    MFCCTransformer,
    STFTTransformer,
)

from .transformers import RECORDING_TRANSFORMERS

each_transformer = pytest.mark.parametrize("transformer", RECORDING_TRANSFORMERS)
SHARED = ("sample_rate", "hop_length", "center", "pad_mode", "trim_db", "duration", "crop", "pad", "summary",
          "memory", "n_jobs", "verbose")  # fmt: skip


@pytest.fixture
def waveforms(rng):
    return [(0.1 * rng.normal(size=n)).astype(np.float32) for n in (16_000, 23_456, 40_001, 8_000)]


def parameter_docs(transformer):
    """The text of each parameter in the docstring."""
    section = inspect.getdoc(transformer).split("Parameters\n----------\n")[1].split("\n\nAttributes")[0]
    entries = re.split(r"\n(?=\w+ : )", section)
    return {entry.split(" : ")[0]: entry for entry in entries}


@each_transformer
def test_the_family_names_explains_and_defaults_what_it_shares_alike(transformer):
    signature, of_mfcc = (
        inspect.signature(transformer).parameters,
        inspect.signature(MFCCTransformer),
    )
    for name in SHARED:
        assert signature[name].default == of_mfcc.parameters[name].default
    docs, docs_of_mfcc = parameter_docs(transformer), parameter_docs(MFCCTransformer)
    for name in set(SHARED) - {"center"}:  # whose padding depends on the length of a frame
        assert docs[name] == docs_of_mfcc[name]


@each_transformer
def test_frames_have_three_axes_and_rows_have_named_columns(waveforms, transformer):
    frames = transformer().fit_transform(waveforms)
    assert frames.dtype == np.float32
    assert frames.shape[:2] == (4, 226)
    rows = transformer(summary=("mean", "p95")).set_output(transform="pandas").fit_transform(waveforms)
    assert rows.shape == (4, 2 * frames.shape[2])
    assert list(rows.columns) == list(transformer(summary=("mean", "p95")).get_feature_names_out())
    recorded = frames[0][frames[0].any(axis=1)]
    np.testing.assert_allclose(rows.iloc[0][: frames.shape[2]], recorded.mean(axis=0), rtol=1e-4, atol=1e-4)


@each_transformer
@pytest.mark.parametrize("n_jobs", [None, 2])
def test_order_and_company_of_recordings_do_not_matter(waveforms, transformer, n_jobs):
    together = transformer(n_jobs=n_jobs).transform(waveforms)
    np.testing.assert_array_equal(transformer(n_jobs=n_jobs).transform(waveforms[::-1]), together[::-1])
    np.testing.assert_array_equal(transformer().transform(waveforms[2:3])[0], together[2])


@each_transformer
def test_a_file_and_its_waveform_give_the_same_frames(waveforms, transformer, tmp_path):
    soundfile.write(tmp_path / "0.wav", waveforms[0], 16_000, subtype="FLOAT")
    np.testing.assert_array_equal(
        transformer().transform([tmp_path / "0.wav"]), transformer().transform(waveforms[:1])
    )


@each_transformer
@settings(max_examples=20, deadline=None)
@given(st.integers(1, 3000), st.sampled_from([0.0, 0.5, 1e-6]), st.booleans())
def test_silence_and_the_shortest_recordings_give_finite_values(transformer, n_samples, level, trims):
    trim_db = 30.0 if trims else None
    frames = transformer(trim_db=trim_db).transform([np.full(n_samples, level, np.float32)])
    assert np.isfinite(frames).all()
    rows = transformer(trim_db=trim_db, summary=("mean", "std", "slope", "p50")).transform(
        [np.full(n_samples, level, np.float32)]
    )
    assert np.isfinite(rows).all()


@each_transformer
@pytest.mark.parametrize("params", [{"center": False}, {"pad_mode": "reflect"}, {"pad_mode": "symmetric"}])
def test_a_recording_too_short_for_the_definition_is_refused_by_its_position(waveforms, transformer, params):
    message = r"Recording 1 is too short for frames of 512 samples with .* it has 100 samples"
    with pytest.raises(RecordingError, match=message):
        transformer(trim_db=None, **params).transform([waveforms[0], waveforms[0][:100]])


@each_transformer
def test_speakers_travel_with_their_recordings(waveforms, transformer):
    X = Recordings(waveforms, ["anna", "anna", "ben", "ben"])
    frames = transformer().fit_transform(X)
    assert frames.speakers.tolist() == ["anna", "anna", "ben", "ben"]
    np.testing.assert_array_equal(frames, transformer().transform(waveforms))


@each_transformer
def test_waveforms_of_double_precision_are_not_copied_as_a_whole_and_give_the_same(waveforms, transformer):
    doubles = [waveform.astype(float) for waveform in waveforms]
    np.testing.assert_array_equal(transformer().transform(doubles), transformer().transform(waveforms))
    table = np.stack([waveform[:8000] for waveform in doubles])
    np.testing.assert_array_equal(
        transformer().fit_transform(pd.DataFrame(table).add_prefix("t")),
        transformer().transform([waveform[:8000] for waveform in waveforms]),
    )


@each_transformer
def test_a_long_recording_equals_its_parts(rng, transformer):
    # Longer than what is transformed at once: no seam shows.
    waveform = (0.1 * rng.normal(size=320 * 1000)).astype(np.float32)
    params = {"trim_db": None, "duration": None, "center": False}
    if "top_db" in inspect.signature(transformer).parameters:
        params["top_db"] = None
    whole = transformer(**params).transform([waveform])[0]
    part = transformer(**params).transform([waveform[320 * 300 : 320 * 500]])[0]
    np.testing.assert_allclose(whole[300 : 300 + len(part)], part, rtol=1e-5, atol=1e-4)


@each_transformer
@pytest.mark.parametrize("parameter", SHARED)
def test_a_value_of_another_kind_is_refused_by_the_parameters_name(waveforms, transformer, parameter):
    with pytest.raises(ValueError, match=f"'{parameter}' parameter of {transformer.__name__}"):
        transformer(**{parameter: object()}).fit(waveforms)


@each_transformer
def test_a_clone_and_a_pickled_copy_give_the_same_frames(waveforms, transformer, tmp_path):
    fitted = transformer(memory=tmp_path / "memory").fit(waveforms)
    frames = fitted.transform(waveforms)
    np.testing.assert_array_equal(clone(fitted).transform(waveforms), frames)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).transform(waveforms), frames)


@each_transformer
@pytest.mark.parametrize("center", [True, False])
def test_the_times_of_frames_are_those_of_a_click(transformer, center):
    waveform = np.full(16_000, 1e-4, np.float32)
    waveform[8000] = 0.9  # at 0.5 s
    made = transformer(trim_db=None, duration=None, center=center)
    frames = made.transform([waveform])[0]
    loud = np.abs(frames - frames[0]).max(axis=1) > 1e-3 * np.abs(frames).max()
    assert made.frame_times(len(frames))[loud].mean() == pytest.approx(0.5, abs=0.012)


def test_without_a_duration_recordings_of_unequal_length_are_named(waveforms):
    message = "Without a duration, .* recording 0 has 51 frames and recording 1 has 74"
    with pytest.raises(RecordingError, match=message):
        STFTTransformer(duration=None, trim_db=None).transform(waveforms)


@each_transformer
@pytest.mark.parametrize("duration", [0.001, 0.025])
def test_a_duration_of_less_than_a_frame_is_refused_in_fit(waveforms, transformer, duration):
    with pytest.raises(ValueError, match=rf"duration={duration} s is \d+ samples, too few for frames of 512"):
        transformer(center=False, duration=duration, crop="center").fit(waveforms)


@each_transformer
def test_frames_of_zeros_are_padding_to_a_summary_wherever_they_come_from(rng, transformer):
    waveform = (0.1 * rng.normal(size=16_000)).astype(np.float32)
    waveform[4000:9000] = 0
    functionals = ("mean", "std", "slope", "p10")
    frames = transformer().transform([waveform])
    np.testing.assert_array_equal(
        transformer(summary=functionals).transform([waveform]),
        FunctionalsTransformer(functionals).fit_transform(frames),
    )


@pytest.mark.parametrize("window", ["nonsense", ("kaiser",), ("hann", "hann", 3)])
def test_a_window_that_there_is_not_is_refused_in_fit(waveforms, window):
    with pytest.raises(ValueError, match=r"window=.* is none that scipy.signal.get_window knows"):
        STFTTransformer(window=window).fit(waveforms)


def test_a_window_may_have_a_list_among_its_parameters(waveforms):
    np.testing.assert_allclose(
        STFTTransformer(window=("general_cosine", [0.5, 0.5])).transform(waveforms),
        STFTTransformer(window="hann").transform(waveforms),
        atol=1e-5,
    )


def test_a_table_of_pcm_samples_is_refused_in_a_data_frame_too():
    table = pd.DataFrame(np.ones((2, 600), np.int16)).add_prefix("t")
    with pytest.raises(RecordingError, match=r"X holds int16 samples.*divide by 32768"):
        MFCCTransformer().fit(table)


def test_a_warning_points_at_the_line_that_called(waveforms):
    calls = (
        LogMelTransformer(n_mels=256).fit,
        LogMelTransformer(n_mels=256).fit_transform,
        make_pipeline(LogMelTransformer(n_mels=256), FunctionalsTransformer()).fit,
        make_pipeline(MFCCTransformer(duration=0.5), FunctionalsTransformer()).fit_transform,
    )
    for call in calls:
        with pytest.warns(SerWarning, match=r"mel filters lie between|are longer than duration") as caught:
            call(waveforms)
        assert {warning.filename for warning in caught} == {__file__}


def test_the_message_of_empty_filters_counts_them(waveforms):
    with pytest.warns(SerWarning, match=r"^\d+ of 256 mel filters lie between the frequencies of n_fft=512"):
        LogMelTransformer(n_mels=256).fit(waveforms)
