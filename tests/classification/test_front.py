"""Features are told apart by what neighbours have in common."""

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._front import find_feature_axis, learn_front, to_bands
from sklearn_ser.datasets import make_emotional_speech
from sklearn_ser.features import LogMelTransformer, MFCCTransformer


@pytest.fixture(scope="module")
def speech():
    corpus = make_emotional_speech(n_speakers=2, random_state=0)
    return corpus.data[::6], corpus.target[::6]


def recorded(X):
    return X[(X != 0).any(axis=2)]


@pytest.mark.parametrize("n_mfcc", [13, 20, 40, 64])
def test_mfcc_of_speech_are_cepstra(speech, n_mfcc):
    mfcc = MFCCTransformer(n_mfcc=n_mfcc, verbose=0).fit_transform(speech[0])
    assert find_feature_axis(recorded(mfcc)) == "cepstrum"


@pytest.mark.parametrize("n_mels", [24, 40, 64, 128])
def test_log_mel_bands_of_speech_are_a_spectrum(speech, n_mels):
    bands = LogMelTransformer(n_mels=n_mels, n_fft=1024, verbose=0).fit_transform(speech[0])
    assert find_feature_axis(recorded(bands)) == "spectrum"


@pytest.mark.parametrize("n_features", [1, 2, 5, 40])
def test_features_that_have_nothing_in_common_are_unordered(rng, n_features):
    assert find_feature_axis(rng.normal(size=(500, n_features))) == "unordered"
    assert find_feature_axis(np.zeros((500, n_features))) == "unordered"
    assert find_feature_axis(np.ones((1, n_features))) == "unordered"


def test_all_cepstra_hold_the_bands_that_log_mel_gives(speech):
    options = {"n_mels": 64, "verbose": 0}
    bands = recorded(LogMelTransformer(**options).fit_transform(speech[0][:4]))
    cepstra = recorded(MFCCTransformer(n_mfcc=64, **options).fit_transform(speech[0][:4]))
    np.testing.assert_allclose(to_bands(cepstra, "cepstrum"), bands, atol=1e-3)


def test_statistics_are_those_of_recorded_bands_with_weight(speech):
    cepstra = MFCCTransformer(n_mfcc=64, verbose=0).fit_transform(speech[0][:4])
    front = learn_front(cepstra, np.array([1, 1, 0, 2]), "cepstrum")
    bands = to_bands(recorded(cepstra[[0, 1, 3]]), "cepstrum")
    np.testing.assert_allclose(front.mean, bands.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(front.variance, bands.var(axis=0), rtol=1e-3)
    assert front.floor == pytest.approx(bands.min(), abs=1e-3)


def test_what_is_found_is_told_and_what_is_said_is_heeded(speech):
    X, y = speech
    classifier = CNNEmotionClassifier(filters=2, epochs=1, n_networks=1, random_state=0)
    pipe = make_pipeline(MFCCTransformer(n_mfcc=20, verbose=0), classifier).fit(X, y)
    assert pipe[-1].feature_axis_ == "cepstrum"
    assert any(layer.name == "bands" for layer in pipe[-1].network_.layers)
    pipe.set_params(cnnemotionclassifier__feature_axis="unordered").fit(X, y)
    assert pipe[-1].feature_axis_ == "unordered"
    assert not any("Conv2D" in type(layer).__name__ for layer in pipe[-1].network_.layers)
