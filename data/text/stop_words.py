"""Words that say how other words relate, not what is wanted; queries may leave them out, the index keeps them.

Words that turn a meaning round ("no", "not", "without") are not among them.
"""

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an and are as at be but by for from if in into is it its me my of on or our please some such that the "
        "their then there these they this to was we will with you your",
        "de": "als am an auch auf aus bei bis das dem den der des die ein eine einem einen einer eines es fur im in "
        "ist mein meine meinen mich mir mit nach oder sich sind und vom von wie zu zum zur",
        "es": "a al con como de del el ella en es esta este la las lo los me mi mis o para por que se su sus un una "
        "unas unos y",
        "fr": "a au aux avec ce ces cette d dans de des du elle en est et il ils j je l la le les leur ma me mes mon n "
        "ou par pour qu que qui s sa se ses son sont sur un une votre vos y",
    }.items()
}
