"""RAVDESS, the Ryerson Audio-Visual Database of Emotional Speech and Song."""

import os
import re
from dataclasses import replace
from pathlib import Path

from sklearn.utils._param_validation import StrOptions, validate_params

from ._corpus import Corpus, read_corpus

_SPEAKERS = tuple(f"{number:02}" for number in range(1, 25))
_N_RECORDINGS = {
    "speech": dict.fromkeys(_SPEAKERS, 60),
    "song": {code: 0 if code == "18" else 44 for code in _SPEAKERS},  # speaker 18 did not sing
}

RAVDESS = Corpus(
    name="RAVDESS",
    title="Ryerson Audio-Visual Database of Emotional Speech and Song",
    example="03-01-06-01-02-01-12.wav",
    pattern=(
        "(?P<modality>0[1-3])-(?P<channel>0[12])-(?P<emotion>0[1-8])-(?P<intensity>0[12])"
        "-(?P<statement>0[12])-(?P<repetition>0[12])-(?P<speaker>0[1-9]|1[0-9]|2[0-4])"
    ),
    emotions={
        "01": "neutral",
        "02": "calm",
        "03": "happy",
        "04": "sad",
        "05": "angry",
        "06": "fearful",
        "07": "disgust",
        "08": "surprised",
    },
    speakers={code: "female" if int(code) % 2 == 0 else "male" for code in _SPEAKERS},
    n_recordings=_N_RECORDINGS["speech"],
    fields={
        "modality": {"01": "audio-visual", "02": "video", "03": "audio"},
        "channel": {"01": "speech", "02": "song"},
        "intensity": {"01": "normal", "02": "strong"},
        "statement": int,
        "repetition": int,
    },
    licence="CC BY-NC-SA 4.0",
    source="https://doi.org/10.5281/zenodo.1188976",
    citation=(
        "Livingstone SR, Russo FA (2018). The Ryerson Audio-Visual Database of Emotional Speech and Song "
        "(RAVDESS): A dynamic, multimodal set of facial and vocal expressions in North American English. "
        "PLoS ONE 13(5): e0196391."
    ),
    defects=(
        "03-01-03-01-02-01-07 and 03-01-03-01-02-02-07 are the same bytes. Both are returned: they agree on "
        "speaker and emotion, and a split by speaker keeps them together.",
        "Five spoken recordings are stereo with equal channels (03-01-02-01-01-02-01, 03-01-08-01-02-02-01, "
        "03-01-02-01-02-02-05, 03-01-03-01-02-01-20, 03-01-06-01-01-02-20), and one sung recording, "
        "03-02-01-01-01-01-24. They are returned; sklearn-ser averages the channels of every recording.",
        "Neutral has no strong intensity, hence half as many recordings as the other emotions.",
        "Nobody sings disgust or surprise, and speaker 18 does not sing.",
    ),
    reasons={
        "modality 01": "sound with picture; the audio-only recordings begin with 03",
        "modality 02": "picture without sound; the audio-only recordings begin with 03",
        "song": "channel='song' takes them, channel=None takes speech and song",
        "speech": "channel='speech' takes them, channel=None takes speech and song",
    },
)

_NAME = re.compile(RAVDESS.pattern)


def take_of(path):
    """Tell which take a file holds by its RAVDESS name, or None by another name.

    Sound with picture (modality 01), picture (02) and sound (03) of one take differ in the first field.
    """
    match = _NAME.fullmatch(Path(path).stem)
    return None if match is None else match.string.partition("-")[2]


@validate_params(
    {
        "root": [str, os.PathLike],
        "channel": [StrOptions({"speech", "song"}), None],
        "return_X_y": ["boolean"],
        "as_frame": ["boolean"],
    },
    prefer_skip_nested_validation=True,
)
def load_ravdess(root, *, channel="speech", return_X_y=False, as_frame=False):
    """Load RAVDESS, 24 North American actors speaking and singing two sentences [1]_.

    Of the audio-only recordings, 1440 are spoken, in eight emotions (neutral 96, the others 192 each), and
    1012 are sung, in six (no disgust, no surprise; 23 of the speakers). Nothing is decoded; the file names
    tell all.

    Read more in the :ref:`User Guide <datasets>`.

    Parameters
    ----------
    root : str or path-like
        Folder that holds the recordings as WAV or FLAC, at whatever depth: the unpacked archives, a flat
        copy, or a copy that holds them twice.

    channel : {"speech", "song"} or None, default="speech"
        Which vocal channel to take; None takes both.

    return_X_y : bool, default=False
        Return ``(data, target)`` alone.

    as_frame : bool, default=False
        Return pandas objects: ``data``, ``target`` and ``groups`` are Series, ``metadata`` is a DataFrame,
        and ``frame`` holds them all.

    Returns
    -------
    corpus : :class:`~sklearn.utils.Bunch`
        Dictionary-like object, sorted by speaker and file name, with the attributes

        data : ndarray of shape (n_recordings,), object
            Paths of the files.
        target : ndarray of shape (n_recordings,), str
            Emotions.
        groups : ndarray of shape (n_recordings,), str
            Speakers, ``"ravdess-01"`` to ``"ravdess-24"``.
        recordings : Recordings
            ``data`` that knows its speakers, for the transformers that need them.
        target_names : list of str
            The emotions in ``target``, sorted.
        metadata : dict of str to ndarray of shape (n_recordings,)
            ``corpus``, ``label`` (the emotion's code, ``"05"``), ``modality`` (always ``"audio"``),
            ``channel``, ``intensity`` (``"normal"`` or ``"strong"``), ``statement`` (1, "Kids are talking by
            the door", or 2, "Dogs are sitting by the door"), ``repetition`` (1 or 2) and ``sex``.
        left_out : dict of str to list of str
            Paths of the media files that were found and not taken, by reason.
        frame : DataFrame of shape (n_recordings, 11) or None
            Columns ``file``, ``emotion``, ``speaker`` and the metadata; None unless ``as_frame`` is true.
        DESCR : str
            Counts, licence, citation, known defects and what was left out.

    (data, target) : tuple if ``return_X_y`` is true
        The paths and the emotions.

    Raises
    ------
    CorpusError
        There is no such folder, it holds no such recording, or its files are no audio.

    Warns
    -----
    IncompleteCorpusWarning
        Recordings that were published are missing.
    SerWarning
        Audio files of other names were left out, or copies of a recording differ in size.

    See Also
    --------
    load_crema_d : A corpus of 91 speakers.
    load_corpus : Any folder whose names tell emotion and speaker.

    Notes
    -----
    Two recordings are byte-identical and a few are stereo; ``DESCR`` names them. Video files, and recordings
    that were cut from them (modalities 01 and 02), repeat what the audio-only recordings hold and are left
    out.

    References
    ----------
    .. [1] Livingstone SR, Russo FA (2018). The Ryerson Audio-Visual Database of Emotional Speech and Song
       (RAVDESS): A dynamic, multimodal set of facial and vocal expressions in North American English. PLoS
       ONE 13(5): e0196391. https://doi.org/10.1371/journal.pone.0196391

    Examples
    --------
    A folder of one recording stands in for the corpus, hence the warning.

    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> from sklearn_ser.datasets import load_ravdess
    >>> with tempfile.TemporaryDirectory() as root, warnings.catch_warnings(action="ignore"):
    ...     Path(root, "03-01-05-02-01-01-12.wav").touch()
    ...     ravdess = load_ravdess(root)
    >>> ravdess.target, ravdess.groups
    (array(['angry'], dtype='<U5'), array(['ravdess-12'], dtype='<U10'))
    >>> ravdess.metadata["intensity"]
    array(['strong'], dtype='<U6')
    """
    channels = ("speech", "song") if channel is None else (channel,)
    n_recordings = {code: sum(_N_RECORDINGS[channel][code] for channel in channels) for code in _SPEAKERS}

    def leave_out(recording):
        told = recording.metadata
        if told["modality"] != "audio":
            return "modality 01" if told["modality"] == "audio-visual" else "modality 02"
        return None if told["channel"] in channels else told["channel"]

    return read_corpus(
        replace(RAVDESS, n_recordings=n_recordings),
        root,
        leave_out=leave_out,
        return_X_y=return_X_y,
        as_frame=as_frame,
    )
