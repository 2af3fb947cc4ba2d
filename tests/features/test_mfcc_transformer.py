"""What a user sees of MFCCTransformer."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_ser.exceptions import CroppedRecordingWarning, RecordingError, SerWarning
from sklearn_ser.features import MFCCTransformer


@pytest.fixture
def waveforms(rng):
    return [(0.1 * rng.normal(size=n)).astype(np.float32) for n in (16_000, 23_456, 40_001, 8_000)]


@pytest.fixture
def files(waveforms, tmp_path):
    paths = [tmp_path / f"{k}.wav" for k in range(len(waveforms))]
    for path, waveform in zip(paths, waveforms, strict=True):
        soundfile.write(path, waveform, 16_000, subtype="FLOAT")
    return paths


def test_recordings_of_unequal_length_just_work(waveforms):
    frames = MFCCTransformer().fit_transform(waveforms)
    assert frames.shape == (4, 226, 64)
    assert frames.dtype == np.float32


def test_a_file_and_its_waveform_give_the_same_frames(waveforms, files):
    expected = MFCCTransformer().transform(waveforms)
    for X in (files, [str(path) for path in files], np.array([str(path) for path in files], dtype=object),
              np.array([str(path) for path in files]), pd.Series([str(path) for path in files])):  # fmt: skip
        np.testing.assert_array_equal(MFCCTransformer().fit_transform(X), expected)


def test_rows_of_an_array_are_waveforms(waveforms):
    rows = np.stack([waveform[:8000] for waveform in waveforms])
    expected = MFCCTransformer().transform(list(rows))
    np.testing.assert_array_equal(MFCCTransformer().fit_transform(rows), expected)
    np.testing.assert_array_equal(
        MFCCTransformer().fit_transform(pd.DataFrame(rows).add_prefix("t")), expected
    )


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_order_and_company_of_recordings_do_not_matter(waveforms, n_jobs):
    transformer = MFCCTransformer(n_jobs=n_jobs)
    together = transformer.transform(waveforms)
    np.testing.assert_array_equal(transformer.transform(waveforms[::-1]), together[::-1])
    np.testing.assert_array_equal(transformer.transform(waveforms[2:3])[0], together[2])


def test_channels_are_averaged(waveforms, tmp_path):
    left = waveforms[0]
    right = np.roll(left, 100)
    soundfile.write(tmp_path / "stereo.wav", np.stack([left, right], axis=1), 16_000, subtype="FLOAT")
    np.testing.assert_array_equal(
        MFCCTransformer().transform([tmp_path / "stereo.wav"]),
        MFCCTransformer().transform([np.stack([left, right], axis=1).mean(axis=1)]),
    )


def test_files_are_resampled_as_librosa_resamples_them(rng, tmp_path):
    import librosa

    path = tmp_path / "48k.wav"
    waveform = (0.1 * rng.normal(size=48_000)).astype(np.float32)
    soundfile.write(path, waveform, 48_000, subtype="FLOAT")
    resampled = librosa.resample(waveform, orig_sr=48_000, target_sr=16_000)
    np.testing.assert_allclose(
        MFCCTransformer().transform([path]), MFCCTransformer().transform([resampled]), atol=1e-4
    )


def test_padding_is_exactly_zero_and_nothing_else_is(waveforms):
    frames = MFCCTransformer(trim_db=None).transform(waveforms)
    for waveform, recording in zip(waveforms, frames, strict=True):
        n_frames = 1 + len(waveform) // 320
        assert recording[:n_frames].any(axis=1).all()
        assert not recording[n_frames:].any()


def test_repeating_pads_with_the_recording_itself(waveforms):
    frames = MFCCTransformer(trim_db=None, pad="repeat").transform(waveforms[:1])[0]
    np.testing.assert_array_equal(frames[51:102], frames[:51])


@pytest.mark.parametrize(
    ("crop", "kept"),
    [("start", slice(16_000)), ("end", slice(-16_000, None)), ("center", slice(12_000, 28_000))],
)
def test_a_longer_recording_keeps_the_part_that_crop_names(waveforms, crop, kept):
    options = {"duration": 1.0, "trim_db": None}
    np.testing.assert_array_equal(
        MFCCTransformer(crop=crop, **options).transform([waveforms[2]]),
        MFCCTransformer(**options).transform([waveforms[2][kept]]),
    )


def test_cropping_by_default_warns_with_the_number_and_the_longest(waveforms):
    message = r"2 of 4 recordings are longer than duration=1 s.*longest, recording 2, has 2.50 s"
    with pytest.warns(CroppedRecordingWarning, match=message):
        MFCCTransformer(duration=1.0, trim_db=None).transform(waveforms)


def test_cropping_can_be_refused(waveforms):
    with pytest.raises(RecordingError, match=r"Recording 1 must last 1.00 s at most .* it lasts 1.47 s"):
        MFCCTransformer(duration=1.0, trim_db=None, crop="raise").transform(waveforms)


def test_without_a_duration_a_single_length_is_needed(waveforms):
    assert MFCCTransformer(duration=None, trim_db=None).transform(waveforms[:1]).shape == (1, 51, 64)
    with pytest.raises(RecordingError, match="Without a duration, recordings must have equal lengths"):
        MFCCTransformer(duration=None, trim_db=None).transform(waveforms)


def test_a_summary_counts_no_padding(waveforms):
    rows = MFCCTransformer(summary=("mean", "std", "min", "max", "median")).transform(waveforms)
    frames = MFCCTransformer().transform(waveforms)
    for row, padded in zip(rows, frames, strict=True):
        recorded = padded[padded.any(axis=1)]
        expected = [
            recorded.mean(0),
            recorded.std(0),
            recorded.min(0),
            recorded.max(0),
            np.median(recorded, 0),
        ]
        np.testing.assert_allclose(row, np.concatenate(expected), rtol=1e-5, atol=1e-5)


def test_columns_of_a_summary_have_names_and_come_as_pandas(waveforms):
    transformer = MFCCTransformer(n_mfcc=2, delta=1, summary=("mean", "std")).set_output(transform="pandas")
    names = [f"mfcc{k}{order}_{s}" for s in ("mean", "std") for order in ("", "_delta") for k in (0, 1)]
    assert list(transformer.fit_transform(waveforms).columns) == names


def test_frames_have_no_column_names_and_say_so():
    with pytest.raises(AttributeError, match="no attribute 'get_feature_names_out'") as raised:
        MFCCTransformer().get_feature_names_out()
    assert "summary=('mean', 'std')" in str(raised.value.__cause__)


@pytest.mark.parametrize("power", [1.0, 2.0, 3.0])
def test_the_noise_floor_is_what_white_noise_gives_on_average(rng, power):
    # The same level as noise in the waveform and as a floor: logarithms of their averages agree.
    silence = np.zeros(320_000, dtype=np.float32)
    noise = (10 ** (-40 / 20) * rng.normal(size=320_000)).astype(np.float32)
    options = {"trim_db": None, "duration": None, "n_mfcc": 64, "top_db": None, "power": power}
    floor = MFCCTransformer(noise_floor=-40.0, **options).transform([silence])[0]
    with_noise = MFCCTransformer(noise_floor=None, amin=1e-37, **options).transform([noise])[0]
    from scipy.fft import idct

    def mel_power(coefficients):
        return (10 ** (idct(coefficients, norm="ortho", axis=1) / 10)).mean(axis=0)

    # A thousand frames tell the third moment of a single bin to 5 %; four times that, and some.
    inner = slice(2, -2)  # frames that reach beyond the ends hold less noise
    np.testing.assert_allclose(mel_power(floor[inner]), mel_power(with_noise[inner]), rtol=0.25)


@pytest.mark.parametrize("n_samples", [1, 2, 100, 511])
@pytest.mark.parametrize("noise_floor", [None, -60.0])
def test_silence_and_the_shortest_recordings_give_finite_values(n_samples, noise_floor):
    for waveform in (np.zeros(n_samples), np.full(n_samples, 0.5)):
        frames = MFCCTransformer(noise_floor=noise_floor, delta=2).transform([waveform])
        assert np.isfinite(frames).all()


@pytest.mark.parametrize("params", [{"center": False}, {"pad_mode": "reflect"}, {"pad_mode": "symmetric"}])
def test_a_recording_too_short_for_the_definition_is_refused_by_its_position(waveforms, params):
    with pytest.raises(
        RecordingError, match=r"Recording 1 is too short for frames of 512 samples with .* it has 100 samples"
    ):
        MFCCTransformer(trim_db=None, **params).transform([waveforms[0], waveforms[0][:100]])


@pytest.mark.parametrize(
    ("recording", "message"),
    [
        (
            np.zeros((2, 3)),
            r"recording 1 must be a path or a non-empty 1-D waveform; got an array of shape \(2, 3\)",
        ),
        (
            np.zeros(0),
            r"recording 1 must be a path or a non-empty 1-D waveform; got an array of shape \(0,\)",
        ),
        (np.array([0.0, np.nan]), "recording 1 holds NaN, infinity or more"),
        (
            np.zeros(9, dtype=np.int32),
            "recording 1 is no waveform: it holds int32 samples.*divide by 2147483648",
        ),
        (np.zeros(9, dtype=np.int16), "recording 1 is no waveform: it holds int16 samples.*divide by 32768"),
        ("speech.wav", "recording 1 is the path 'speech.wav' among waveforms"),
        (np.array(["a", "b"]), "recording 1 must be a path or a non-empty 1-D waveform"),
    ],
)
def test_what_is_no_waveform_is_refused_by_its_position(waveforms, recording, message):
    with pytest.raises(RecordingError, match=message):
        MFCCTransformer().fit([waveforms[0], recording])


def test_missing_files_are_all_counted_before_any_is_decoded(files):
    missing = [Path("gone0.wav"), *files, *[Path(f"gone{k}.wav") for k in range(1, 5)]]
    message = r"5 of 9 recordings cannot be used: recording 0 is not a file: 'gone0.wav'; .*; and 2 more"
    with pytest.raises(RecordingError, match=message):
        MFCCTransformer().fit(missing)


@pytest.mark.parametrize("content", [b"", b"no audio at all"])
def test_a_file_that_is_no_audio_is_named(files, content):
    files[2].write_bytes(content)
    with pytest.raises(RecordingError, match=r"Recording 2: '.*2.wav' cannot be decoded"):
        MFCCTransformer().transform(files)


def test_a_single_path_is_not_taken_for_many_recordings(files):
    with pytest.raises(RecordingError, match="must be a list or an array of recordings; got the single path"):
        MFCCTransformer().fit(str(files[0]))


def test_a_table_of_pcm_samples_is_refused():
    with pytest.raises(RecordingError, match=r"X holds int16 samples.*divide by 32768"):
        MFCCTransformer().fit(np.zeros((2, 100), dtype=np.int16))


@pytest.mark.parametrize("X", [[], np.array([], dtype=object)])
def test_no_recording_at_all_is_refused(X):
    with pytest.raises(ValueError, match="needs at least 1 recording; got none"):
        MFCCTransformer().fit(X)


def test_a_table_or_a_generator_of_paths_is_refused_in_words(files):
    paths = [str(path) for path in files]
    with pytest.raises(RecordingError, match="Give its column of paths alone"):
        MFCCTransformer().fit(pd.DataFrame({"file": paths}))
    with pytest.raises(RecordingError, match="must be a list or an array of recordings; got a generator"):
        MFCCTransformer().fit(path for path in paths)
    with pytest.raises(RecordingError, match="1 of 4 recordings cannot be used: recording 1 is no path: nan"):
        MFCCTransformer().fit(pd.Series([paths[0], np.nan, *paths[2:]], dtype=object))


@pytest.mark.parametrize("loud", [1e25, 1e300])
def test_a_waveform_beyond_all_measure_is_refused_by_its_position(waveforms, loud):
    with pytest.raises(RecordingError, match=r"(R|r)ecording 1 .*float32"):
        MFCCTransformer().transform([waveforms[0], loud * waveforms[1].astype(float)])


def test_a_file_of_less_than_a_sample_is_refused(tmp_path):
    soundfile.write(tmp_path / "click.wav", [0.5], 48_000)
    with pytest.raises(RecordingError, match=r"click.wav' is shorter than one sample at 16000 Hz"):
        MFCCTransformer().transform([tmp_path / "click.wav"])


def test_a_wav_file_that_was_cut_short_is_refused(files):
    whole = files[1].read_bytes()
    files[1].write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RecordingError, match=r"Recording 1: '.*1.wav' is cut short"):
        MFCCTransformer().transform(files)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"win_length": 600}, "win_length=600 exceeds n_fft=512"),
        ({"n_mfcc": 65}, "n_mfcc=65 exceeds n_mels=64"),
        ({"fmax": 9000.0}, "fmax=9000.0 exceeds half of sample_rate=16000"),
        ({"fmin": 8000.0}, "fmin=8000.0 is not below fmax=8000.0"),
        ({"summary": ("mean", "mode")}, r"summary must name some of .*; got \('mean', 'mode'\)"),
        ({"summary": ()}, r"summary must name some of .*; got \(\)"),
        ({"n_fft": 0}, "'n_fft' parameter of MFCCTransformer must be an int"),
    ],
)
def test_parameters_that_cannot_work_are_named_in_fit(waveforms, params, message):
    with pytest.raises(ValueError, match=message):
        MFCCTransformer(**params).fit(waveforms)


def test_empty_mel_filters_are_told(waveforms):
    with pytest.warns(SerWarning, match="of 256 mel filters lie between the frequencies of n_fft=512"):
        MFCCTransformer(n_mels=256).fit(waveforms)


def test_a_pickled_transformer_gives_the_same_frames(waveforms):
    transformer = MFCCTransformer(window=("kaiser", 5.0)).fit(waveforms)
    copy = pickle.loads(pickle.dumps(transformer))
    np.testing.assert_array_equal(copy.transform(waveforms), transformer.transform(waveforms))


def test_a_search_in_processes_takes_paths(files):
    pipeline = make_pipeline(MFCCTransformer(summary=("mean",)), StandardScaler(), LogisticRegression())
    search = GridSearchCV(pipeline, {"mfcctransformer__n_mfcc": [5, 13]}, cv=GroupKFold(2), n_jobs=2)
    paths = np.array([str(path) for path in files], dtype=object)
    search.fit(paths, ["sad", "happy", "sad", "happy"], groups=[0, 0, 1, 1])
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
