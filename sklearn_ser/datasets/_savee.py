"""SAVEE, Surrey Audio-Visual Expressed Emotion."""

import os

from sklearn.utils._param_validation import validate_params

from ._corpus import Corpus, read_corpus

SAVEE = Corpus(
    name="SAVEE",
    title="Surrey Audio-Visual Expressed Emotion",
    example="DC/a01.wav",
    pattern="(?P<speaker>DC|JE|JK|KL)[/_](?P<emotion>sa|su|[adfhn])(?P<sentence>[0-9]{2})",
    emotions={
        "a": "angry",
        "d": "disgust",
        "f": "fearful",
        "h": "happy",
        "n": "neutral",
        "sa": "sad",
        "su": "surprised",
    },
    speakers=dict.fromkeys(("DC", "JE", "JK", "KL"), "male"),
    n_recordings=dict.fromkeys(("DC", "JE", "JK", "KL"), 120),
    fields={"sentence": int},
    licence="research use, by registration",
    source="http://kahlan.eps.surrey.ac.uk/savee",
    citation=(
        "Haq S, Jackson PJB (2009). Speaker-dependent audio-visual emotion recognition. Proceedings of the "
        "International Conference on Auditory-Visual Speech Processing, 53-58."
    ),
    defects=(
        "The sentences of one number differ between the emotions, so the number is no key to the words.",
        "All four speakers are men.",
    ),
)


@validate_params(
    {"root": [str, os.PathLike], "return_X_y": ["boolean"], "as_frame": ["boolean"]},
    prefer_skip_nested_validation=True,
)
def load_savee(root, *, return_X_y=False, as_frame=False):
    """Load SAVEE, four British men speaking phonetically balanced sentences in seven emotions [1]_.

    480 recordings, 120 a speaker: neutral 30, the other emotions 15 each. Nothing is decoded; the file names
    tell all.

    Read more in the :ref:`User Guide <datasets>`.

    Parameters
    ----------
    root : str or path-like
        Folder that holds the recordings as WAV or FLAC, at whatever depth, named as in the archive
        (``DC/a01.wav``) or flattened (``DC_a01.wav``).

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
            Speakers: ``"savee-dc"``, ``"savee-je"``, ``"savee-jk"`` and ``"savee-kl"``.
        recordings : Recordings
            ``data`` that knows its speakers, for the transformers that need them.
        target_names : list of str
            The emotions in ``target``, sorted.
        metadata : dict of str to ndarray of shape (n_recordings,)
            ``corpus``, ``label`` (the emotion as the file name has it, ``"su"``), ``sex`` and ``sentence``
            (its number within the emotion, from 1).
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
    load_ravdess : A corpus of 24 speakers, women and men.
    load_corpus : Any folder whose names tell emotion and speaker.

    References
    ----------
    .. [1] Haq S, Jackson PJB (2009). Speaker-dependent audio-visual emotion recognition. Proceedings of the
       International Conference on Auditory-Visual Speech Processing, 53-58.

    Examples
    --------
    A folder of one recording stands in for the corpus, hence the warning.

    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> from sklearn_ser.datasets import load_savee
    >>> with tempfile.TemporaryDirectory() as root, warnings.catch_warnings(action="ignore"):
    ...     Path(root, "DC_su07.wav").touch()
    ...     savee = load_savee(root)
    >>> savee.target, savee.groups
    (array(['surprised'], dtype='<U9'), array(['savee-dc'], dtype='<U8'))
    >>> savee.metadata["sentence"]
    array([7])
    """
    return read_corpus(SAVEE, root, return_X_y=return_X_y, as_frame=as_frame)
