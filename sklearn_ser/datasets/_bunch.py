"""What every loader hands back."""

from collections import Counter

import numpy as np
from sklearn.utils import Bunch

from ._recordings import Recordings

COLUMNS = ("file", "emotion", "speaker")


def make_bunch(files, emotions, speakers, metadata, *, left_out, descr, return_X_y, as_frame):
    """Bring what a loader found into scikit-learn's form.

    Parameters
    ----------
    files, emotions, speakers : list of str
        One entry a recording.
    metadata : dict of str to list
        Everything else that is known, one entry a recording in each list.
    left_out : dict of str to list of str
        Paths of what was found and not taken, by reason.
    descr : str
        The description.
    return_X_y, as_frame : bool
        As scikit-learn's loaders have them.
    """
    data = np.array(files, dtype=object)
    target = np.array(emotions)
    groups = np.array(speakers)
    metadata = {name: np.array(values) for name, values in metadata.items()}
    frame = None
    if as_frame:
        import pandas as pd

        frame = pd.DataFrame(dict(zip(COLUMNS, (data, target, groups), strict=True)) | metadata)
        data, target, groups = (frame[column] for column in COLUMNS)
        metadata = frame[list(metadata)]
    if return_X_y:
        return data, target
    return Bunch(
        data=data,
        target=target,
        groups=groups,
        recordings=Recordings(data, groups),
        target_names=np.unique(target).tolist(),
        metadata=metadata,
        left_out=left_out,
        frame=frame,
        DESCR=descr,
    )


def describe(title, facts, *, defects=(), left_out=None, reasons=None):
    """Write the description of a corpus as reStructuredText.

    Parameters
    ----------
    title : str
        Heading.
    facts : dict of str to str
        Field list under the heading.
    defects : tuple of str
        What is known to be wrong with the corpus, and what was done about it.
    left_out : dict of str to list of str
        Paths of what was found and not taken, by reason.
    reasons : dict of str to str
        What each reason means.
    """
    blocks = [f"{title}\n{'=' * len(title)}", "\n".join(f":{name}: {fact}" for name, fact in facts.items())]
    if defects:
        blocks += [_heading("Known defects"), *(f"* {defect}" for defect in defects)]
    blocks.append(_heading("Left out of this call"))
    for reason, paths in (left_out or {}).items():
        blocks.append(
            f"* {reason}: {len(paths)} file{'s' * (len(paths) > 1)} ({reasons[reason]}). First: {paths[0]}"
        )
    if not left_out:
        blocks.append("Nothing.")
    return "\n\n".join(blocks) + "\n"


def _heading(text):
    return f"{text}\n{'-' * len(text)}"


def count_each(values):
    """Say how often each value occurs: ``"angry 192, calm 192"``."""
    return ", ".join(f"{value} {n}" for value, n in sorted(Counter(values).items()))
