"""Hold time and memory of a recording against the number of recordings.

Run on an otherwise idle machine::

    python tests/benchmarks/bench_many_recordings.py

It makes synthetic recordings of one second, of which each path is a link, and prints for 1,000 and for
100,000 of them the time a recording, and how much resident memory rose above what it was, the result itself
left out.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from sklearn_ser import MFCCTransformer, make_emotional_speech

SAMPLE_RATE = 16_000
N_DIFFERENT = 200
N_TURNS = 5


def make_paths(folder, n_paths):
    """Write recordings of one second and link them under as many names as are asked for."""
    waveforms, _ = make_emotional_speech(8, return_X_y=True, random_state=0)
    originals = []
    for k in range(N_DIFFERENT):
        waveform = np.resize(waveforms[k % len(waveforms)][4000:], SAMPLE_RATE)
        originals.append(folder / f"original{k}.wav")
        soundfile.write(originals[-1], waveform, SAMPLE_RATE, subtype="PCM_16")
    paths = []
    for k in range(n_paths):
        paths.append(str(folder / f"{k}.wav"))
        os.link(originals[k % N_DIFFERENT], paths[-1])
    return paths


def resident(field):
    """Read ``VmRSS``, the memory held now, or ``VmHWM``, its highest since it was reset, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise ValueError(field)


def measure(transformer, paths, n_turns=1):
    """Give milliseconds a recording, the median of some turns, and the rise of memory in MB."""
    times = []
    for _ in range(n_turns):
        Path("/proc/self/clear_refs").write_text("5")  # forget the highest
        before, start = resident("VmRSS"), time.perf_counter()
        features = transformer.transform(paths)
        times.append(1e3 * (time.perf_counter() - start) / len(paths))
        rise = resident("VmHWM") - before - features.nbytes / 2**20
        del features
    return np.median(times), rise


def main():
    """Compare few recordings with many."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--n-recordings", type=int, default=100_000)
    options = parser.parse_args()
    transformers = {
        'summary=("mean", "std")': MFCCTransformer(summary=("mean", "std"), n_jobs=2, verbose=0),
        "frames of 1 s": MFCCTransformer(duration=1.0, n_jobs=2, verbose=0),
    }
    with tempfile.TemporaryDirectory() as folder:
        paths = make_paths(Path(folder), options.n_recordings)
        for name, transformer in transformers.items():
            few, many = paths[:1000], paths
            measure(transformer, few)
            # The many are timed between two groups of turns of the few, so that a machine that gets slower
            # or faster meanwhile does not decide.
            before, rise_of_few = measure(transformer, few, N_TURNS)
            of_many, rise_of_many = measure(transformer, many)
            after, _ = measure(transformer, few, N_TURNS)
            of_few = (before + after) / 2
            print(f"{name}: ratio of times {of_many / of_few:.2f}")
            print(f"{len(few):>9,}: {of_few:.3f} ms ({before:.3f}, {after:.3f}), {rise_of_few:+.0f} MB")
            print(f"{len(many):>9,}: {of_many:.3f} ms, {rise_of_many:+.0f} MB", flush=True)


if __name__ == "__main__":
    main()
