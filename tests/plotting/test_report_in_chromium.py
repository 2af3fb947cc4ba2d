"""A report as a browser shows it: every figure drawn, nothing asked of the network, no complaint."""

import html
import json
import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from scipy.io import wavfile
from sklearn.model_selection import GridSearchCV, GroupKFold

from sklearn_ser.evaluation import RobustnessResult, evaluate
from sklearn_ser.plotting import write_report
from tests.evaluation.conftest import speak
from tests.evaluation.test_left_by_fit import Trained

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")
# Written into a copy of the page by a script that stands in for the reader's eye.
MEASURE = """<script>
addEventListener("load", () => {
  const box = (one) => { const {width, height} = one.getBoundingClientRect(); return [width, height]; };
  const words = [...document.querySelectorAll("svg text")].map((one) => [one.textContent, ...box(one)]);
  const seen = {
    figures: [...document.querySelectorAll("figure")].map((one) => [
      one.querySelectorAll("svg").length, ...box(one.querySelector("svg")),
      Math.max(...[...one.querySelectorAll("svg path")].map((path) => path.getBoundingClientRect().width)),
    ]),
    words,
    pictures: [...document.querySelectorAll("svg image")].map(box),
    loaded: performance.getEntriesByType("resource").map((one) => one.name),
    wide: innerWidth,
    sideways: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    ink: getComputedStyle(document.querySelector("svg text")).fill,
    paper: getComputedStyle(document.body).backgroundColor,
  };
  const told = document.createElement("output");
  told.id = "seen";
  told.textContent = JSON.stringify(seen);
  document.body.append(told);
});
</script>"""


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    rng = np.random.default_rng(5)
    spoken = speak(rng, n_speakers=6)
    speakers = np.where(spoken.speakers == "speaker03", '<b>&"张', spoken.speakers)
    grid = {"epochs": [2, 3], "var_smoothing": [1e-9, 1e-3, 1.0]}
    search = GridSearchCV(Trained(), grid, cv=GroupKFold(2))
    result = evaluate(search, spoken.X, spoken.y, speakers, outer=3, random_split=True)
    degraded = RobustnessResult(
        emotions=result.emotions,
        truth=result.truth,
        speakers=result.speakers,
        degradations=["clean", "noise", "noise"],
        strengths=[None, 20.0, 0.0],
        units=["", "dB", "dB"],
        predictions=rng.choice(result.emotions, (3, len(result.truth))),
    )
    recording = tmp_path_factory.mktemp("spoken") / "one <b>.wav"
    wavfile.write(recording, 16_000, rng.normal(0, 0.1, 16_000).astype(np.float32))
    return write_report(result, robustness=degraded, recording=recording)


@pytest.fixture
def opened(tmp_path):
    """Open a page in a browser without a network; give its elements, its complaints and its addresses."""

    def run(text, width=1280, *, dark=False):
        page, log = tmp_path / "page.html", tmp_path / "net.json"
        page.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [
                CHROMIUM,
                "--headless=new",
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                f"--user-data-dir={tmp_path / 'profile'}",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--log-net-log={log}",
                f"--window-size={width},900",
                f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                "--enable-logging=stderr",
                "--dump-dom",
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        return done.stdout, complaints, log

    return run


def seen(dom):
    """Give what ``MEASURE`` wrote."""
    [told] = re.findall(r'<output id="seen">(.*)</output>', dom)
    return json.loads(told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def measured(text):
    """Give a copy of a page that measures itself, which its own policy would not allow."""
    copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    assert copy != text
    return copy.replace("</body>", f"{MEASURE}</body>")


def framed(text, width):
    """Give a page that shows another in a frame, since no window of Chromium is narrower than 500 pixels."""
    return f"""<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<iframe style="border: 0; width: {width}px; height: 900px" srcdoc="{html.escape(text)}"></iframe><script>
addEventListener("load", () => document.body.append(frames[0].document.getElementById("seen")));
</script>"""


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_every_figure_is_drawn_and_the_page_is_no_wider_than_the_window(width, dark, text, opened):
    dom, complaints, _ = opened(framed(measured(text), width), dark=dark)
    found = seen(dom)
    assert not complaints
    assert found["wide"] == width
    assert len(found["figures"]) == text.count("<svg") == 9
    for n_drawings, *box, longest in found["figures"]:
        assert n_drawings == 1
        assert min(box) > 100
        assert longest > 50
    assert len(found["words"]) > 50
    assert all(min(box) > 0 for word, *box in found["words"] if word.strip())
    assert '<b>&"张' in [word for word, *_ in found["words"]]
    # Confusion, spectrogram with its colours, map of the search with its colours.
    assert [max(box) > 100 for box in found["pictures"]] == [True] * 5
    assert not found["sideways"]
    brightness = [sum(map(int, re.findall(r"\d+", found[name])[:3])) for name in ("ink", "paper")]
    assert (brightness[0] > brightness[1]) == dark


def requests_of_the_page(log):
    """Give the addresses that a page asked for: those of the browser itself have no origin."""
    requests = re.findall(r'"initiator":"([^"]*)".*?"url":"([^"]*)"', log.read_text(encoding="utf-8"))
    return [address for origin, address in requests if origin != "not an origin"]


def test_the_page_as_it_is_asks_nothing_of_the_network_and_complains_of_nothing(text, opened):
    dom, complaints, log = opened(text)
    assert "<h1>Evaluation</h1>" in dom
    assert not complaints
    assert not requests_of_the_page(log)
    planted = text.replace("</body>", '<img src="http://tracker.example/x.png" alt=""></body>')
    assert not requests_of_the_page(opened(planted)[2])  # by its policy
    # What is looked at would tell.
    assert requests_of_the_page(opened(measured(planted))[2]) == ["http://tracker.example/x.png"]


def test_the_page_lets_no_script_run_that_somebody_puts_in(text, opened):
    dom, complaints, _ = opened(text.replace("</body>", f"{MEASURE}</body>"))
    assert "<output" not in dom
    assert any("Content Security Policy" in line for line in complaints)
