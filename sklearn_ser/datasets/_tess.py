"""TESS, the Toronto Emotional Speech Set."""

import os

from sklearn.utils._param_validation import validate_params

from ._corpus import Corpus, read_corpus

TESS = Corpus(
    name="TESS",
    title="Toronto Emotional Speech Set",
    example="OAF_back_angry.wav",
    pattern="(?P<speaker>OAF|YAF)_(?P<text>[a-z]+)_(?P<emotion>angry|disgust|fear|happy|neutral|ps|sad)",
    emotions={
        "angry": "angry",
        "disgust": "disgust",
        "fear": "fearful",
        "happy": "happy",
        "neutral": "neutral",
        "ps": "surprised",
        "sad": "sad",
    },
    speakers={"OAF": "female", "YAF": "female"},
    n_recordings={"OAF": 1400, "YAF": 1400},
    fields={"text": "Say the word {}".format},
    misnamed={"oa_bite_neutral": "OAF_bite_neutral"},
    licence="CC BY-NC-ND 4.0 by the archive's record, CC BY-NC 4.0 by some copies",
    source="https://doi.org/10.5683/SP2/E8H2MF",
    citation="Pichora-Fuller MK, Dupuis K (2020). Toronto emotional speech set (TESS). Borealis.",
    defects=(
        "OAF_bite_neutral is called OA_bite_neutral in many copies. It is read as of speaker OAF.",
        "The folders are named in several ways (OAF_Pleasant_surprise, YAF_pleasant_surprised). They are not "
        "read; the file name tells the emotion.",
        "The label ps is pleasant surprise. It is returned as surprised, which elsewhere may be unpleasant.",
        "OAF_food_fear is sampled at 96 kHz, the others at 24.414 kHz. It is returned; every recording is "
        "resampled when its features are computed.",
        "Two speakers are too few to tell how a model does on a third. Random splits score 99 to 100 %.",
    ),
)


@validate_params(
    {"root": [str, os.PathLike], "return_X_y": ["boolean"], "as_frame": ["boolean"]},
    prefer_skip_nested_validation=True,
)
def load_tess(root, *, return_X_y=False, as_frame=False):
    """Load TESS, two actresses saying "Say the word ..." with 200 words in seven emotions [1]_.

    2800 recordings, 200 a speaker and emotion. Speaker OAF is 64 years old and speaker YAF is 26. Nothing is
    decoded; the file names tell all.

    Read more in the :ref:`User Guide <datasets>`.

    Parameters
    ----------
    root : str or path-like
        Folder that holds the recordings as WAV or FLAC, at whatever depth.

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
            Speakers, ``"tess-oaf"`` and ``"tess-yaf"``.
        recordings : Recordings
            ``data`` that knows its speakers, for the transformers that need them.
        target_names : list of str
            The emotions in ``target``, sorted.
        metadata : dict of str to ndarray of shape (n_recordings,)
            ``corpus``, ``label`` (the emotion as the file name has it, ``"ps"``), ``sex`` and ``text`` (what
            is said, ``"Say the word back"``).
        left_out : dict of str to list of str
            Paths of the media files that were found and not taken, by reason.
        frame : DataFrame of shape (n_recordings, 7) or None
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
    load_ravdess : A corpus of 24 speakers.
    load_corpus : Any folder whose names tell emotion and speaker.

    Notes
    -----
    With two speakers, the only test that says anything of a new voice is to train on one and to test on the
    other.

    References
    ----------
    .. [1] Pichora-Fuller MK, Dupuis K (2020). Toronto emotional speech set (TESS). Borealis.
       https://doi.org/10.5683/SP2/E8H2MF

    Examples
    --------
    A folder of one recording stands in for the corpus, hence the warning.

    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> from sklearn_ser.datasets import load_tess
    >>> with tempfile.TemporaryDirectory() as root, warnings.catch_warnings(action="ignore"):
    ...     Path(root, "YAF_rain_ps.wav").touch()
    ...     tess = load_tess(root)
    >>> tess.target, tess.groups
    (array(['surprised'], dtype='<U9'), array(['tess-yaf'], dtype='<U8'))
    >>> tess.metadata["text"]
    array(['Say the word rain'], dtype='<U17')
    """
    return read_corpus(TESS, root, return_X_y=return_X_y, as_frame=as_frame)
