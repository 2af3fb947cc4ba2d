"""Sphinx builds the documentation from here: ``sphinx-build -W --keep-going docs docs/_build/html``."""

import os

# The gallery looks names up that this makes importable, whether or not its examples are run.
from sklearn.experimental import enable_halving_search_cv  # noqa: F401

import sklearn_ser

project = "sklearn-ser"
author = "The sklearn-ser developers"
copyright = f"2026, {author} (MIT licence)"
release = sklearn_ser.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "_templates", "auto_examples/**/*.ipynb", "auto_examples/**/*.py"]
templates_path = ["_templates"]
default_role = "py:obj"
# A reference that leads nowhere is a warning if it is to a name of ours that is not scikit-learn's doing.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!sklearn_ser\b).*|.*\.set_\w+_request")]

autosummary_generate = True
numpydoc_class_members_toctree = False
numpydoc_show_inherited_class_members = False

# Links into other projects' pages need the network, which a test machine need not have.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", None),
    "numpy": ("https://numpy.org/doc/stable", None),
    "sklearn": ("https://scikit-learn.org/stable", None),
}
if not os.environ.get("SKLEARN_SER_DOCS_ONLINE"):
    intersphinx_mapping = {}

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "auto_examples",
    "subsection_order": [
        "../examples/datasets",
        "../examples/features",
        "../examples/classification",
        "../examples/inspection",
        "../examples/questions",
    ],
    "doc_module": ("sklearn_ser",),
    # What was measured is read by the examples of its folder, and is none itself.
    "ignore_pattern": r"__init__\.py|measured\.py",
    "backreferences_dir": "api/generated/backreferences",
    "abort_on_example_error": False,
    "write_computation_times": False,
    "show_signature": False,
    "download_all_examples": False,
    "remove_config_comments": True,
}

html_theme = "pydata_sphinx_theme"
html_title = "sklearn-ser"
html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}


def leave_out_what_scikit_learn_documents(app, what, name, obj, skip, options):
    """Keep methods that scikit-learn writes, such as ``set_fit_request``, to its own pages."""
    module = getattr(obj, "__module__", None) or ""
    return True if module.startswith("sklearn.") else None


def setup(app):
    """Connect the function above."""
    app.connect("autodoc-skip-member", leave_out_what_scikit_learn_documents)
