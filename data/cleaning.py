"""Cleaning a text of a feed: HTML out, entities decoded, control characters out, whitespace collapsed."""

import html
import re

_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# A tag begins with a letter: "5 < 6" and "<3" are text.
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*|/)?>|<![a-zA-Z][^<>]*>")
# Tags within a word leave no gap ("H<sub>2</sub>O"); all others end it.
_INLINE = frozenset(
    {"a", "abbr", "b", "big", "em", "font", "i", "ins", "mark", "small", "span", "strong", "sub", "sup", "u"}
)
# What a database export leaves of a quote that it escaped twice: 10\" screen.
_ESCAPED_QUOTE = re.compile(r"\\+([\"'])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffc-\uffff\ud800-\udfff]")
# Feeds are often escaped once too often ("&amp;lt;p&amp;gt;"); more rounds than this are an attack.
_ROUNDS = 3


def clean_text(text: str) -> str:
    """Plain text of what may be HTML; cleaning it again changes nothing, unless it was escaped over three times."""
    for _ in range(_ROUNDS):
        if "<" not in text and "&" not in text:
            break
        before = text
        if "<" in text:
            text = _TAG.sub(_gap, _COMMENT.sub(" ", _SCRIPT.sub(" ", text)))
        text = html.unescape(text)
        if text == before:
            break
    if "\\" in text:
        text = _ESCAPED_QUOTE.sub(r"\1", text)
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text
    return " ".join(_CONTROL.sub(" ", text).split())


def _gap(tag: re.Match[str]) -> str:
    return "" if (tag.group(1) or "").lower() in _INLINE else " "


def cut_text(text: str, longest: int) -> str:
    """At most so many characters, cut at a blank where one is near the end."""
    if len(text) <= longest:
        return text
    head = text[:longest]
    blank = head.rfind(" ", longest * 9 // 10)
    return head[: blank if blank > 0 else longest].rstrip()
