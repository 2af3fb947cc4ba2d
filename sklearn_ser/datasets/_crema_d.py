"""CREMA-D, the Crowd-sourced Emotional Multimodal Actors Dataset."""

import os

from sklearn.utils._param_validation import validate_params

from ._corpus import Corpus, read_corpus

_SPEAKERS = tuple(str(number) for number in range(1001, 1092))
_WOMEN = (
    "1002 1003 1004 1006 1007 1008 1009 1010 1012 1013 1018 1020 1021 1024 1025 1028 1029 1030 1037 1043 "
    "1046 1047 1049 1052 1053 1054 1055 1056 1058 1060 1061 1063 1072 1073 1074 1075 1076 1078 1079 1082 "
    "1084 1089 1091"
)

# Three waveforms were published twice, under two emotions; which one was meant cannot be told.
DEFECTIVE = {
    "1006_tie_hap_xx": "contradictory",
    "1006_tie_neu_xx": "contradictory",
    "1013_wsi_dis_xx": "contradictory",
    "1013_wsi_sad_xx": "contradictory",
    "1017_iww_ang_xx": "contradictory",
    "1017_iww_fea_xx": "contradictory",
    "1076_mti_sad_xx": "silent",
}

CREMA_D = Corpus(
    name="CREMA-D",
    title="Crowd-sourced Emotional Multimodal Actors Dataset",
    example="1001_DFA_ANG_XX.wav",
    pattern=(
        "(?P<speaker>100[1-9]|10[1-8][0-9]|109[01])_(?P<text>DFA|IEO|IOM|ITH|ITS|IWL|IWW|MTI|TAI|TIE|TSI|WSI)"
        "_(?P<emotion>ANG|DIS|FEA|HAP|NEU|SAD)_(?P<level>LO|MD|HI|XX)"
    ),
    emotions={
        "ANG": "angry",
        "DIS": "disgust",
        "FEA": "fearful",
        "HAP": "happy",
        "NEU": "neutral",
        "SAD": "sad",
    },
    speakers={code: "female" if code in _WOMEN.split() else "male" for code in _SPEAKERS},
    n_recordings=dict.fromkeys(_SPEAKERS, 82) | {"1002": 81, "1008": 76, "1009": 76, "1019": 76, "1076": 81},
    fields={
        "text": {
            "DFA": "Don't forget a jacket",
            "IEO": "It's eleven o'clock",
            "IOM": "I'm on my way to the meeting",
            "ITH": "I think I have a doctor's appointment",
            "ITS": "I think I've seen this before",
            "IWL": "I would like a new alarm clock",
            "IWW": "I wonder what this is about",
            "MTI": "Maybe tomorrow it will be cold",
            "TAI": "The airplane is almost full",
            "TIE": "That is exactly what happened",
            "TSI": "The surface is slick",
            "WSI": "We'll stop in a couple of minutes",
        },
        "level": {"LO": "low", "MD": "medium", "HI": "high", "XX": "unspecified"},
    },
    misnamed={"1040_ith_sad_x": "1040_ITH_SAD_XX"},
    licence="Open Database License 1.0, its contents under the Database Contents License 1.0",
    source="https://github.com/CheyneyComputerScience/CREMA-D",
    citation=(
        "Cao H, Cooper DG, Keutmann MK, Gur RC, Nenkova A, Verma R (2014). CREMA-D: Crowd-sourced Emotional "
        "Multimodal Actors Dataset. IEEE Transactions on Affective Computing 5(4): 377-390."
    ),
    defects=(
        "Three pairs are the same bytes under two emotions: 1006_TIE_HAP_XX and 1006_TIE_NEU_XX, "
        "1013_WSI_DIS_XX and 1013_WSI_SAD_XX, 1017_IWW_ANG_XX and 1017_IWW_FEA_XX. Both of each pair are "
        "left out unless keep_defective is true.",
        "1076_MTI_SAD_XX is silent. It is left out unless keep_defective is true.",
        "1040_ITH_SAD_XX is published as 1040_ITH_SAD_X.wav. It is returned, with level unspecified.",
        "AudioMP3 and VideoFlash hold the same recordings, some of them broken. Only WAV and FLAC are read.",
        "GitHub's archive of the repository holds git-lfs pointers in place of the audio; they are refused.",
    ),
    reasons={
        "contradictory": "the same bytes are published under two emotions; keep_defective=True takes them",
        "silent": "without sound; keep_defective=True takes it",
    },
)


@validate_params(
    {
        "root": [str, os.PathLike],
        "keep_defective": ["boolean"],
        "return_X_y": ["boolean"],
        "as_frame": ["boolean"],
    },
    prefer_skip_nested_validation=True,
)
def load_crema_d(root, *, keep_defective=False, return_X_y=False, as_frame=False):
    """Load CREMA-D, 91 actors speaking twelve sentences in six emotions [1]_.

    7442 recordings were published: neutral 1087, the other emotions 1271 each; 7435 are returned. Nothing is
    decoded; the file names tell all.

    Read more in the :ref:`User Guide <datasets>`.

    Parameters
    ----------
    root : str or path-like
        Folder that holds the recordings as WAV or FLAC, at whatever depth: the repository or its folder
        ``AudioWAV``.

    keep_defective : bool, default=False
        Whether to return seven defective recordings too: three pairs that are the same bytes under two
        emotions, and one without sound.

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
            Emotions, as they were acted.
        groups : ndarray of shape (n_recordings,), str
            Speakers, ``"crema_d-1001"`` to ``"crema_d-1091"``.
        recordings : Recordings
            ``data`` that knows its speakers, for the transformers that need them.
        target_names : list of str
            The emotions in ``target``, sorted.
        metadata : dict of str to ndarray of shape (n_recordings,)
            ``corpus``, ``label`` (the emotion as the file name has it, ``"ANG"``), ``sex``, ``text`` (what is
            said) and ``level`` (``"low"``, ``"medium"``, ``"high"`` or ``"unspecified"``).
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
        There is no such folder, it holds no such recording, or its files are no audio (git-lfs pointers).

    Warns
    -----
    IncompleteCorpusWarning
        Recordings that were published are missing.
    SerWarning
        Audio files of other names were left out, or copies of a recording differ in size.

    See Also
    --------
    load_ravdess : A corpus with two emotions more, calm and surprised.
    load_corpus : Any folder whose names tell emotion and speaker.

    Notes
    -----
    The emotion is the one that the actor was asked for. Listeners who heard the audio alone named it in 40 %
    of their answers, so the votes that come with the corpus are labels of another kind.

    References
    ----------
    .. [1] Cao H, Cooper DG, Keutmann MK, Gur RC, Nenkova A, Verma R (2014). CREMA-D: Crowd-sourced Emotional
       Multimodal Actors Dataset. IEEE Transactions on Affective Computing 5(4): 377-390.
       https://doi.org/10.1109/TAFFC.2014.2336244

    Examples
    --------
    A folder of one recording stands in for the corpus, hence the warning.

    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> from sklearn_ser.datasets import load_crema_d
    >>> with tempfile.TemporaryDirectory() as root, warnings.catch_warnings(action="ignore"):
    ...     Path(root, "1001_IEO_FEA_HI.wav").touch()
    ...     crema_d = load_crema_d(root)
    >>> crema_d.target, crema_d.groups
    (array(['fearful'], dtype='<U7'), array(['crema_d-1001'], dtype='<U12'))
    >>> crema_d.metadata["level"]
    array(['high'], dtype='<U4')
    """
    drop = None if keep_defective else DEFECTIVE
    return read_corpus(CREMA_D, root, drop=drop, return_X_y=return_X_y, as_frame=as_frame)
