"""Time MFCCTransformer beside the loop that people write with librosa, both in one run.

Run on the recordings of a folder, on an otherwise idle machine::

    python tests/benchmarks/bench_mfcc.py path/to/ravdess

It prints milliseconds a recording, the median of five turns in which each side runs once, and their ratio.
"""

import argparse
import time
from pathlib import Path

import librosa
import numpy as np
import soundfile

from sklearn_ser import MFCCTransformer

N_TURNS = 5
PARAMS = {"n_mfcc": 40, "n_fft": 512, "hop_length": 320, "n_mels": 64}


def librosa_of_waveform(waveform):
    """Compute what the definition says."""
    return librosa.feature.mfcc(y=waveform, sr=16_000, **PARAMS)


def librosa_of_file(path):
    """Load and compute, as most programs do."""
    return librosa_of_waveform(librosa.load(path, sr=16_000)[0])


def compare(name, ours, theirs, n_recordings):
    """Time both sides in turn, after a turn that is not counted, and print their medians."""
    times = []
    for _ in range(1 + N_TURNS):
        turn = []
        for side in (ours, theirs):
            start = time.perf_counter()
            side()
            turn.append(1e3 * (time.perf_counter() - start) / n_recordings)
        times.append(turn)
    ours_ms, theirs_ms = np.median(times[1:], axis=0)
    print(f"{name:<42} {ours_ms:6.2f} ms  librosa {theirs_ms:6.2f} ms  ratio {theirs_ms / ours_ms:.1f}")


def main():
    """Compare on files and on waveforms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--n-recordings", type=int, default=200)
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.rglob("*") if path.suffix in (".flac", ".wav"))
    paths = paths[:: max(1, len(paths) // options.n_recordings)]
    waveforms = [soundfile.read(path, dtype="float32")[0] for path in paths]
    for n_jobs in (1, 2):
        transformer = MFCCTransformer(
            **PARAMS, trim_db=None, noise_floor=None, duration=None, summary=("mean",), n_jobs=n_jobs
        )
        for name, X, theirs in (
            ("files", paths, librosa_of_file),
            ("waveforms", waveforms, librosa_of_waveform),
        ):
            compare(
                f"{name}, {n_jobs} thread(s)",
                lambda transformer=transformer, X=X: transformer.transform(X),
                lambda X=X, theirs=theirs: [theirs(x).mean(axis=1) for x in X],
                len(X),
            )


if __name__ == "__main__":
    main()
