"""Which moments of a recording, and which bands, spoke for an emotion."""

import re

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.datasets import Recordings, make_emotional_speech
from sklearn_ser.exceptions import NetworkError
from sklearn_ser.features import CepstralNormalizer, LogMelTransformer, MFCCTransformer
from sklearn_ser.inspection import class_activation_map
from tests.classification.networks import (
    averaging_network,
    convolving_both_ways,
    convolving_network,
    masking_network,
)
from tests.inspection.classifiers import untrained


def logits_from_maps(classifier, X, bias):
    """Mean over recorded frames of each emotion's map, and its bias: shape (n_recordings, n_classes)."""
    maps = [class_activation_map(classifier, X, emotion=emotion).map for emotion in classifier.classes_]
    return np.stack([np.nanmean(one.reshape(len(X), -1), axis=1) for one in maps], axis=1) + bias


def assert_logits(logits, classifier, X):
    """Logits are known from probabilities but for a constant."""
    expected = np.log(classifier.predict_proba(X))
    centred = [values - values.mean(axis=1, keepdims=True) for values in (logits, expected)]
    np.testing.assert_allclose(*centred, atol=1e-4)


def test_the_mean_of_the_map_and_the_bias_are_the_logit(averaging, heard):
    X, _ = heard
    assert class_activation_map(averaging, X).method == "cam"
    bias = averaging.network_.get_layer("emotions").get_weights()[1]
    assert_logits(logits_from_maps(averaging, X, bias), averaging, X)


@pytest.mark.parametrize("network", [averaging_network, convolving_network, convolving_both_ways])
def test_so_it_is_in_a_network_of_ones_own_where_nothing_is_padding(network, heard):
    X, y = heard[0][1::2], heard[1][1::2]
    classifier = CNNEmotionClassifier(network=network, epochs=1, random_state=0).fit(X, y)
    assert class_activation_map(classifier, X).method == "cam"
    bias = classifier.network_.layers[-1].get_weights()[-1]
    assert_logits(logits_from_maps(classifier, X, bias), classifier, X)


def test_so_it_is_where_a_network_masks_padding_itself(heard):
    X, y = heard
    # Standardised padding is zero, which is what Masking looks for.
    classifier = CNNEmotionClassifier(network=masking_network, epochs=1, random_state=0).fit(X, y)
    bias = classifier.network_.layers[-1].get_weights()[-1]
    assert_logits(logits_from_maps(classifier, X, bias), classifier, X)


def test_the_moment_that_tells_the_emotion_stands_out(averaging, attentive, heard):
    X, y = heard
    for classifier in (averaging, attentive):
        assert classifier.score(X, y) > 0.9
        seen = class_activation_map(classifier, X, emotion=y)
        there = seen.map[:, 4:8].mean(axis=1)
        elsewhere = np.nanmean(np.delete(seen.map, np.arange(2, 10), axis=1), axis=1)
        assert (there > elsewhere + 0.1).mean() > 0.9


def test_a_gradient_weighted_map_is_not_negative(attentive, averaging, heard):
    X, _ = heard
    seen = class_activation_map(attentive, X)
    assert seen.method == "grad_cam"
    assert np.nanmin(seen.map) >= 0
    assert np.nanmin(class_activation_map(averaging, X).map) < 0


def test_padding_is_not_a_number_and_recorded_frames_are(attentive, heard):
    X, _ = heard
    is_padding = (X == 0).all(axis=2)
    np.testing.assert_array_equal(np.isnan(class_activation_map(attentive, X).map), is_padding)


def test_padding_has_no_say(attentive, averaging, heard):
    X, _ = heard
    other = X.copy()
    other[:, 20:] = 0  # whole pools of what was recorded, or of padding already
    for classifier in (attentive, averaging):
        first, second = (class_activation_map(classifier, one, emotion="sad").map for one in (X, other))
        np.testing.assert_allclose(first[::2], second[::2], rtol=1e-5)
        assert not np.allclose(first[1::2, :20], second[1::2, :20])


def test_a_recording_of_padding_alone_has_no_map(attentive, heard):
    seen = class_activation_map(attentive, np.zeros_like(heard[0][:2]))
    assert np.isnan(seen.map).all()
    assert np.isfinite(seen.probabilities).all()


def test_a_map_does_not_depend_on_company(attentive, heard):
    X, _ = heard
    alone = class_activation_map(attentive, X[40:41]).map
    np.testing.assert_array_equal(alone, class_activation_map(attentive, X).map[40:41])


def test_the_classifier_is_left_as_it_was(attentive, heard):
    X, _ = heard
    before, probabilities = attentive.network_.to_json(), attentive.predict_proba(X)
    n_nodes = [len(layer._inbound_nodes) for layer in attentive.network_.layers]
    class_activation_map(attentive, X)
    assert attentive.network_.to_json() == before
    assert [len(layer._inbound_nodes) for layer in attentive.network_.layers] == n_nodes
    np.testing.assert_array_equal(attentive.predict_proba(X), probabilities)


def test_the_predicted_emotion_is_explained_unless_another_is_asked_for(attentive, heard):
    X, y = heard
    seen = class_activation_map(attentive, X)
    np.testing.assert_array_equal(seen.emotion, attentive.predict(X))
    np.testing.assert_array_equal(seen.probabilities, attentive.predict_proba(X))
    of_each = class_activation_map(attentive, X, emotion=y[::-1])
    np.testing.assert_array_equal(of_each.emotion, y[::-1])
    of_all = class_activation_map(attentive, X, emotion="sad")
    np.testing.assert_array_equal(of_all.map[:16], of_each.map[:16])
    assert (of_all.emotion == "sad").all()


def test_an_emotion_that_nobody_knows_is_refused(attentive, heard):
    with pytest.raises(ValueError, match=r"emotion='bored' is none of .*\['angry', 'happy', 'sad'\]"):
        class_activation_map(attentive, heard[0], emotion="bored")
    with pytest.raises(ValueError, match=r"one for each of 48 recordings; got an array of shape \(2,\)"):
        class_activation_map(attentive, heard[0], emotion=["sad", "sad"])


def test_a_layer_is_taken_by_name(attentive, heard):
    X, _ = heard
    assert class_activation_map(attentive, X).layer == "block1_dropout"
    early = class_activation_map(attentive, X, layer="block1_activation")
    assert early.layer == "block1_activation"
    assert early.map.shape == (48, 24)
    with pytest.raises(NetworkError, match=r"layer='block9' gives no map .*'block1_activation'"):
        class_activation_map(attentive, X, layer="block9")


@pytest.mark.parametrize("architecture", ["deep_net", "sb_cnn"])
def test_a_map_over_frames_and_features_has_both_axes(architecture, heard):
    X, _ = heard
    seen = class_activation_map(untrained(*heard, architecture), X)
    assert seen.map.shape == X.shape
    np.testing.assert_array_equal(np.isnan(seen.map).all(axis=2), (X == 0).all(axis=2))
    np.testing.assert_array_equal(np.isnan(seen.map).any(axis=2), (X == 0).all(axis=2))


def test_a_map_over_frames_and_features_shows_both(heard):
    _, y = heard
    X = np.random.default_rng(1).normal(size=(48, 16, 12)).astype(np.float32)
    for k, emotion in enumerate(np.unique(y)):
        X[y == emotion, 4:8, 4 * k : 4 * k + 4] += 2 * (-1) ** k
    params = {"epochs": 20, "learning_rate": 0.03, "random_state": 0}
    classifier = CNNEmotionClassifier(network=convolving_both_ways, **params).fit(X, y)
    seen = class_activation_map(classifier, X, emotion=y)
    assert seen.map.shape == X.shape
    own = [seen.map[y == emotion, 4:8, 4 * k : 4 * k + 4] for k, emotion in enumerate(np.unique(y))]
    assert np.mean(own) > seen.map[:, 4:8].mean() > seen.map[:, 12:].mean()


def test_windows_are_explained_each_and_laid_over_each_other(averaging, heard):
    X, y = heard
    still = {"time_stretch": 0.0, "crop_frames": 12, "n_crops": 3}
    classifier = untrained(*heard, filters=8, n_blocks=1, head="gap", pooling=None, **still)
    classifier.network_.set_weights(averaging.network_.get_weights())
    seen = class_activation_map(classifier, X, emotion=y)
    np.testing.assert_array_equal(np.isnan(seen.map), (X == 0).all(axis=2))
    # The windows of 24 frames begin at 0, 6 and 12. A map of theirs ends where they do, and so does what the
    # convolution sees, so that the whole recording's map is theirs but for the edges.
    whole = class_activation_map(averaging, X, emotion=y).map
    away_from_edges = [3, 8, 9, 14, 15, 20]
    np.testing.assert_allclose(seen.map[1::2, away_from_edges], whole[1::2, away_from_edges], atol=1e-5)


def test_windows_as_long_as_recordings_change_nothing(heard):
    X, _ = heard
    whole, cropped = (untrained(*heard, filters=4, n_blocks=2, crop_frames=size) for size in (None, 24))
    maps = [class_activation_map(classifier, X).map for classifier in (whole, cropped)]
    np.testing.assert_array_equal(*maps)


def test_frames_that_no_window_shows_have_no_map(heard):
    X, _ = heard
    classifier = untrained(*heard, filters=4, n_blocks=1, crop_frames=8, n_crops=1)
    is_shown = np.isfinite(class_activation_map(classifier, X).map)
    assert (is_shown.sum(axis=1) == 8).all()
    assert is_shown[1, 8:16].all()  # the middle of 24 frames
    assert is_shown[0, 4:12].all()  # and of 16


def test_rows_have_a_map_over_their_features(heard):
    X, y = heard
    rows = pd.DataFrame(X.mean(axis=1), columns=["level", "pitch", "tempo", "timbre"])
    params = {"filters": 8, "n_blocks": 1, "kernel_size": 1, "pooling": None, "head": "gap", "epochs": 1}
    classifier = CNNEmotionClassifier(**params, random_state=0).fit(rows, y)
    seen = class_activation_map(classifier, rows)
    assert seen.map.shape == (48, 4)
    assert seen.times is None
    assert seen.feature_names.tolist() == ["level", "pitch", "tempo", "timbre"]
    bias = classifier.network_.get_layer("emotions").get_weights()[1]
    assert_logits(logits_from_maps(classifier, rows, bias), classifier, rows)


@pytest.fixture
def waveforms(rng):
    return [0.1 * rng.normal(size=n).astype(np.float32) for n in (8000, 5000, 9000)]


def pipeline_of(waveforms, transformer):
    """A pipeline that is fitted but for the training of its network."""
    steps = transformer, CepstralNormalizer()
    frames = make_pipeline(*steps).fit_transform(waveforms)
    return make_pipeline(*steps, untrained(frames, ["calm", "sad", "sad"], "deep_net")), frames


def test_a_pipeline_tells_seconds_and_hertz(waveforms):
    log_mel = LogMelTransformer(n_mels=20, n_fft=256, duration=0.6, trim_db=None)
    pipe, frames = pipeline_of(waveforms, log_mel)
    seen = class_activation_map(pipe, Recordings(waveforms, ["anna", "ben", "ben"]))
    assert seen.map.shape == (3, 31, 20)
    np.testing.assert_allclose(seen.times, np.arange(31) * 0.02)
    np.testing.assert_array_equal(seen.frequencies, log_mel.frequencies_)
    assert seen.feature_names[3] == "mel3"
    bare = class_activation_map(pipe[-1], frames)
    np.testing.assert_array_equal(bare.map, seen.map)
    assert bare.times is None
    assert bare.frequencies is None


def test_coefficients_have_names_and_no_hertz(waveforms):
    pipe, _ = pipeline_of(waveforms, MFCCTransformer(n_mfcc=8, n_mels=20, n_fft=256, duration=0.6))
    seen = class_activation_map(pipe, waveforms)
    assert seen.feature_names.tolist() == [f"mfcc{k}" for k in range(8)]
    assert seen.frequencies is None
    assert len(seen.times) == 31


def test_what_holds_no_such_classifier_is_refused(attentive, heard):
    X, y = heard
    search = GridSearchCV(attentive, {"epochs": [1]})
    search.best_estimator_ = attentive
    with pytest.raises(TypeError, match=r"(?s)got GridSearchCV\(.*Pass its best_estimator_\.") as raised:
        class_activation_map(search, X)
    assert "class_activation_map needs a fitted CNNEmotionClassifier" in str(raised.value)
    other = make_pipeline(LogisticRegression()).fit(X.mean(axis=1), y)
    with pytest.raises(TypeError, match=r"Pipeline that ends in one; got Pipeline"):
        class_activation_map(other, X.mean(axis=1))
    with pytest.raises(ValueError, match=r"was fitted on recordings of shape \(24, 4\)"):
        class_activation_map(attentive, X[:, :9])


def test_an_ensemble_is_refused_and_the_way_to_a_member_told(waveforms):
    log_mel = LogMelTransformer(n_mels=20, n_fft=256, duration=0.6)
    network = CNNEmotionClassifier(architecture="plain", filters=2, n_blocks=1, epochs=1, random_state=0)
    emotions = ["calm", "sad", "sad"]
    fitted = make_pipeline(log_mel, VotingClassifier([("one", network)], voting="soft"))
    fitted.fit(waveforms, emotions)
    way = "make_pipeline(*fitted[:-1], fitted[-1].estimators_[0])"
    with pytest.raises(TypeError, match=rf"Look into one member: pass {re.escape(way)}, whose emotions are"):
        class_activation_map(fitted, waveforms)
    member = make_pipeline(*fitted[:-1], fitted[-1].estimators_[0])
    seen = class_activation_map(member, waveforms)
    np.testing.assert_array_equal(fitted.classes_[seen.emotion], fitted.predict(waveforms))
    assert seen.map.shape == (3, len(seen.times))
    short = np.stack([waveform[:5000] for waveform in waveforms])
    vote = VotingClassifier([("one", make_pipeline(log_mel, network))]).fit(short, emotions)
    with pytest.raises(TypeError, match=r"pass fitted\.estimators_\[0\], whose emotions are their numbers"):
        class_activation_map(vote, waveforms)


def test_bands_that_the_default_network_makes_of_mfcc_lie_where_log_mel_has_them():
    speech = {"n_speakers": 1, "n_repetitions": 1, "n_intensities": 1, "emotions": ["angry", "sad"]}
    X, y = make_emotional_speech(**speech, return_X_y=True, random_state=0)
    log_mel = LogMelTransformer().fit(X)
    model = make_pipeline(MFCCTransformer(), CNNEmotionClassifier(filters=2, epochs=1, random_state=0))
    seen = class_activation_map(model.fit(X, y), X, layer="block2_pool")
    assert seen.map.shape == (len(X), 226, 64)
    np.testing.assert_allclose(seen.frequencies, log_mel.frequencies_)
    assert seen.feature_names is None
    fewer = model.set_params(mfcctransformer__n_mfcc=32).fit(X, y)
    of_fewer = class_activation_map(fewer, X, layer="block2_pool").frequencies
    np.testing.assert_allclose(of_fewer, (log_mel.frequencies_[::2] + log_mel.frequencies_[1::2]) / 2)
    assert class_activation_map(fewer, X).map.shape == (len(X), 226)
