"""What nobody sees of a text, and programs do: a way to hide what it says from whoever compares characters."""

# What Unicode calls default ignorable, controls other than blanks, and marks that are drawn around letters: folding
# leaves some of these, and makes blanks of others.
_INVISIBLE = (
    *((0x00, 0x09), (0x0E, 0x1C), (0x7F, 0x85), (0x86, 0xA0), (0xAD, 0xAE), (0x34F, 0x350), (0x61C, 0x61D)),
    *((0x115F, 0x1161), (0x17B4, 0x17B6), (0x180B, 0x1810), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00), (0x200B, 0x2010)),
    *((0x202A, 0x202F), (0x2060, 0x2070), (0x20D0, 0x2100), (0x3164, 0x3165), (0xFE00, 0xFE10), (0xFE20, 0xFE30)),
    *((0xFEFF, 0xFF00), (0xFFA0, 0xFFA1), (0xFFF0, 0xFFFC), (0x1D173, 0x1D17B), (0xE0000, 0xE1000)),
)
_NOTHING = dict.fromkeys((code for first, end in _INVISIBLE for code in range(first, end)), "")


def without_invisible(text: str) -> str:
    """A text without what nobody sees; the words around a zero-width space are one."""
    return text if text.isascii() and text.isprintable() else text.translate(_NOTHING)
