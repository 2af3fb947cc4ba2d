"""Time one fit of the same network: SciKeras as its guide shows it, and CNNEmotionClassifier.

Run from the repository's root on the recordings of a folder, on an otherwise idle machine::

    python -m tests.benchmarks.bench_training path/to/ravdess

1,152 recordings as (128, 40) frames, three blocks of a convolution (32, 64, 128 filters of 5 frames), batch
normalisation, ReLU, a maximum pool and dropout, the average over time, a dense layer of 64 and the softmax;
batches of 32, 10 epochs, Adam, nothing augmented. Each fit is in a process of its own that has imported and
started everything before, in turns; "again" is a second fit in the same process. Keras runs on TensorFlow;
CNNEmotionClassifier on JAX as well where that is installed, after a process that is not timed and leaves its
compiled programs on disk. skorch is timed where it is installed.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

EPOCHS = 10
FILTERS = (32, 64, 128)
N_FRAMES = 128


def scikeras_network(pooling="max", stride=1, activation="relu", normalises=False):
    """Build the network as a user would; ``normalises`` puts a normalisation before it."""
    import keras
    from keras import layers

    pool = {"average": layers.AveragePooling1D, "max": layers.MaxPooling1D}[pooling]
    act = {"relu": layers.ReLU, "leaky_relu": lambda: layers.LeakyReLU(negative_slope=0.1)}[activation]
    network = keras.Sequential([keras.Input((N_FRAMES, 40))])
    if normalises:
        network.add(layers.BatchNormalization())
    for filters in FILTERS:
        network.add(layers.Conv1D(filters, 5, strides=stride, padding="same"))
        network.add(layers.BatchNormalization())
        network.add(act())
        network.add(pool(2, padding="same"))
        network.add(layers.Dropout(0.2))
    network.add(layers.GlobalAveragePooling1D())
    network.add(layers.Dense(64, activation="relu"))
    network.add(layers.Dropout(0.2))
    network.add(layers.Dense(8, activation="softmax"))
    return network


def make_scikeras():
    """Wrap it by SciKeras."""
    from scikeras.wrappers import KerasClassifier

    return KerasClassifier(
        scikeras_network, loss="sparse_categorical_crossentropy", optimizer="adam", epochs=EPOCHS,
        batch_size=32, verbose=0,
    )  # fmt: skip


def make_ours():
    """Describe it to CNNEmotionClassifier."""
    from sklearn_ser import CNNEmotionClassifier

    return CNNEmotionClassifier(
        architecture="plain", filters=FILTERS, pooling="max", head="gap", dense_units=64, dropout=0.2,
        feature_axis="unordered", time_stretch=0, frequency_warp=0, gain=0, label_smoothing=0,
        learning_rate_schedule="constant", epochs=EPOCHS, batch_size=32,
    )  # fmt: skip


def make_skorch():
    """Write it in PyTorch, wrapped by skorch."""
    import torch
    from skorch import NeuralNetClassifier
    from torch import nn

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            blocks, channels = [], 40
            for filters in FILTERS:
                blocks += [nn.Conv1d(channels, filters, 5, padding=2), nn.BatchNorm1d(filters), nn.ReLU(),
                           nn.MaxPool1d(2), nn.Dropout(0.2)]  # fmt: skip
                channels = filters
            self.blocks = nn.Sequential(*blocks)
            self.top = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 8))

        def forward(self, frames):
            return self.top(self.blocks(frames.transpose(1, 2)).mean(dim=2))

    return NeuralNetClassifier(
        Network, criterion=nn.CrossEntropyLoss, optimizer=torch.optim.Adam, lr=1e-3, max_epochs=EPOCHS,
        batch_size=32, train_split=None, iterator_train__shuffle=True, verbose=0,
    )  # fmt: skip


MAKERS = {
    "SciKeras": make_scikeras,
    "CNNEmotionClassifier": make_ours,
    "CNNEmotionClassifier, JAX": make_ours,
    "skorch": make_skorch,
}
# What has to be installed for a line of the table, beside what the library needs.
NEEDED = {"CNNEmotionClassifier, JAX": "jax", "skorch": "skorch"}


def fit(name, data):
    """Time two fits; say what they took, and the share of the training recordings that is right."""
    arrays = np.load(data)
    X, y = arrays["X"], arrays["y"]
    warm_up = MAKERS[name]()
    warm_up.set_params(**{"max_epochs" if name == "skorch" else "epochs": 1}).fit(X[:64], y[:64])
    seconds = []
    for _ in range(2):
        model = MAKERS[name]()
        begin = time.perf_counter()
        model.fit(X, y)
        seconds.append(time.perf_counter() - begin)
    print(json.dumps({"seconds": seconds, "right": float((model.predict(X) == y).mean())}))


def run_in_turns(names, call, repeats):
    """Run the code ``call``, with each name, in processes of their own; gather what each printed last.

    What runs on JAX has one process more, which is not counted and leaves its compiled programs on disk.
    """
    results = {name: [] for name in names}
    for repeat in range(-1, repeats):
        for name in names:
            on_jax = name.endswith("JAX")
            if repeat < 0 and not on_jax:
                continue
            done = subprocess.run(
                [sys.executable, "-c", call.format(name=name)], stdout=subprocess.PIPE, text=True, check=True,
                env=os.environ | {"KERAS_BACKEND": "jax" if on_jax else "tensorflow"},
            )  # fmt: skip
            if repeat >= 0:
                results[name].append(json.loads(done.stdout.splitlines()[-1]))
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    from sklearn_ser import MFCCTransformer, load_ravdess

    corpus = load_ravdess(options.folder)
    some = slice(0, 1152)
    transformer = MFCCTransformer(n_mfcc=40, duration=(N_FRAMES - 1) * 0.02, crop="center", verbose=0)
    X = transformer.fit_transform(np.array(corpus.data)[some])
    y = np.unique(np.array(corpus.target)[some], return_inverse=True)[1]
    names = [name for name in MAKERS if name not in NEEDED or importlib.util.find_spec(NEEDED[name])]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.npz"
        np.savez(data, X=X, y=y.astype(np.int64))
        call = f"from tests.benchmarks.bench_training import fit; fit({{name!r}}, {str(data)!r})"
        results = run_in_turns(names, call, options.repeats)
    print(f"{X.shape} frames, {options.repeats} processes each, medians; ratios to SciKeras")
    reference = [statistics.median(r["seconds"][k] for r in results["SciKeras"]) for k in (0, 1)]
    for name in names:
        medians = [statistics.median(r["seconds"][k] for r in results[name]) for k in (0, 1)]
        right = statistics.median(r["right"] for r in results[name])
        print(f"{name:26} {medians[0]:5.2f} s ({medians[0] / reference[0]:.2f})   again {medians[1]:5.2f} s "
              f"({medians[1] / reference[1]:.2f})   {right:.2f} right in training")  # fmt: skip


if __name__ == "__main__":
    main()
