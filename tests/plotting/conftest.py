"""Figures are drawn into memory, of the recordings that the tests of `inspection` hear."""

import matplotlib as mpl
import pytest

from tests.inspection.conftest import heard  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def _without_a_screen():
    """Draw into memory, and leave no figure behind."""
    before = mpl.get_backend()
    mpl.use("Agg")
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
    mpl.use(before)
