"""Studies of Optuna over this library's estimators: with speakers, and gone on with from a file."""

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, cross_val_score

from sklearn_ser import CNNEmotionClassifier
from sklearn_ser.caching import DiskCache

optuna = pytest.importorskip("optuna", reason="the extra optuna is not installed")
pytest.importorskip("optuna_integration", reason="the extra optuna is not installed")

CV = GroupKFold(2)
N_FOLDS = 2


@pytest.fixture
def memory(tmp_path):
    return DiskCache(tmp_path / "fits")


@pytest.fixture
def network(memory):
    return CNNEmotionClassifier(
        architecture="plain", filters=4, n_blocks=1, epochs=1, random_state=0, memory=memory
    )


@pytest.fixture
def frames(rng):
    """Frames of which the splitter shows a voice on one side alone."""
    return rng.normal(size=(32, 16, 5)), np.tile(["angry", "sad"], 16), np.repeat(range(4), 8)


@pytest.fixture
def open_study(tmp_path):
    """Open the study that is in a file, as a new process would."""
    storages = []

    def open_study(random_state=0):
        storages.append(optuna.storages.RDBStorage(f"sqlite:///{tmp_path / 'studies.db'}"))
        return optuna.create_study(
            study_name="emotions",
            storage=storages[-1],
            load_if_exists=True,
            direction="maximize",
            sampler=optuna.samplers.TPESampler(seed=random_state),
        )

    yield open_study
    for storage in storages:  # Python warns of files that are left open
        storage.remove_session()
        storage.engine.dispose()


def suggested(network, trial):
    return clone(network).set_params(
        pooling=trial.suggest_categorical("pooling", ["average", "max"]),
        dropout=trial.suggest_float("dropout", 0.0, 0.4, step=0.1),
    )


@pytest.mark.parametrize("routing", [False, True])
def test_a_study_is_gone_on_with_and_fits_nothing_twice(network, frames, memory, open_study, routing):
    X, y, groups = frames

    def score(trial):
        params = {"params": {"groups": groups}} if routing else {"groups": groups}
        return cross_val_score(suggested(network, trial), X, y, cv=CV, error_score="raise", **params).mean()

    with config_context(enable_metadata_routing=routing):
        open_study().optimize(score, n_trials=1)
        killed = open_study(1).ask()  # all that a study knows of a trial whose process was killed
        train, _ = next(CV.split(X, y, groups))
        suggested(network, killed).fit(X[train], y[train])
        study = open_study(2)
        for trial in study.get_trials(states=[optuna.trial.TrialState.RUNNING]):
            study.enqueue_trial(trial.params)
            study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        study.optimize(score, n_trials=1)
        done = study.get_trials(states=[optuna.trial.TrialState.COMPLETE])
        assert [trial.params for trial in done][1] == killed.params
        n_kept = memory.n_entries
        assert n_kept == N_FOLDS * len({tuple(trial.params.items()) for trial in done})
        best = score(optuna.trial.FixedTrial(study.best_params))
        assert best == study.best_value
        assert memory.n_entries == n_kept


# Optuna says so of its own class, and from 4.9 on of a module that the class uses.
@pytest.mark.filterwarnings(
    "ignore:OptunaSearchCV is experimental", "ignore:.optuna.terminator. module:FutureWarning"
)
def test_optunas_search_hands_groups_to_the_splitter_and_goes_on(network, frames, memory, open_study):
    from optuna.distributions import CategoricalDistribution
    from optuna_integration import OptunaSearchCV

    X, y, groups = frames

    def search(study):
        space = {"pooling": CategoricalDistribution(["average", "max"])}
        return OptunaSearchCV(network, space, cv=CV, n_trials=2, study=study, error_score="raise").fit(
            X, y, groups=groups
        )

    first = search(open_study())
    assert len(first.study_.trials) == 2
    second = search(open_study(1))
    assert len(second.study_.trials) == 4
    n_kept = memory.n_entries
    assert n_kept <= 2 * N_FOLDS + 2  # both kinds of pooling on each fold, and each on everything
    again = cross_val_score(second.best_estimator_, X, y, groups=groups, cv=CV)
    assert again.mean() == second.best_score_
    assert memory.n_entries == n_kept
