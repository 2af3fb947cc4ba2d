"""EmoDB, the Berlin Database of Emotional Speech."""

import os

from sklearn.utils._param_validation import validate_params

from ._corpus import Corpus, read_corpus

# What at least 80 % of the listeners recognised, by speaker: for each text, the emotions and takes.
_RECOGNISED = {
    "03": "a01FaNcWa a02FcNcTaWbWc a04AdFdLcNcTaWc a05AaFcNdTcWaWb a07FaFbLaNcWc b01FaLbNbTdWaWc "
    "b02AaLaNaTbWb b03NbTcWc b09LaNcTcWa b10AbEcNaNcWbWc",
    "08": "a01AbFdLcNaWaWc a02AbAcFeLaNaTbWc a04FfLaNcTbWc a05FeLcNbTaWa a07FdLaNaTaTbWc b01AaFdFeLbNaWa "
    "b02FfLaNbTcWd b03FeLcNbTcWd b09AbFdLcNbTbWaWc b10AaFdLaNcTcWa",
    "09": "a01EaFaNbWb a02EaEbLaWb a04FdLaNbWa a05EdLcNbTbWbWc a07EbNaTaWbWd b01EaNaWb b02NaTbWcWd "
    "b03EdFaFdLbNbTaWb b09EaNdWa b10AaNdWa",
    "10": "a01AcNbWa a02AbFaLbNaWa a04FdNbWaWb a05AaLdTbWb a07AaAdLaTaWb b01AaEaFaLb b02AaLaNaWb b03LaTbWb "
    "b09AdLbWb b10FcLcWa",
    "11": "a01AaAbLdNdWc a02EcFbLdNcTcWc a04AcFdNdWc a05AdFbFcLcNaTdWd a07AcLdTaWc b01AbEbFcLbNcWd "
    "b02AbFdNaTdWb b03FcLcNbTdWaWb b09AdFdLdNaTdWa b10AdAeLdNcTdWa",
    "12": "a01FbLbNbWc a02AcEcNbWaWc a04Wc a05AbLbNdTaWb a07AcLaWa b01TaWa b02AdEaFbNaWaWbWd b03LaTa "
    "b09AcTdWc b10AcLdWa",
    "13": "a01AcEaEcFdLbNbWb a02AdEcFaLcNcTaWa a04AcFcLbTaWc a05AaEaLcNbTcWaWc a07FdLbNaTcWb b01AbEcFcLdNcWa "
    "b02FbLcNbWa b03AcEdFdLbNaTdWc b09AbEcFbFcLaNaWa b10EcFaLaNcWaWc",
    "14": "a01AaAcEaNaWaWc a02AbEaFdLaNcTbWaWc a04AaEdLbTbTcWbWc a05AaAcFaFbLbNaTaTcWaWb a07AaEbFdLcLdNaTcWc "
    "b01AcEbFaFcNaWc b02AaFbNaTcWbWd b03AdEdLbTaWb b09AcEaFcLbTdWaWc b10AdEbLbNbTcWc",
    "15": "a01EaFbLaNbWa a02AcEaLaNaTaWbWd a04AbAcFdNcWaWb a05EbFbLbNaWa a07AcEbFaFbLdNc b01EcLbNaWc "
    "b02AaLbNdTcWaWc b03AaLcNbTcWaWb b09AcFaLaNbTaWb b10AcLcNbNcWa",
    "16": "a01EcFcLbNcTbWb a02EaEcLbNbTcWb a04AbEaFaLaLcNcTcWbWc a05AbEaFcLaTbWbWc a07EaFaFbLaLbNbTdWa "
    "b01AaEbFaLaLcTbWaWb b02AaEbFdLbWb b03AdEaFaFdLaNbTaWb b09AbEbFbLaLbWb b10AaEbFbLbTbTdWaWb",
}
RECOGNISED = frozenset(
    f"{speaker}_{takes[:3]}_{takes[at]}_{takes[at + 1]}".lower()
    for speaker, texts in _RECOGNISED.items()
    for takes in texts.split()
    for at in range(3, len(takes), 2)
)

EMODB = Corpus(
    name="EmoDB",
    title="Berlin Database of Emotional Speech",
    example="03a01Fa.wav",
    pattern=(
        "(?P<speaker>03|08|09|10|11|12|13|14|15|16)(?P<text>a0[12457]|b0[1239]|b10)"
        "(?P<emotion>[WLEAFTN])(?P<take>[a-z])"
    ),
    emotions={
        "W": "angry",
        "L": "boredom",
        "E": "disgust",
        "A": "fearful",
        "F": "happy",
        "T": "sad",
        "N": "neutral",
    },
    speakers={
        "03": "male",
        "08": "female",
        "09": "female",
        "10": "male",
        "11": "male",
        "12": "male",
        "13": "female",
        "14": "female",
        "15": "male",
        "16": "female",
    },
    n_recordings={code: sum(key.startswith(code) for key in RECOGNISED) for code in _RECOGNISED},
    extras=lambda recording: recording.key not in RECOGNISED,
    fields={
        "text": {
            "a01": "Der Lappen liegt auf dem Eisschrank.",
            "a02": "Das will sie am Mittwoch abgeben.",
            "a04": "Heute abend könnte ich es ihm sagen.",
            "a05": "Das schwarze Stück Papier befindet sich da oben neben dem Holzstück.",
            "a07": "In sieben Stunden wird es soweit sein.",
            "b01": "Was sind denn das für Tüten, die da unter dem Tisch stehen?",
            "b02": "Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter.",
            "b03": "An den Wochenenden bin ich jetzt immer nach Hause gefahren und habe Agnes besucht.",
            "b09": "Ich will das eben wegbringen und dann mit Karl was trinken gehen.",
            "b10": "Die wird auf dem Platz sein, wo wir sie immer hinlegen.",
        }
    },
    licence="none stated with the first release; version 2.0 is CC BY 4.0",
    source="https://doi.org/10.5281/zenodo.17651657",
    citation=(
        "Burkhardt F, Paeschke A, Rolfes M, Sendlmeier WF, Weiss B (2005). A database of German emotional "
        "speech. Proceedings of Interspeech, 1517-1520."
    ),
    defects=(
        "Version 2.0 adds 281 recordings whose emotion fewer than 80 % of the listeners recognised. EmoDB in "
        "the literature is the 535 others. Only those are returned unless keep_ambiguous is true.",
        "The emotions are not balanced, and some speakers have an emotion only once or never: recall by "
        "speaker may be undefined, so pool the predictions of all folds before computing it.",
    ),
    reasons={"ambiguous": "recognised by fewer than 80 % of the listeners; keep_ambiguous=True takes them"},
)


@validate_params(
    {
        "root": [str, os.PathLike],
        "keep_ambiguous": ["boolean"],
        "return_X_y": ["boolean"],
        "as_frame": ["boolean"],
    },
    prefer_skip_nested_validation=True,
)
def load_emodb(root, *, keep_ambiguous=False, return_X_y=False, as_frame=False):
    """Load EmoDB, ten German actors speaking ten everyday sentences in seven emotions [1]_.

    535 recordings: angry 127, boredom 81, neutral 79, happy 71, fearful 69, sad 62, disgust 46. Nothing is
    decoded; the file names tell all.

    Read more in the :ref:`User Guide <datasets>`.

    Parameters
    ----------
    root : str or path-like
        Folder that holds the recordings as WAV or FLAC, at whatever depth: the first release, version 2.0, or
        a copy of either.

    keep_ambiguous : bool, default=False
        Whether to return the 281 recordings too that version 2.0 adds [2]_, which fewer than 80 % of the
        listeners recognised as the emotion that was acted.

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
            Speakers, ``"emodb-03"`` to ``"emodb-16"``.
        recordings : Recordings
            ``data`` that knows its speakers, for the transformers that need them.
        target_names : list of str
            The emotions in ``target``, sorted.
        metadata : dict of str to ndarray of shape (n_recordings,)
            ``corpus``, ``label`` (the emotion as the file name has it, ``"W"``), ``sex``, ``text`` (what is
            said) and ``take`` (a letter).
        left_out : dict of str to list of str
            Paths of the media files that were found and not taken, by reason.
        frame : DataFrame of shape (n_recordings, 8) or None
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
        Some of the 535 recordings are missing.
    SerWarning
        Audio files of other names were left out, or copies of a recording differ in size.

    See Also
    --------
    load_ravdess : A corpus in English with the same emotions but boredom.
    load_corpus : Any folder whose names tell emotion and speaker.

    Notes
    -----
    The emotion is the one that the actor was asked for, in every recording.

    References
    ----------
    .. [1] Burkhardt F, Paeschke A, Rolfes M, Sendlmeier WF, Weiss B (2005). A database of German emotional
       speech. Proceedings of Interspeech, 1517-1520. https://doi.org/10.21437/Interspeech.2005-446
    .. [2] Burkhardt F et al. (2025). EmoDB 2.0: A database of emotional speech in a world that is not black
       or white but grey. Proceedings of Interspeech.

    Examples
    --------
    A folder of one recording stands in for the corpus, hence the warning.

    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> from sklearn_ser.datasets import load_emodb
    >>> with tempfile.TemporaryDirectory() as root, warnings.catch_warnings(action="ignore"):
    ...     Path(root, "03a01Wa.wav").touch()
    ...     emodb = load_emodb(root)
    >>> emodb.target, emodb.groups
    (array(['angry'], dtype='<U5'), array(['emodb-03'], dtype='<U8'))
    >>> emodb.metadata["text"]
    array(['Der Lappen liegt auf dem Eisschrank.'], dtype='<U36')
    """

    def leave_out(recording):
        return "ambiguous" if EMODB.extras(recording) and not keep_ambiguous else None

    return read_corpus(EMODB, root, leave_out=leave_out, return_X_y=return_X_y, as_frame=as_frame)
