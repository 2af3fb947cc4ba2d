"""Time MFCCTransformer beside what else computes MFCC, and beside the least that any of them has to do.

Run on a folder of 16 kHz recordings, on an otherwise idle machine::

    python tests/benchmarks/bench_features.py path/to/ravdess

All sides of a table run in turn, after a turn that is not counted; the table has the median of the turns in
milliseconds a recording and how many times as long as MFCCTransformer each side takes. ``floor`` decodes,
resamples and takes one Fourier transform a frame, and nothing else. The 48 kHz files are WAV copies that the
script makes. Compute what python_speech_features, kaldi_native_fbank and torchaudio compute if they are
installed.
"""

import argparse
import importlib.util
import tempfile
import time
from pathlib import Path

import librosa
import numpy as np
import scipy.fft
import soundfile
import soxr
from numpy.lib.stride_tricks import sliding_window_view

from sklearn_ser import MFCC_PRESETS, MFCCTransformer

SAMPLE_RATE = 16_000
OURS = {"trim_db": None, "noise_floor": None, "duration": 6.0, "verbose": 0}
SETTINGS = {
    "every 20 ms, 64 filters, 40 coefficients": {"hop_length": 320, "n_mels": 64, "n_mfcc": 40},
    "every 10 ms, 40 filters, 13 coefficients": {"hop_length": 160, "n_mels": 40, "n_mfcc": 13},
}


def read(recording):
    """Give the waveform of a path at 16 kHz, by the fastest calls of soundfile and soxr."""
    if not isinstance(recording, Path):
        return recording
    waveform, native_rate = soundfile.read(recording, dtype="float32")
    return soxr.resample(waveform, native_rate, SAMPLE_RATE) if native_rate != SAMPLE_RATE else waveform


def sides_of_librosa(params):
    """Give MFCCTransformer and what computes the same."""

    def by_librosa(recording):
        if isinstance(recording, Path):
            recording = librosa.load(recording, sr=SAMPLE_RATE)[0]
        return librosa.feature.mfcc(y=recording, sr=SAMPLE_RATE, n_fft=512, **params)

    def floor(recording):
        padded = np.pad(read(recording), 256)
        return scipy.fft.rfft(sliding_window_view(padded, 512)[:: params["hop_length"]])

    return {
        "MFCCTransformer(n_jobs=2)": MFCCTransformer(n_jobs=2, **params, **OURS).transform,
        "MFCCTransformer()": MFCCTransformer(**params, **OURS).transform,
        "librosa": lambda X: [by_librosa(x) for x in X],
        "floor": lambda X: [floor(x) for x in X],
        **_by_torchaudio(params),
    }


def _by_torchaudio(params):
    if importlib.util.find_spec("torchaudio") is None:
        return {}
    import torch
    import torchaudio

    torch.set_num_threads(1)
    mel = {"n_fft": 512, "hop_length": params["hop_length"], "n_mels": params["n_mels"]}
    transform = torchaudio.transforms.MFCC(
        SAMPLE_RATE, params["n_mfcc"], melkwargs=mel | {"norm": "slaney", "mel_scale": "slaney"}
    )
    return {"torchaudio": lambda X: [transform(torch.from_numpy(read(x))) for x in X]}


def sides_of_defaults():
    """Give what librosa's documentation begins with, and the preset of its defaults."""
    params = {**MFCC_PRESETS["librosa"], "duration": 6.0, "verbose": 0}
    return {
        "MFCCTransformer(n_jobs=2)": MFCCTransformer(n_jobs=2, **params).transform,
        "MFCCTransformer()": MFCCTransformer(**params).transform,
        "librosa": lambda X: [librosa.feature.mfcc(y=librosa.load(x)[0]) for x in X],
    }


def sides_of_kaldi():
    """Give the Kaldi preset and kaldi_native_fbank."""
    import kaldi_native_fbank

    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.dither = 0

    def by_kaldi(waveform):
        computer = kaldi_native_fbank.OnlineMfcc(options)
        computer.accept_waveform(SAMPLE_RATE, (2.0**15 * waveform).tolist())
        computer.input_finished()
        return np.stack([computer.get_frame(k) for k in range(computer.num_frames_ready)])

    preset = MFCCTransformer(**MFCC_PRESETS["kaldi"], duration=6.0, verbose=0)
    return {"preset 'kaldi'": preset.transform, "kaldi_native_fbank": lambda X: [by_kaldi(x) for x in X]}


def sides_of_htk():
    """Give the HTK preset and python_speech_features."""
    from python_speech_features import mfcc

    preset = MFCCTransformer(**MFCC_PRESETS["htk"], duration=6.0, verbose=0)
    return {
        "preset 'htk'": preset.transform,
        "python_speech_features": lambda X: [mfcc(2.0**15 * x, SAMPLE_RATE, nfft=512) for x in X],
    }


def compare(title, sides, X, n_turns):
    """Run all sides in turn and print their medians and ratios."""
    times = {name: [] for name in sides}
    for _ in range(1 + n_turns):
        for name, side in sides.items():
            start = time.perf_counter()
            side(X)
            times[name].append(1e3 * (time.perf_counter() - start) / len(X))
    medians = {name: np.median(each[1:]) for name, each in times.items()}
    ours = [name for name in sides if name.startswith(("MFCCTransformer", "preset"))]
    print(f"\n{title}\n{'ms a recording':>40}" + "".join(f"{'/ ' + name:>28}" for name in ours))
    for name, median in medians.items():
        ratios = "".join(f"{median / medians[one]:>28.2f}" for one in ours)
        print(f"{name:<28}{median:12.3f}{ratios}", flush=True)


def main():
    """Compare on 48 kHz WAV files, on the 16 kHz files and on waveforms."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="of 16 kHz recordings")
    parser.add_argument("--n-recordings", type=int, default=240)
    parser.add_argument("--n-turns", type=int, default=5)
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.rglob("*") if path.suffix in (".flac", ".wav"))
    paths = paths[:: max(1, len(paths) // options.n_recordings)]
    waveforms = [read(path) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / f"{k}.wav" for k in range(len(paths))]
        for copy, waveform in zip(copies, waveforms, strict=True):
            upsampled = soxr.resample(waveform, SAMPLE_RATE, 48_000)
            soundfile.write(copy, np.clip(upsampled, -1, 1), 48_000, subtype="PCM_16")
        for name, params in SETTINGS.items():
            sides = sides_of_librosa(params)
            kind = paths[0].suffix
            for title, X in ((f"16 kHz {kind}", paths), ("48 kHz .wav", copies), ("waveforms", waveforms)):
                compare(f"{len(X)} x {title}; {name}", sides, X, options.n_turns)
        for title, X in ((f"16 kHz {kind}", paths), ("48 kHz .wav", copies)):
            compare(f"{len(X)} x {title}; librosa's defaults", sides_of_defaults(), X, options.n_turns)
    for tool, sides in (("kaldi_native_fbank", sides_of_kaldi), ("python_speech_features", sides_of_htk)):
        if importlib.util.find_spec(tool) is not None:
            compare(f"{len(waveforms)} x waveforms", sides(), waveforms, options.n_turns)


if __name__ == "__main__":
    main()
