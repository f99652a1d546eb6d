"""Texts that phones, programs and people of ill will can send."""

from hypothesis import strategies as st

# Every code point, the halves of surrogate pairs too: a decoder that is asked to may leave them.
ANY = st.text(st.characters(exclude_categories=()), max_size=300)
COMBINING = ["\u0301", "\u0323", "\u05b0\u05c1", "\u0f71\u0f72", "\u1ab0", "\u20e3", "\ufe0f"]
UNSEEN = ["\u200b", "\u200c", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u200f", "\u202e", "\u2066", "\u061c"]
FOREIGN = [
    "שלום",
    "مرحبا",
    "ﷺ",
    "ﬃ",
    "ß",
    "İ",
    "ǅ",
    "Ⅷ",
    "é",
    "привет",
    "你好",
    "ไทย",
    "𝟗",
    "𝓐",
    "９",
    "٣",
    "²",
    "½",
    "🔟",
]
SMILEYS = ["😀", "👨‍👩‍👧‍👦", "👍🏽", "🇫🇮", "<3", ":)", "9️⃣", "★"]
MARKS = [
    "-=",
    "=-",
    ",.",
    "!?",
    "'",
    "(",
    ")",
    "*",
    "_",
    "~",
    "#",
    "/",
    "\\",
    "%",
    "€",
    "&",
    "->",
    "\n",
    "\t",
    "\x00",
    " ",
]
DIGITS = ["0", "9", "10", "09", "100", "0401234567", "1_0", "9,5", "8/10", "3-4"]
WORDS = [
    "ysi",
    "kasi",
    "en",
    "ei",
    "tai",
    "klo",
    "kun",
    "koska",
    "apua",
    "ohita",
    "lopeta",
    "stop",
    "kuol",
    "halu",
    "t.",
]
PIECES = [*COMBINING, *UNSEEN, *FOREIGN, *SMILEYS, *MARKS, *DIGITS, *WORDS]

MIXED = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
SPACED = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
# As long as Twilio hands over, and longer.
LONG = st.tuples(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join), st.integers(50, 400)).map(
    lambda made: (made[0] * made[1])[:4000]
)
TEXTS = st.one_of(ANY, MIXED, SPACED, LONG)

# What a person reads past: nothing here is a word of ours, quotes what we sent, or ends a message early.
HARMLESS = st.lists(
    st.sampled_from([*COMBINING, *UNSEEN, *FOREIGN, *SMILEYS[:4], "!", "...", "9", "10", ",", "(", ")", "blaa", "xyz"]),
    max_size=30,
).map(" ".join)
