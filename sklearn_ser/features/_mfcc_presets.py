"""Parameters with which MFCCTransformer computes what other tools compute."""

# What no other tool does: parts cut off, and noise added.
_AS_DEFINED = {"trim_db": None, "noise_floor": None}
_FRAMES_OF_25_MS = {
    "sample_rate": 16_000,
    "n_mfcc": 13,
    "n_fft": 512,
    "win_length": 400,
    "hop_length": 160,
    "window_align": "start",
    "center": False,
    "preemphasis": 0.97,
    "htk": True,
    "mel_norm": None,
    "lifter": 22,
    "lifter_start": 0,
    "log": "neper",
    "top_db": None,
    **_AS_DEFINED,
}

#: Parameters of ``MFCCTransformer`` by the name of the tool whose coefficients they give.
#:
#: ``"librosa"``
#:     The defaults of ``librosa.feature.mfcc`` (McFee et al. 2015, doi:10.25080/Majora-7b98e3ed-003).
#: ``"htk"``
#:     The recipe of the HTK Book and of the tutorial at practicalcryptography.com, as ``mfcc`` of
#:     python_speech_features computes it for 16-bit samples at 16 kHz: frames of 25 ms every 10 ms,
#:     pre-emphasis 0.97, a transform of 512 samples, 26 triangles whose corners are rounded down to its
#:     frequencies, 13 coefficients, lifter 22, and the log energy in place of the first.
#: ``"kaldi"``
#:     The defaults of Kaldi's ``compute-mfcc-feats`` (Povey et al. 2011) without dither, for 16-bit samples
#:     at 16 kHz: frames as above, means removed, the Povey window, 23 triangles on the mel axis from 20 Hz,
#:     13 coefficients, lifter 22, and the log energy of the raw frame in place of the first.
#:
#: None of the tools trims; ``duration`` is left as it is, and shorter recordings are followed by zeros.
MFCC_PRESETS = {
    "librosa": {
        "sample_rate": 22_050,
        "n_mfcc": 20,
        "n_fft": 2048,
        "hop_length": 512,
        "n_mels": 128,
        **_AS_DEFINED,
    },
    "htk": {
        **_FRAMES_OF_25_MS,
        "window": "boxcar",
        "tail": "pad",
        "full_scale": 32_768 / 512**0.5,  # 16-bit samples; power is divided by n_fft
        "n_mels": 26,
        "mel_shape": "bins",
        "energy": "spectrum",
        "amin": 2.0**-52,
    },
    "kaldi": {
        **_FRAMES_OF_25_MS,
        "window": "povey",
        "full_scale": 32_768,
        "remove_dc": True,
        "preemphasis_within": "frame",
        "n_mels": 23,
        "fmin": 20,
        "mel_shape": "mel",
        "energy": "frame",
        "amin": 2.0**-23,
    },
}
