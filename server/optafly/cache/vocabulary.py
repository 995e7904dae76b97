"""The few words that the verdict knows something about; every other word only equals itself.

What is listed here is general knowledge of the languages, never fitted to a data set: a longer list serves more and
is wrong more.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words with which a question or a request opens: at the start of a sentence their case means nothing.
QUESTION_OPENERS = _words(
    """what what's why how when where which who whose is are was were am do does did can could will would should
    isn't aren't doesn't don't didn't can't couldn't won't wouldn't shouldn't has have had
    wie warum wieso weshalb wann wo welche welcher welches wer kann ist sind
    que quoi comment pourquoi quand où quel quelle quels quelles
    como cómo qué por cuando cuándo donde dónde cuál cual quién
    что как почему зачем когда где кто"""
)
OPENERS = QUESTION_OPENERS | _words(
    """please explain describe show tell give list find search count compare fix repair correct debug solve refactor
    rewrite rename move extract simplify clean optimise optimize improve speed write add create generate implement
    make build update change replace convert translate remove delete drop test document review check verify summarise
    summarize suggest help run install use let in the this there if i it"""
)

# Behind a word that asks, and nothing before them, these only begin a question: `what is`, `why does`.
AUXILIARIES = _words("is are was were am do does did can could will would should has have had")
# At the end of a prompt these leave open what it is about.
WANTING = _words("a an the my our of and or between called named use escape overload")

# Each says that something does not hold. Chinese and Japanese, which have no spaces, are looked at by character.
NEGATIONS = _words(
    """not no never none nothing nobody nowhere neither nor without cannot except unless non
    nicht kein keine keinen keinem keiner keines nie niemals nichts ohne weder noch außer
    ne pas jamais aucun aucune rien sans ni sauf point guère
    nunca jamás ningún ninguna ninguno nada sin tampoco excepto
    не нет ни никогда ничего без нельзя кроме никто"""
)
NEGATION_CHARACTERS = frozenset("不没沒无無未非别別勿莫否")
NEGATION_ENDINGS = ("ない", "なか", "なく", "なし", "ません", "ずに")

# Pairs where one for the other turns the meaning round: only to say so to a person, for they differ as words anyway.
ANTONYMS = frozenset(
    frozenset(pair.split("/"))
    for pair in _words(
        """ascending/descending asc/desc add/remove add/delete insert/delete create/delete create/remove
    enable/disable on/off in/out up/down before/after first/last min/max minimum/maximum smallest/largest
    shortest/longest lowest/highest oldest/newest earliest/latest left/right top/bottom start/stop open/close
    begin/end encode/decode encrypt/decrypt serialize/deserialize compress/decompress read/write import/export
    upload/download push/pull push/pop lock/unlock show/hide increase/decrease increment/decrement faster/slower
    more/less most/least all/any any/none true/false yes/no public/private static/dynamic sync/async
    synchronous/asynchronous mutable/immutable valid/invalid safe/unsafe signed/unsigned upper/lower
    uppercase/lowercase horizontal/vertical row/column rows/columns client/server local/remote global/local
    get/set with/without include/exclude allow/deny allow/forbid accept/reject merge/split join/split pass/fail
    success/failure old/new from/to input/output source/target parent/child install/uninstall mount/unmount
    subscribe/unsubscribe attach/detach connect/disconnect pack/unpack zip/unzip expand/collapse inner/outer
    internal/external strict/loose odd/even positive/negative wider/narrower advantages/disadvantages pros/cons
    """
    )
)

# Requests that are worded differently and ask the same, at the start of a prompt; a space stands for any spaces. They
# are applied in this order, each once.
FRAMES: tuple[tuple[str, str], ...] = (
    (r"(?:please|kindly) ", ""),
    (
        r"(?:could|would) you (?:please |kindly )?|(?:can|will) you (?:please|kindly) ",
        "",
    ),  # "can you" may be a question
    (r"i(?: want|'d like| would like| need) (?:you )?to (?=[^\W\d])", ""),
    (r"help me (?:to )?(?=[^\W\d])", ""),
    (r"(?:let's|let us) ", ""),
    (r"(?:tell|show|explain to) me (?=how |why |what |where |when |which )", ""),
    (r"explain (?:to|for) me ", "explain "),
    (r"how (?:do|can|could|would|should) (?:i|we|you|one) ", "how to "),
    (r"what's ", "what is "),
    (r"explain what (.{1,80}?) does[?.]?$", r"explain \1"),
    (r"what does (.{1,80}?) do[?.]?$", r"explain \1"),
    (r"explain (?=how |why )", ""),
    (r"how does (.{1,80}?) work[?.]?$", r"how \1 works"),
)
# At the end of a prompt these ask for nothing.
ENDINGS = r"(?:,? (?:please|thanks|thank you))+[.!]*$"

# Verbs that ask for the same thing when they open a request: the first of each group stands for the others.
SAME_REQUEST: tuple[tuple[str, ...], ...] = (
    ("explain", "describe"),
    ("fix", "repair", "correct"),
    ("remove", "delete"),
    ("show", "display"),
    ("optimise", "optimize"),
    ("summarise", "summarize"),
)
# Other spellings of one word, anywhere.
SAME_WORD: tuple[tuple[str, ...], ...] = (
    ("regex", "regexp"),
    ("behaviour", "behavior"),
    ("do", "does"),
    ("a", "an"),
)

# In front of another word these only point at it. Not `a`: `explain a decorator` is not about this one.
POINTERS = frozenset(("the", "this", "my", "our"))
# Behind one of those, these show that it stood for itself: `what is this in JavaScript`.
AFTER_A_NAME = _words(
    """a an the this my our is are was were do does did to from in on of for at by and or as with without into be has
    have not than then mean means when if return returns"""
)
