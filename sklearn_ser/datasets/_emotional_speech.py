"""A corpus of emotional speech made by rule: nobody was recorded for it."""

from itertools import product
from numbers import Integral
from os import PathLike
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import lfilter
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, validate_params

from sklearn_ser._audio import resample
from sklearn_ser.exceptions import CorpusError

from ._bunch import count_each, describe, make_bunch
from ._vocal_tract import SAMPLE_RATE, STATEMENTS, Delivery, speak

# The position of each is its code in RAVDESS's file names, less one.
_EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
_INTENSITIES = ("normal", "strong")
# What the file names of RAVDESS can tell apart.
_MAX_NAMED_SPEAKERS = 24
_MAX_NAMED_REPETITIONS = 2

# fmt: off
# Units and signs are those of Delivery's fields, in its order:
#                    pitch melody final   rate  pause level   tilt breath rough tremor formants  slur
_VOICES = {
    "male":      (     2.9,  0.00, -2.0,  0.00,  0.03, -38.0,  8.0, -25.0,  0.0,  0.00,   0.000,  0.0),
    "female":    (    12.4,  0.00, -2.0,  0.00,  0.03, -39.0,  9.0, -22.0,  0.0,  0.00,   0.220,  0.0),
}
# What an emotion of normal intensity adds to the speaker's voice.
_RULES = {
    "neutral":   (     0.0,  0.00,  0.0,  0.00,  0.00,   0.0,  0.0,   0.0,  0.0,  0.00,   0.000,  0.0),
    "calm":      (    -1.5, -0.50, -0.5, -0.15,  0.06,  -4.0,  3.0,   4.0, -0.3,  0.00,   0.000,  0.3),
    "happy":     (     3.5,  0.60,  1.5,  0.10, -0.03,   6.0, -3.0,   1.0,  0.0,  0.00,   0.050, -0.1),
    "sad":       (    -0.5, -0.40, -2.0, -0.20,  0.12,  -4.0,  4.0,   5.0,  0.5,  0.20,  -0.020,  0.6),
    "angry":     (     4.0,  0.50, -3.0,  0.12, -0.02,  10.0, -6.0,  -4.0,  1.0,  0.00,   0.000, -0.4),
    "fearful":   (     6.0, -0.20,  1.0,  0.25,  0.00,   5.0, -1.0,   3.0,  0.8,  0.50,   0.010, -0.1),
    "disgust":   (    -2.0,  0.20, -4.0, -0.22,  0.10,   1.0,  1.0,  -2.0,  1.3,  0.00,  -0.030,  0.2),
    "surprised": (     5.0,  0.70,  7.0,  0.10,  0.02,   4.0, -1.0,   2.0,  0.0,  0.00,   0.020,  0.0),
}
# Standard deviations between voices of one sex, between speakers' ideas of one emotion, between renditions.
_OF_VOICES =     (     1.7,  0.17,  0.9,  0.08,  0.02,   1.7,  1.7,   1.7,  0.3,  0.04,   0.038, 0.15)
_OF_STRATEGIES = (     1.0,  0.20,  1.0,  0.08,  0.03,   1.5,  1.5,   1.5,  0.3,  0.10,   0.012, 0.15)
_OF_RENDITIONS = (     0.5,  0.10,  0.6,  0.03,  0.02,   0.5,  0.5,   0.5,  0.1,  0.03,   0.003, 0.07)
# fmt: on
_STRONG = 1.5  # times the rule
_OF_STRENGTH = 0.25  # standard deviation between speakers, of a logarithm
_STRONG_NEUTRAL = (1, 2)  # codes; nobody is strongly neutral


@validate_params(
    {
        "n_speakers": [Interval(Integral, 1, None, closed="left")],
        "n_repetitions": [Interval(Integral, 1, None, closed="left")],
        "emotions": ["array-like", None],
        "n_intensities": [Interval(Integral, 1, len(_INTENSITIES), closed="both")],
        "n_statements": [Interval(Integral, 1, len(STATEMENTS), closed="both")],
        "sample_rate": [Interval(Integral, 8_000, None, closed="left")],
        "folder": [str, PathLike, None],
        "return_X_y": ["boolean"],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=True,
)
def make_emotional_speech(
    n_speakers=8,
    n_repetitions=2,
    *,
    emotions=None,
    n_intensities=2,
    n_statements=2,
    sample_rate=16_000,
    folder=None,
    return_X_y=False,
    random_state=None,
):
    r"""Make a corpus of emotional speech by rule.

    Synthetic voices speak the two statements of RAVDESS [1]_ in up to eight emotions. It is made for trying
    things out where no corpus is at hand, as :func:`sklearn.datasets.make_classification` is: its emotions
    are cues of the literature put into numbers, and a score on it says nothing about people.

    Read more in the :doc:`User Guide </user_guide/synthetic_speech>`.

    Parameters
    ----------
    n_speakers : int, default=8
        Number of speakers: the first, third, … are men, the second, fourth, … women.
    n_repetitions : int, default=2
        How often each speaker repeats each statement in each emotion and intensity.
    emotions : array-like of str, default=None
        Which of "neutral", "calm", "happy", "sad", "angry", "fearful", "disgust" and "surprised" are spoken.
        None means all of them.
    n_intensities : {1, 2}, default=2
        1: every emotion is of normal intensity. 2: normal and strong; there is no strong "neutral".
    n_statements : {1, 2}, default=2
        1: "Kids are talking by the door". 2: "Dogs are sitting by the door" too.
    sample_rate : int, default=16000
        Samples per second, 8000 or more. The voices are made at 16 kHz and resampled, hence hold nothing
        above 8 kHz.
    folder : str or path-like, default=None
        An empty or new folder for the recordings: 16-bit WAV with the file names of RAVDESS, which
        :func:`load_ravdess` reads. These names tell 24 speakers and 2 repetitions apart, no more. None keeps
        the recordings in memory.
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.
    random_state : int, RandomState instance or None, default=None
        Decides on voices, manners and renditions. Pass an int for the same bytes in every call.

    Returns
    -------
    corpus : :class:`~sklearn.utils.Bunch`
        One entry a recording in each array, sorted by speaker, emotion, intensity, statement and repetition.

        data : ndarray of shape (n_recordings,), object
            Waveforms, 1-D float32 of unequal length; paths, if a `folder` was given.
        target : ndarray of shape (n_recordings,), str
            The emotion.
        groups : ndarray of shape (n_recordings,), str
            The speaker, "synthetic-01" and so on.
        recordings : Recordings
            ``data`` that knows its speakers, for the transformers that need them.
        target_names : list of str
            The emotions, sorted.
        metadata : dict of str to ndarray of shape (n_recordings,)
            "sex", "statement", "intensity" and "repetition".
        left_out : dict
            Empty: no recording is held back.
        frame : None
            Present in what every loader returns.
        DESCR : str
            Description.

    (data, target) : tuple of ndarray, if `return_X_y` is True
        The recordings and their emotions.

    Raises
    ------
    ValueError
        A parameter is out of its range, an emotion is unknown or named twice, or the file names cannot tell
        that many speakers or repetitions apart.
    CorpusError
        `folder` is a file or holds something already. Nothing is ever overwritten.

    See Also
    --------
    load_ravdess : Read the corpus that this one takes its form from, or a folder that this function wrote.

    Notes
    -----
    A glottal pulse train [2]_ with jitter, shimmer and breath noise, or noise alone, runs through seven
    resonators in cascade [3]_, whose frequencies move from phone to phone; vowels have the formants of [4]_.
    Twelve numbers describe how a statement is spoken: mean pitch, size of the pitch movements, final rise,
    tempo, pause, level, spectral tilt, breathiness, roughness, tremor, formant shift and slurring. They are
    the sum of the speaker's voice, a rule for the emotion, the speaker's own idea of that emotion, and
    chance. Directions of the rules follow [5]_, [6]_, [7]_, [8]_ and [9]_; their sizes were set by hand.

    Whatever is drawn for a recording depends on `random_state`, its speaker, emotion, intensity, statement
    and repetition alone. So more speakers, emotions or repetitions extend a corpus and leave its other
    recordings as they were.

    Amplitudes are multiples of 2\ :sup:`-15`, the same in memory as in a file. A recording that would clip is
    turned down as a whole.

    References
    ----------
    .. [1] Livingstone, S. R., & Russo, F. A. (2018). The Ryerson Audio-Visual Database of Emotional Speech
       and Song (RAVDESS). PLoS ONE, 13(5), e0196391. https://doi.org/10.1371/journal.pone.0196391
    .. [2] Klatt, D. H., & Klatt, L. C. (1990). Analysis, synthesis, and perception of voice quality
       variations among female and male talkers. Journal of the Acoustical Society of America, 87(2), 820-857.
       https://doi.org/10.1121/1.398894
    .. [3] Klatt, D. H. (1980). Software for a cascade/parallel formant synthesizer. Journal of the Acoustical
       Society of America, 67(3), 971-995. https://doi.org/10.1121/1.383940
    .. [4] Hillenbrand, J., Getty, L. A., Clark, M. J., & Wheeler, K. (1995). Acoustic characteristics of
       American English vowels. Journal of the Acoustical Society of America, 97(5), 3099-3111.
       https://doi.org/10.1121/1.411872
    .. [5] Murray, I. R., & Arnott, J. L. (1993). Toward the simulation of emotion in synthetic speech: A
       review of the literature on human vocal emotion. Journal of the Acoustical Society of America, 93(2),
       1097-1108. https://doi.org/10.1121/1.405558
    .. [6] Banse, R., & Scherer, K. R. (1996). Acoustic profiles in vocal emotion expression. Journal of
       Personality and Social Psychology, 70(3), 614-636. https://doi.org/10.1037/0022-3514.70.3.614
    .. [7] Burkhardt, F., & Sendlmeier, W. F. (2000). Verification of acoustical correlates of emotional
       speech using formant-synthesis. Proceedings of the ISCA Workshop on Speech and Emotion, Newcastle,
       Northern Ireland, 151-156.
    .. [8] Scherer, K. R. (2003). Vocal communication of emotion: A review of research paradigms. Speech
       Communication, 40(1-2), 227-256. https://doi.org/10.1016/S0167-6393(02)00084-5
    .. [9] Juslin, P. N., & Laukka, P. (2003). Communication of emotions in vocal expression and music
       performance: Different channels, same code? Psychological Bulletin, 129(5), 770-814.
       https://doi.org/10.1037/0033-2909.129.5.770

    Examples
    --------
    >>> from sklearn_ser import make_emotional_speech
    >>> corpus = make_emotional_speech(n_speakers=2, emotions=["sad", "angry"], random_state=0)
    >>> corpus.data.shape, corpus.data[0].dtype
    ((32,), dtype('float32'))
    >>> corpus.target_names
    ['angry', 'sad']
    >>> level = {emotion: [] for emotion in corpus.target_names}
    >>> for waveform, emotion in zip(corpus.data, corpus.target):
    ...     level[emotion].append(float(waveform.std()))
    >>> sum(level["angry"]) > 2 * sum(level["sad"])
    True
    """
    codes = _check_emotions(emotions)
    if folder is not None:
        folder = _check_folder(folder, n_speakers, n_repetitions)
    entropy = check_random_state(random_state).randint(2**31, size=4)

    keys = [
        key
        for key in product(
            range(1, n_speakers + 1),
            codes,
            range(1, n_intensities + 1),
            range(1, n_statements + 1),
            range(1, n_repetitions + 1),
        )
        if key[1:3] != _STRONG_NEUTRAL
    ]
    data = np.empty(len(keys), dtype=object)
    for i, key in enumerate(keys):
        samples = _record(entropy, key, sample_rate)
        data[i] = (
            (samples / 2**15).astype(np.float32)
            if folder is None
            else _write(folder, key, samples, sample_rate)
        )

    speakers, of_emotion, of_intensity, statements, repetitions = np.array(keys).T
    target = np.array(_EMOTIONS)[of_emotion - 1]
    description = describe(
        "Emotional speech made by rule",
        {
            "Recordings": f"{len(keys)}: {count_each(target)}",
            "Speakers": f"{n_speakers} synthetic voices",
            "Sample rate": f"{sample_rate} Hz",
            "Source": "sklearn_ser.make_emotional_speech",
            "Caution": "nobody was recorded; scores on this corpus say nothing about people",
        },
    )
    return make_bunch(
        data,
        target,
        [f"synthetic-{speaker:02d}" for speaker in speakers],
        {
            "sex": [_sex(speaker) for speaker in speakers],
            "statement": statements,
            "intensity": np.array(_INTENSITIES)[of_intensity - 1],
            "repetition": repetitions,
        },
        left_out={},
        descr=description,
        return_X_y=return_X_y,
        as_frame=False,
    )


def _check_emotions(emotions):
    """RAVDESS's codes of the emotions asked for, ascending."""
    if emotions is None:
        return range(1, len(_EMOTIONS) + 1)
    emotions = np.asarray(emotions, dtype=object).tolist()
    if not emotions:
        raise ValueError("emotions must name at least 1 emotion, or be None for all; got none.")
    for emotion in emotions:
        if emotion not in _EMOTIONS:
            raise ValueError(f"emotions must be among {', '.join(_EMOTIONS)}; got {emotion!r}.")
        if emotions.count(emotion) > 1:
            raise ValueError(
                f"emotions must be named once each; got {emotion!r} {emotions.count(emotion)} times."
            )
    return sorted(_EMOTIONS.index(emotion) + 1 for emotion in emotions)


def _check_folder(folder, n_speakers, n_repetitions):
    """Path of a folder that the whole corpus can be written to."""
    if n_speakers > _MAX_NAMED_SPEAKERS or n_repetitions > _MAX_NAMED_REPETITIONS:
        raise ValueError(
            f"RAVDESS's file names tell {_MAX_NAMED_SPEAKERS} speakers and {_MAX_NAMED_REPETITIONS} "
            f"repetitions apart; got {n_speakers=} and {n_repetitions=}. "
            "Without a folder, there may be any number."
        )
    folder = Path(folder).expanduser()
    if folder.exists() and not folder.is_dir():
        raise CorpusError(f"folder must be an empty or new folder; {str(folder)!r} is a file.")
    first = next(folder.iterdir(), None) if folder.exists() else None
    if first is not None:
        raise CorpusError(
            f"folder must be an empty or new folder; {str(folder)!r} holds {first.name!r} already."
        )
    return folder


def _write(folder, key, samples, sample_rate):
    """Write one recording under its RAVDESS name and return the path."""
    speaker, emotion, intensity, statement, repetition = key
    name = f"03-01-{emotion:02d}-{intensity:02d}-{statement:02d}-{repetition:02d}-{speaker:02d}.wav"
    path = folder / f"Actor_{speaker:02d}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(path, sample_rate, samples)
    return str(path)


def _sex(speaker):
    """Sex of a speaker, by RAVDESS's rule of odd and even numbers."""
    return "male" if speaker % 2 else "female"


def _generator(entropy, *key):
    """Random numbers of a speaker, an emotion of theirs or a recording, whatever else the corpus holds."""
    return np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=key))


def _deviations(rng):
    """One number of unit variance for each part of a delivery; bounded, so that nobody is beyond belief."""
    return rng.uniform(-np.sqrt(3), np.sqrt(3), size=len(Delivery._fields))


def _record(entropy, key, sample_rate):
    """One recording as 16-bit samples."""
    speaker, emotion, intensity, statement, _ = key
    of_speaker, of_strategy = _generator(entropy, speaker), _generator(entropy, speaker, emotion)
    rng = _generator(entropy, *key)

    voice = np.array(_VOICES[_sex(speaker)]) + _OF_VOICES * _deviations(of_speaker)
    room_level = of_speaker.normal(-72, 3)
    strength = np.exp(_OF_STRENGTH * of_strategy.uniform(-np.sqrt(3), np.sqrt(3)))
    if _INTENSITIES[intensity - 1] == "strong":
        strength *= _STRONG
    delivery = Delivery(
        *voice
        + strength * np.array(_RULES[_EMOTIONS[emotion - 1]])
        + _OF_STRATEGIES * _deviations(of_strategy)
        + _OF_RENDITIONS * _deviations(rng)
    )
    silences = rng.uniform(0.1, 0.35, size=2)
    waveform = speak(statement, delivery, silences, rng)
    room = lfilter([1], [1, -0.9], rng.standard_normal(len(waveform)))
    waveform = waveform + 10 ** (room_level / 20) * room / room.std()
    waveform = resample(waveform.astype(np.float32), SAMPLE_RATE, sample_rate)
    waveform = waveform * min(1, 0.98 / np.abs(waveform).max())
    return np.round(waveform * 2**15).astype(np.int16)
