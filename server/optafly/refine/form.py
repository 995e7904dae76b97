"""Whether a prompt is about how code is written down: its comments, its formatting, a line of it."""

from __future__ import annotations

import re

from optafly.domain import Intent

# In which the comments are part of what is asked for.
_WRITTEN: frozenset[Intent] = frozenset({"document", "implement", "review"})

# Beginnings of words, in the languages that prompts are refined in; one too many costs an answer, never a wrong one.
_WORDS = re.compile(
    r"""(?<![^\W_])(?:
      # English
        comment|docstring|doc\W?(?:string|comment)|javadoc|jsdoc|rustdoc|godoc|format|reformat|prettier|gofmt|rustfmt
      | lint|eslint|pylint|flake8|pep\W?8|indent|dedent|unindent|white\W?space|spac(?:e|es|ing)\b|tabs?\b|blank|newline
      | line
      | wrap|style|styling|spell|misspel|typo|trailing|align|layout|readab|tid(?:y|ie)|clean|pretty|beaut|todo|fixme
      | wording|grammar|column|here\b|headers?\b|licen[cs]e
      # German
      | kommentar|kommentier|auskommentier|formatier|einrück|einger|leerzeile|leerzeichen|zeile|rechtschreib
      | tippfehler|umbr|stil|lesbar|aufräum|räum|hier\b|spalte|ausricht
      # Spanish, French, Italian, Portuguese
      | coment|formato|formatea|sangr|estilo|l[ií]nea|espacio|ortogr|errata|legib|aqu[ií]\b|columna
      | commentaire|indentation|ligne|espace|orthogr|faute|lisib|ici\b|colonne|mise\ en
      | formatta|formato|stile|riga|righe|spazi|refus|leggib|qui\b|colonna
      | coment[áa]ri|recuo|linha|espaço|coluna|leg[ií]v|alinha
      # Russian
      | коммент|формат|отступ|стил|строк|пробел|орфогр|опечат|читаем|здесь|тут\b|столб|выравн
    )
    | 注释|註解|注解|格式|缩进|縮排|风格|空格|空行|换行|[这該该此一每]行|行号|行長|拼写|错别字|可读|这里|此处|对齐
    | コメント|書式|フォーマット|整形|インデント|字下げ|スタイル|空白|改行|[この一各]行|行[目数番]|綴り|誤字|スペル
    | ここ|読みやす
    | 주석|서식|포맷|들여쓰기|스타일|공백|줄|[이한각]\s?행|맞춤법|오타|여기|가독|정렬
    """,
    re.VERBOSE | re.IGNORECASE,
)


def about_form(prompt: str, intent: Intent) -> bool:
    """Say whether the answer to a prompt may depend on comments, white space or where a line ends."""
    return intent in _WRITTEN or _WORDS.search(prompt) is not None
