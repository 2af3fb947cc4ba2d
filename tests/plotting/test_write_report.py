"""A report is one page, of everything that a result tells and nothing else."""

import json
import re
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold
from sklearn.naive_bayes import GaussianNB
from sklearn.utils import Bunch

from sklearn_ser.evaluation import EvaluationResult, RobustnessResult, evaluate
from sklearn_ser.exceptions import UngroupedSplitWarning
from sklearn_ser.model_selection import CVAudit, SplitAudit, audit_cv
from sklearn_ser.plotting import write_report
from tests.evaluation.conftest import speak

EMPTY = {"area", "base", "br", "col", "embed", "hr", "image", "img", "input", "link", "meta", "use"}
HOSTILE = [
    '<b>&"',
    "<script>alert(1)</script>",
    "$x^{$",
    "a\x00b",
    "\ud800",
    "张三",
    "-->",
    'id="x"',
    "n" * 90,
]


class Page(HTMLParser):
    """Elements of a page, each with its attributes and its text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open = [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs))
        element = Bunch(tag=tag, attributes=dict(attrs), text="", within=[one.tag for one in self.open])
        self.elements.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        for element in self.open:
            element.text += data

    def all(self, tag):
        return [one for one in self.elements if one.tag == tag]

    def table(self, caption):
        """Rows of the table whose caption begins so, as lists of text."""
        numbers = [k for k, one in enumerate(self.elements) if one.tag == "table"]
        for start, end in zip(numbers, [*numbers[1:], len(self.elements)], strict=True):
            if self.elements[start].text.strip().startswith(caption):
                cells = [one for one in self.elements[start:end] if one.tag in ("tr", "th", "td")]
                rows = []
                for cell in cells:
                    if cell.tag == "tr":
                        rows.append([])
                    elif "table" in cell.within:
                        rows[-1].append(cell.text)
                return rows
        raise AssertionError(caption)


@pytest.fixture(scope="module")
def spoken():
    return speak(np.random.default_rng(5), n_speakers=6)


@pytest.fixture(scope="module")
def result(spoken):
    metadata = spoken.metadata | {"code": np.char.upper(spoken.y), "number": np.arange(len(spoken.y))}
    return evaluate(GaussianNB(), *spoken.all, outer=3, metadata=metadata, random_split=True, control=1)


@pytest.fixture(scope="module")
def degraded():
    rng, emotions = np.random.default_rng(0), np.array(["angry", "sad"])
    return RobustnessResult(
        emotions=emotions,
        truth=np.tile(emotions, 20),
        speakers=np.repeat(list("abcd"), 10),
        degradations=["clean", "noise", "noise", "noise", "mu_law", "room"],
        strengths=[None, np.inf, 20.0, 0.0, 8000, None],
        units=["", "dB", "dB", "dB", "Hz", ""],
        predictions=rng.choice(emotions, (6, 40)),
    )


def audit_of(result, **options):
    corpus = Bunch(data=result.recordings, target=result.truth, groups=result.speakers, metadata={})
    folds = [np.flatnonzero(result.folds == fold) for fold in np.unique(result.folds)]
    everything = np.arange(len(result.folds))
    return audit_cv(
        corpus, [(np.setdiff1d(everything, test), test) for test in folds], audio=False, **options
    )


@pytest.fixture(scope="module")
def audit(result):
    return audit_of(result)


@pytest.fixture(scope="module")
def text(result, degraded, audit):
    return write_report(result, robustness=degraded, audit=audit, title="What <it> is worth")


def renamed(result, names, of="speakers"):
    """Give a result whose speakers, or emotions, have other names, of the same order."""
    fields = {"speakers": ("speakers",), "emotions": ("emotions", "truth", "predictions")}[of]
    known = np.unique(getattr(result, of))
    new = np.array(sorted(names)[: len(known)])
    changed = {name: new[np.searchsorted(known, getattr(result, name))] for name in fields}
    return EvaluationResult(**vars(result) | changed | {"random_split": None, "controls": ()})


def test_every_figure_has_a_label_and_every_element_an_identifier_of_its_own(text):
    page = Page(text)
    labels = [svg.attributes["aria-label"] for svg in page.all("svg")]
    assert [label.split()[0] for label in labels] == [
        "Balanced",
        "Confusion",
        "Balanced",
        "Balanced",
        "Balanced",
    ]
    assert all(svg.attributes["role"] == "img" for svg in page.all("svg"))
    names = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(names) == len(set(names))
    wanted = re.findall(r'(?:href="#|url\(#|aria-labelledby=")([^")]+)', text)
    assert wanted
    assert set(wanted) <= set(names)


def test_headings_tables_and_the_language_are_told(text):
    page = Page(text)
    assert page.all("html")[0].attributes == {"lang": "en"}
    [heading] = page.all("h1")
    assert heading.text == page.all("title")[0].text == "What <it> is worth"
    assert [one.text for one in page.all("h2")] == [
        "Scores", "Under a random split", "Emotions", "Speakers", "Folds", "Other parts", "Worse recordings",
        "Audit of the splits", "How it was made",
    ]  # fmt: skip
    assert all(one.attributes["scope"] in ("row", "col") for one in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


def test_nothing_is_loaded_and_nothing_run(text):
    page = Page(text)
    tags = {one.tag for one in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "img", "form", "audio", "video"}
    for one in page.elements:
        for name, value in one.attributes.items():
            assert not name.startswith("on")
            if name in ("href", "src", "xlink:href"):
                assert value.startswith(("#", "data:"))
    assert "@import" not in text
    assert all(address.startswith("#") for address in re.findall(r"url\(([^)]*)", text))
    [policy] = [
        one.attributes["content"]
        for one in page.all("meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_tables_have_the_numbers_of_the_result(text, result, degraded, audit):
    page = Page(text)
    scores = page.table("Scores with")
    assert scores[0] == ["score", "mean", "from", "to", "random split", "control"]
    frame = result.to_frame()
    for (name, mean, *_), row in zip(scores[1:], frame.itertuples(), strict=True):
        assert name == {"macro_f1": "macro-F1"}.get(row.score, row.score.replace("_", " "))
        assert mean == f"{row.mean:.3f}"
    speakers = result.by("speaker").sort_values("balanced_accuracy", ascending=False, kind="stable")
    own = page.table("Speakers with intervals of 95 % over the speaker's recordings, not over speakers")
    assert [row[0] for row in own[1:]] == list(speakers.index)
    assert [row[2:5] for row in own[1:]] == [
        [f"{value:.3f}" for value in row] for row in speakers[["balanced_accuracy", "low", "high"]].to_numpy()
    ]
    counts = [row[1:-1] for row in page.table("Numbers of recordings")[1:]]
    assert counts == result.confusion_matrix(None).astype(int).astype(str).tolist()
    degradations = page.table("Degradations")
    assert [row[:3] for row in degradations[1:]] == [
        [
            row.degradation,
            "" if np.isnan(row.strength) else f"{row.strength:g} {row.unit}",
            f"{row.score:.3f}",
        ]
        for row in degraded.to_frame().itertuples()
    ]
    splits = page.table("How much is on both sides")
    assert splits[0][:5] == ["split", "training", "test", "neither", "recording"]
    assert [row[:3] for row in splits[1:]] == [
        [str(k), str(split.n_train), str(split.n_test)] for k, split in enumerate(audit.splits)
    ]
    assert ["samples", "same samples when decoded", "audio=False"] in page.table("What is looked for")
    for line in str(result).splitlines():
        assert line in page.all("pre")[0].text


def test_parts_are_those_that_tell_something(text):
    page = Page(text)
    captions = [one.text for one in page.all("caption")]
    assert [one.split(",")[0] for one in captions if one.startswith("By ")] == ["By sex", "By age", "By take"]
    assert "Not shown: code, which tells the emotion; number, which has 108 values." in text


def test_the_same_input_gives_the_same_page_whatever_the_style_of_the_caller(text, result, degraded, audit):
    before = dict(mpl.rcParams)
    again = [type(one).from_json(one.to_json()) for one in (result, degraded, audit)]
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path"}):
        same = write_report(
            again[0],
            robustness=again[1],
            audit=CVAudit.from_json(audit.to_json()),
            title="What <it> is worth",
        )
    assert same == text
    assert dict(mpl.rcParams) == before


def test_what_the_names_of_speakers_hold_is_text(result):
    text = write_report(renamed(result, HOSTILE[:6]))
    page = Page(text)
    shown = {row[0] for row in page.table("Speakers")[1:]}
    assert shown == {'<b>&"', "<script>alert(1)</script>", "$x^{$", "a\\x00b", "\\ud800", "张三"}
    [drawn] = [one.text for one in page.all("svg") if " speakers, from" in one.attributes["aria-label"]]
    assert all(name in drawn for name in shown)
    assert not page.all("b")
    assert not page.all("script")
    text.encode()


def test_what_the_names_of_emotions_and_of_everything_else_hold_is_text(result, spoken):
    evil = renamed(result, HOSTILE[-3:], of="emotions")
    evil = EvaluationResult(
        **vars(evil)
        | {
            "metadata": {"<i>": np.resize(["<u>", "'"], len(evil.truth))},
            "estimator": "<s>",
            "outer": "</table>",
            "left_out": {"<q>": 3},
            "best_params": [[{"<em>": "<dl>"}] * 3],
        }
    )
    page = Page(write_report(evil, title="</title><h3>"))
    assert not {"i", "u", "s", "q", "em", "dl", "h3"} & {one.tag for one in page.elements}
    assert [row[0] for row in page.table("Numbers")[1:]] == sorted(HOSTILE[-3:])
    assert page.table("What was evaluated")[-1] == ["left out: <q>", "3"]
    assert page.table("What the search chose")[1] == ["None", "0", "<em>='<dl>'"]
    [caption] = [one.text for one in page.all("figcaption") if one.text.startswith("Shares")]
    assert caption.endswith("Long names are cut here and in full in the table.")


def test_a_voice_in_several_folds_is_told(spoken, text, audit):
    assert "No speaker is in two folds." in text
    assert "Nothing but sentences is on both sides of any split" in text
    with pytest.warns(UngroupedSplitWarning, match="splits without regard to speakers"):
        mixed = evaluate(GaussianNB(), *spoken.all, outer=KFold(3, shuffle=True, random_state=0))
    with pytest.warns(UngroupedSplitWarning, match="put 6 speakers on both sides"):
        leaky = audit_of(mixed)
    page = Page(write_report(mixed, audit=leaky))
    first, second = (one.text for one in page.all("p") if one.attributes.get("class") == "note")
    assert first.startswith("6 of 6 speakers are in more than one fold.")
    assert second == "18 things are on both sides of a split that should not be."
    assert len(page.table("All of them")) == 1 + 18


def test_a_search_and_several_runs_are_told(spoken):
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=GroupKFold(2))
    found = evaluate(search, *spoken.all, outer=2, random_states=(3, 4))
    page = Page(write_report(found))
    assert page.table("Scores with")[0] == ["score", "mean", "deviation over runs", "from", "to"]
    chosen = [f"C={params['C']!r}" for of_run in found.best_params for params in of_run]
    runs_and_folds = (("3", "0"), ("3", "1"), ("4", "0"), ("4", "1"))
    assert page.table("What the search chose")[1:] == [
        [*run_and_fold, params] for run_and_fold, params in zip(runs_and_folds, chosen, strict=True)
    ]


def test_a_single_speaker_has_a_page(result):
    own = result.speakers == "speaker03"
    names = ("recordings", "truth", "speakers", "folds")
    one = EvaluationResult(
        emotions=result.emotions,
        predictions=result.predictions[:, own],
        **{name: getattr(result, name)[own] for name in names},
    )
    text = write_report(one)
    assert "no interval, which takes three speakers" in text
    assert not re.search(r"\bnan\b", text)


def test_a_file_is_written_whole(text, result, degraded, audit, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("old")
    given = {"robustness": degraded, "audit": audit, "title": "What <it> is worth"}
    assert write_report(result, path, **given) is None
    assert path.read_text(encoding="utf-8") == text
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_an_audit_of_other_splits_is_refused(result):
    other = CVAudit((SplitAudit(n_train=9, n_test=3, n_neither=0, findings=(), unknown={}),) * 12)
    with pytest.raises(ValueError, match=r"which test 36, 36, 36 recordings; those of audit test 3, .*, …\."):
        write_report(result, audit=other)


def test_what_is_no_result_is_refused(result):
    with pytest.raises(ValueError, match=r"'result' parameter of write_report must be an instance"):
        write_report(json.loads(result.to_json()))
