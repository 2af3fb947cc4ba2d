"""Which emotion is which in several corpora, and which are left out."""

from collections import Counter
from collections.abc import Mapping


def rename(emotions, label_map):
    """Call emotions what they are to be called.

    Parameters
    ----------
    emotions : dict of str to list
        Emotion of each recording, by corpus.
    label_map : mapping or None
        Names for all corpora, or mappings for some of them; None in the place of a name leaves it out.

    Returns
    -------
    dict of str to list
        The same with other names, and None where a recording is left out.
    """
    if not label_map:
        return emotions
    are_mappings = {isinstance(value, Mapping) for value in label_map.values()}
    if len(are_mappings) > 1:
        raise ValueError(
            "label_map must be a dict from emotions to emotions, or from corpora to such dicts; it is both: "
            f"{dict(label_map)!r}."
        )
    if are_mappings == {False}:
        _check_known(
            label_map, {one for of_corpus in emotions.values() for one in of_corpus}, "no corpus has"
        )
        maps = dict.fromkeys(emotions, label_map)
    else:
        if unknown := [name for name in label_map if name not in emotions]:
            raise ValueError(
                f"label_map names the corpus {unknown[0]!r}, and there are {', '.join(map(repr, emotions))}."
            )
        for name, of_corpus in label_map.items():
            _check_known(of_corpus, set(emotions[name]), f"{name!r} does not have")
        maps = label_map
    return {
        name: [maps.get(name, {}).get(emotion, emotion) for emotion in of_corpus]
        for name, of_corpus in emotions.items()
    }


def emotions_to_keep(emotions, rule, tested):
    """Give the set of emotions that training and test are about.

    Parameters
    ----------
    emotions : dict of str to list
        Emotion of each recording, by corpus; None is no emotion.
    rule : {"all", "common"} or list
        As ``cross_corpus`` has it.
    tested : list of str
        The corpora that are tested.
    """
    of_corpora = {name: set(of_corpus) - {None} for name, of_corpus in emotions.items()}
    every = set.union(*of_corpora.values())
    common = set.intersection(*of_corpora.values())
    if isinstance(rule, str):
        if rule == "all" and common != every:
            lacking = "; ".join(
                f"{name!r} lacks {', '.join(sorted(map(repr, every - own)))}"
                for name, own in of_corpora.items()
                if every - own
            )
            raise ValueError(
                f"Not all corpora have the same emotions, and each needs a rule: {lacking}. label_map gives "
                "emotions other names or leaves them out, emotions='common' keeps those that all have, and "
                "emotions=[...] keeps those in the list."
            )
        kept = common
    else:
        kept = set(rule)
        for name in tested:
            others = set().union(*(own for other, own in of_corpora.items() if other != name))
            for side, own in (
                ("in the tested corpus", of_corpora[name]),
                ("in the training corpora of", others),
            ):
                if kept - own:
                    raise ValueError(
                        f"emotions holds {', '.join(sorted(map(repr, kept - own)))}, which there is not "
                        f"{side} {name!r}."
                    )
    if len(kept) < 2:
        raise ValueError(
            f"cross_corpus needs at least 2 emotions that all sides have; there are {len(kept)}."
        )
    return kept


def count_left_out(parts, emotions, kept):
    """Count the recordings of each corpus and emotion, by the corpus's own name, that are not kept."""
    return {
        f"{emotion!r} of {name}": number
        for name, part in parts.items()
        for emotion, number in sorted(
            Counter(
                own for own, now in zip(part.y.tolist(), emotions[name], strict=True) if now not in kept
            ).items()
        )
    }


def _check_known(label_map, known, who):
    if unknown := [emotion for emotion in label_map if emotion not in known]:
        raise ValueError(
            f"label_map names {unknown[0]!r}, an emotion that {who}: there are "
            f"{', '.join(sorted(map(repr, known)))}."
        )
