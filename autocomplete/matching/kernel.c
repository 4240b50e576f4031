/* The hot loops of matching over the arrays of `index.py`: ranges, postings, slips.

   Every function here has a twin in Python (`exact.py`, `prefix_match.py`, `infix.py`, `slips/readings.py`, `diversity.py`) that says what
   it does; the tests hold both equal. Nothing is copied: the arrays stay where they are mapped. Ids ascend by falling weight, so the best
   matches are the smallest numbers. No function keeps state or releases the interpreter lock: each is done in
   microseconds. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Longer words are not corrected; see `slips/readings.py`. */
#define LONGEST 63
#define MOST_WORDS 128
#define FAR 100
#define MOST_EDITS 2
/* As `index.TOP` may ask for at most; see `Kernel_check_top`. */
#define MOST_TOP 1024
/* Below it a sort of the postings is faster than bits for all completions. */
#define FEW_TO_SORT 1024

enum { OPEN, CLOSED, NEXT };

typedef struct {
    Py_buffer buffer;
    const void *at;
    Py_ssize_t size;
    Py_ssize_t width; /* bytes of a number */
} Array;

enum { WORDS, WORD_OFFSETS, LEXICAL, FIRST, SECOND, POSTINGS, POSTING_OFFSETS, LETTERS, LETTER_OFFSETS, HOT, HOT_ROWS, GROUPS, CATEGORIES, TEXT, TEXT_OFFSETS, WEIGHTS, LENGTH_FACTORS, ARRAYS };
/* Bytes of a number where they are not four; some may have one or two all the same. */
static const Py_ssize_t WIDTHS[ARRAYS] = {[TEXT] = 1, [LENGTH_FACTORS] = 8};
static const int NARROWED[ARRAYS] = {[WORDS] = 1, [SECOND] = 1, [GROUPS] = 1, [CATEGORIES] = 1};

typedef struct {
    PyObject_HEAD
    Array arrays[ARRAYS];
    int held;
    Py_ssize_t top;         /* width of a row of HOT_ROWS */
    Py_ssize_t most_scanned;
    Py_ssize_t hot;         /* completions that start alike, from which on they are crowded */
} Kernel;

#define A(kernel, name) ((const uint32_t *)(kernel)->arrays[name].at)
/* No completion has more: it is at most so many characters long. */
#define MOST_IN_TEXT 256

static Py_ssize_t vocabulary_size(const Kernel *kernel) { return kernel->arrays[LETTER_OFFSETS].size - 1; }

/* ---- the best so far: ascending, distinct ---- */

typedef struct {
    uint32_t ids[MOST_TOP];
    Py_ssize_t count, most;
} Best;

static void best_add(Best *best, uint32_t id) {
    if (best->count == best->most && id >= best->ids[best->count - 1]) return;
    Py_ssize_t low = 0, high = best->count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (best->ids[middle] < id) low = middle + 1;
        else high = middle;
    }
    if (low < best->count && best->ids[low] == id) return;
    if (best->count < best->most) best->count++;
    memmove(best->ids + low + 1, best->ids + low, (size_t)(best->count - 1 - low) * sizeof(uint32_t));
    best->ids[low] = id;
}

static PyObject *best_list(const Best *best) {
    PyObject *list = PyList_New(best->count);
    if (list == NULL) return NULL;
    for (Py_ssize_t i = 0; i < best->count; i++) {
        PyObject *number = PyLong_FromUnsignedLong(best->ids[i]);
        if (number == NULL) { Py_DECREF(list); return NULL; }
        PyList_SET_ITEM(list, i, number);
    }
    return list;
}

static uint32_t number(const Array *array, Py_ssize_t place) {
    if (array->width == 2) return ((const uint16_t *)array->at)[place];
    if (array->width == 4) return ((const uint32_t *)array->at)[place];
    return ((const uint8_t *)array->at)[place];
}

/* Of a column that is not stored where it is all zeros. */
static uint32_t number_or_zero(const Array *array, Py_ssize_t place) { return array->size ? number(array, place) : 0; }

/* A completion's words, into room for MOST_IN_TEXT; how many. */
static Py_ssize_t words_of(const Kernel *kernel, uint32_t id, uint32_t *words) {
    uint32_t from = A(kernel, WORD_OFFSETS)[id];
    Py_ssize_t size = A(kernel, WORD_OFFSETS)[id + 1] - from;
    if (size > MOST_IN_TEXT) size = MOST_IN_TEXT;
    for (Py_ssize_t i = 0; i < size; i++) words[i] = number(&kernel->arrays[WORDS], from + i);
    return size;
}

/* First place in [low, high) whose value is at least `value`. */
static Py_ssize_t lower(const Array *values, Py_ssize_t low, Py_ssize_t high, uint64_t value) {
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (number(values, middle) < value) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* ---- patterns ---- */

typedef struct {
    uint32_t words[MOST_WORDS];
    Py_ssize_t count;
    uint32_t low, high;
    int ending;
} Pattern;

static int read_pattern(const Kernel *kernel, PyObject *words, unsigned long low, unsigned long high, int ending, Pattern *pattern) {
    if (!PyTuple_Check(words)) { PyErr_SetString(PyExc_TypeError, "expected word ids as a tuple"); return 0; }
    pattern->count = PyTuple_GET_SIZE(words);
    unsigned long size = (unsigned long)vocabulary_size(kernel);
    if (pattern->count > MOST_WORDS || low > high || high > size || ending < OPEN || ending > NEXT) {
        PyErr_Format(PyExc_ValueError, "expected at most %d words, a range within %lu words and an ending from 0 to 2", MOST_WORDS, size);
        return 0;
    }
    for (Py_ssize_t i = 0; i < pattern->count; i++) {
        unsigned long word = PyLong_AsUnsignedLong(PyTuple_GET_ITEM(words, i));
        if (PyErr_Occurred()) return 0;
        if (word >= size) { PyErr_Format(PyExc_ValueError, "expected word ids below %lu, got %lu", size, word); return 0; }
        pattern->words[i] = (uint32_t)word;
    }
    pattern->low = (uint32_t)low;
    pattern->high = (uint32_t)high;
    pattern->ending = ending;
    return 1;
}

static int read_top(Py_ssize_t top_k) {
    if (top_k >= 1 && top_k <= MOST_TOP) return 1;
    PyErr_Format(PyExc_ValueError, "expected from 1 to %d matches, got %zd", MOST_TOP, top_k);
    return 0;
}

/* The best completions whose first word is in [low, high), from the table where there are many. */
static void first_words(const Kernel *kernel, uint32_t low, uint32_t high, Best *best) {
    const uint32_t *hot = A(kernel, HOT);
    Py_ssize_t from = 0, to = kernel->arrays[HOT].size / 2;
    if (best->most <= kernel->top) {
        while (from < to) {
            Py_ssize_t middle = (from + to) / 2;
            if (hot[2 * middle] < low || (hot[2 * middle] == low && hot[2 * middle + 1] < high)) from = middle + 1;
            else to = middle;
        }
        if (from < kernel->arrays[HOT].size / 2 && hot[2 * from] == low && hot[2 * from + 1] == high) {
            const uint32_t *row = A(kernel, HOT_ROWS) + from * kernel->top;
            for (Py_ssize_t i = 0; i < kernel->top; i++) {
                if (best->count == best->most && row[i] >= best->ids[best->count - 1]) break;
                best_add(best, row[i]);
            }
            return;
        }
    }
    const uint32_t *lexical = A(kernel, LEXICAL);
    for (uint32_t place = A(kernel, FIRST)[low]; place < A(kernel, FIRST)[high]; place++) best_add(best, lexical[place]);
}

/* Whether a completion goes on as the pattern does from its third word on. */
static int goes_on(const Kernel *kernel, uint32_t id, const Pattern *pattern) {
    uint32_t words[MOST_IN_TEXT];
    Py_ssize_t size = words_of(kernel, id, words);
    if (size < pattern->count + (pattern->ending != CLOSED)) return 0;
    for (Py_ssize_t i = 2; i < pattern->count; i++)
        if (words[i] != pattern->words[i]) return 0;
    uint32_t last = pattern->ending == OPEN ? words[pattern->count] : 0;
    return pattern->ending != OPEN || (last >= pattern->low && last < pattern->high);
}

/* The places in LEXICAL of the completions whose first two words are the pattern's, as far as it has them. */
static void places_of(const Kernel *kernel, const Pattern *pattern, Py_ssize_t *from, Py_ssize_t *to) {
    const Array *second = &kernel->arrays[SECOND];
    if (!pattern->count) {
        *from = A(kernel, FIRST)[pattern->low];
        *to = A(kernel, FIRST)[pattern->high];
        return;
    }
    *from = A(kernel, FIRST)[pattern->words[0]];
    *to = A(kernel, FIRST)[pattern->words[0] + 1];
    if (pattern->count > 1) {
        *from = lower(second, *from, *to, (uint64_t)pattern->words[1] + 1);
        *to = lower(second, *from, *to, (uint64_t)pattern->words[1] + 2);
    } else if (pattern->ending == OPEN) {
        *from = lower(second, *from, *to, (uint64_t)pattern->low + 1);
        *to = lower(second, *from, *to, (uint64_t)pattern->high + 1);
    } else if (pattern->ending == NEXT) {
        *from = lower(second, *from, *to, 1);
    }
}

PyDoc_STRVAR(prefix_doc, "prefix(words, low, high, ending, top_k) -> list[int]\n\nSee `prefix_match.prefix_matches`.");

static PyObject *Kernel_prefix(Kernel *self, PyObject *args) {
    PyObject *words;
    unsigned long low, high;
    int ending;
    Py_ssize_t top_k;
    Pattern pattern;
    if (!PyArg_ParseTuple(args, "Okkin", &words, &low, &high, &ending, &top_k)) return NULL;
    if (!read_pattern(self, words, low, high, ending, &pattern) || !read_top(top_k)) return NULL;
    Best best = {.count = 0, .most = top_k};
    if (!pattern.count) {
        first_words(self, pattern.low, pattern.high, &best);
        return best_list(&best);
    }
    Py_ssize_t from, to;
    places_of(self, &pattern, &from, &to);
    const uint32_t *lexical = A(self, LEXICAL);
    for (Py_ssize_t place = from; place < to; place++)
        if (pattern.count < 2 || goes_on(self, lexical[place], &pattern)) best_add(&best, lexical[place]);
    return best_list(&best);
}

/* ---- the order of what starts as typed ---- */

/* See `nearly_typed.py`. */
#define LONG_KEY 4
#define LAST_PLACES 1
#define VERY_LONG_KEY 9
#define MORE_LAST_PLACES 3

typedef struct {
    double scores[MOST_TOP + MORE_LAST_PLACES]; /* falling */
    uint32_t ids[MOST_TOP + MORE_LAST_PLACES];
    Py_ssize_t count, most;
} Scored;

typedef struct {
    uint32_t ids[MOST_TOP + MORE_LAST_PLACES];
    Py_ssize_t count;
} Started;

typedef struct {
    Py_ssize_t characters, size;
} Extent;

enum { ANYWHERE, BEGUN, HALF, NEARLY }; /* where in a completion one is taken to be */

static double score_of(const Kernel *kernel, uint32_t id, int where, double typed) {
    static const double times[] = {[BEGUN] = 4.0, [HALF] = 2.4, [NEARLY] = 1.6};
    Py_ssize_t length = A(kernel, TEXT_OFFSETS)[id + 1] - A(kernel, TEXT_OFFSETS)[id], longest = kernel->arrays[LENGTH_FACTORS].size - 1;
    const double *factors = (const double *)kernel->arrays[LENGTH_FACTORS].at;
    double base = (double)((const float *)kernel->arrays[WEIGHTS].at)[id] * factors[Py_MIN(length, longest)];
    if (where == ANYWHERE) return base;
    double longer = (double)length / (times[where] * typed), square = longer * longer;
    if (where == BEGUN) return base / (1.0 + square);
    double sixth = square * square * square;
    return base / (1.0 + (where == HALF ? sixth : sixth * sixth));
}

/* Equal scores go by id. */
static void scored_add(Scored *scored, double score, uint32_t id) {
    Py_ssize_t at = scored->count;
    if (at == scored->most) {
        at--;
        if (score < scored->scores[at] || (score == scored->scores[at] && id > scored->ids[at])) return;
    } else {
        scored->count++;
    }
    for (; at && (scored->scores[at - 1] < score || (scored->scores[at - 1] == score && scored->ids[at - 1] > id)); at--) {
        scored->scores[at] = scored->scores[at - 1];
        scored->ids[at] = scored->ids[at - 1];
    }
    scored->scores[at] = score;
    scored->ids[at] = id;
}

static int contains(const uint32_t *ids, Py_ssize_t count, uint32_t id) {
    for (Py_ssize_t i = 0; i < count; i++)
        if (ids[i] == id) return 1;
    return 0;
}

/* Of what is scored, the best that are not started yet, until there are `size`. */
static void fill_started(Started *started, const Scored *scored, Py_ssize_t size) {
    for (Py_ssize_t i = 0; i < scored->count && started->count < size; i++)
        if (!contains(started->ids, started->count, scored->ids[i])) started->ids[started->count++] = scored->ids[i];
}

static void score_all(const Kernel *kernel, const Best *best, int where, double typed, Scored *scored) {
    scored->count = 0;
    scored->most = best->count;
    for (Py_ssize_t i = 0; i < best->count; i++) scored_add(scored, score_of(kernel, best->ids[i], where, typed), best->ids[i]);
}

static int is_very_long(const Extent *typed) { return typed->characters >= VERY_LONG_KEY; }

/* The best by score, with the last places for what is nearly typed whole. */
static void order_started(const Kernel *kernel, const Best *best, const Scored *near, Py_ssize_t matched, Py_ssize_t limit, const Extent *typed, Started *started) {
    Scored by_score;
    score_all(kernel, best, is_very_long(typed) ? HALF : ANYWHERE, (double)typed->size, &by_score);
    Py_ssize_t before = limit - (is_very_long(typed) ? MORE_LAST_PLACES : LAST_PLACES);
    started->count = 0;
    if (matched > limit && before > 0) {
        fill_started(started, &by_score, before);
        fill_started(started, near, limit);
    }
    fill_started(started, &by_score, started->count + best->count);
}

static void find_started(const Kernel *kernel, const Pattern *pattern, Py_ssize_t limit, Py_ssize_t window, const Extent *typed, Started *started) {
    Best best = {.count = 0, .most = window};
    Scored near = {.count = 0, .most = limit + MORE_LAST_PLACES};
    Py_ssize_t from, to, matched = 0;
    int is_long = typed->characters >= LONG_KEY, where = is_very_long(typed) ? NEARLY : BEGUN;
    places_of(kernel, pattern, &from, &to);
    const uint32_t *lexical = A(kernel, LEXICAL);
    if (!pattern->count && (!is_long || to - from > kernel->hot)) {
        first_words(kernel, pattern->low, pattern->high, &best);
        matched = to - from;
    } else {
        for (Py_ssize_t place = from; place < to; place++) {
            uint32_t id = lexical[place];
            if (pattern->count > 1 && !goes_on(kernel, id, pattern)) continue;
            best_add(&best, id);
            if (is_long && ++matched <= kernel->hot) scored_add(&near, score_of(kernel, id, where, (double)typed->size), id);
        }
    }
    if (is_long) {
        /* Where many start so, no places are kept. */
        order_started(kernel, &best, &near, matched <= kernel->hot ? matched : 0, limit, typed, started);
        return;
    }
    memcpy(started->ids, best.ids, (size_t)best.count * sizeof(uint32_t));
    started->count = best.count;
}

PyDoc_STRVAR(by_nearness_doc, "by_nearness(ids, extent) -> list[int]\n\nSee `nearly_typed.by_nearness`; at most 1024 ids.");

static PyObject *Kernel_by_nearness(Kernel *self, PyObject *args) {
    PyObject *list;
    Extent typed;
    if (!PyArg_ParseTuple(args, "O!(nn)", &PyList_Type, &list, &typed.characters, &typed.size)) return NULL;
    Py_ssize_t size = PyList_GET_SIZE(list);
    if (size > MOST_TOP || typed.size < 1) {
        PyErr_Format(PyExc_ValueError, "expected at most %d ids and something typed, got %zd and %zd bytes", MOST_TOP, size, typed.size);
        return NULL;
    }
    Scored scored = {.count = 0, .most = size};
    for (Py_ssize_t i = 0; i < size; i++) {
        unsigned long id = PyLong_AsUnsignedLong(PyList_GET_ITEM(list, i));
        if (PyErr_Occurred()) return NULL;
        if (id >= (unsigned long)self->arrays[LEXICAL].size) { PyErr_SetString(PyExc_IndexError, "expected ids of completions"); return NULL; }
        scored_add(&scored, score_of(self, (uint32_t)id, is_very_long(&typed) ? HALF : ANYWHERE, (double)typed.size), (uint32_t)id);
    }
    PyObject *found = PyList_New(size);
    for (Py_ssize_t i = 0; found != NULL && i < size; i++) {
        PyObject *number = PyLong_FromUnsignedLong(scored.ids[i]);
        if (number == NULL) { Py_CLEAR(found); break; }
        PyList_SET_ITEM(found, i, number);
    }
    return found;
}

PyDoc_STRVAR(started_doc, "started(words, low, high, ending, limit, window, extent) -> list[int]\n\nSee `prefix_match.started_matches`.");

static int read_limits(Py_ssize_t limit, Py_ssize_t window, const Extent *typed) {
    if (limit >= 1 && limit <= window && window <= MOST_TOP && typed->characters >= 0 && (typed->size > 0 || !typed->characters)) return 1;
    PyErr_Format(PyExc_ValueError, "expected a limit from 1, a window from it to %d and characters from 0, of a byte or more each", MOST_TOP);
    return 0;
}

static PyObject *Kernel_started(Kernel *self, PyObject *args) {
    PyObject *words;
    unsigned long low, high;
    int ending;
    Py_ssize_t limit, window;
    Extent typed;
    Pattern pattern;
    if (!PyArg_ParseTuple(args, "Okkinn(nn)", &words, &low, &high, &ending, &limit, &window, &typed.characters, &typed.size)) return NULL;
    if (!read_pattern(self, words, low, high, ending, &pattern) || !read_limits(limit, window, &typed)) return NULL;
    Started started;
    find_started(self, &pattern, limit, window, &typed, &started);
    PyObject *list = PyList_New(started.count);
    for (Py_ssize_t i = 0; list != NULL && i < started.count; i++) {
        PyObject *number = PyLong_FromUnsignedLong(started.ids[i]);
        if (number == NULL) { Py_CLEAR(list); break; }
        PyList_SET_ITEM(list, i, number);
    }
    return list;
}

/* ---- words in any order ---- */

typedef struct {
    const uint32_t *ranges; /* (low, high) by twos, ascending, disjoint */
    Py_ssize_t count;
    Py_ssize_t place;
} Loose;

/* Which range holds a word; -1 for none. */
static Py_ssize_t range_of(const uint32_t *ranges, Py_ssize_t count, uint32_t word) {
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (ranges[2 * middle + 1] <= word) low = middle + 1;
        else high = middle;
    }
    return low < count && ranges[2 * low] <= word ? low : -1;
}

static int in_ranges(const Loose *loose, uint32_t word) { return range_of(loose->ranges, loose->count, word) >= 0; }

static int is_taken(const uint64_t *taken, Py_ssize_t at) { return (int)(taken[at >> 6] >> (at & 63) & 1); }

/* Gives each complete word the first place that holds it and is free; 0 where one has none. */
static int take_words(const uint32_t *words, Py_ssize_t size, const Pattern *pattern, uint64_t *taken) {
    for (Py_ssize_t i = 0; i < pattern->count; i++) {
        Py_ssize_t at = 0;
        while (at < size && (words[at] != pattern->words[i] || is_taken(taken, at))) at++;
        if (at == size) return 0;
        taken[at >> 6] |= (uint64_t)1 << (at & 63);
    }
    return 1;
}

static int is_partial(const Pattern *pattern, uint32_t word) { return word >= pattern->low && word < pattern->high; }

/* Whether each complete word, the partial one and the loose one have a place of their own (Hall's condition). */
static int holds_all(const uint32_t *words, Py_ssize_t size, const Pattern *pattern, const Loose *loose) {
    if (size < pattern->count + (pattern->ending != CLOSED) + (loose != NULL)) return 0;
    uint64_t taken[MOST_IN_TEXT / 64] = {0};
    if (!take_words(words, size, pattern, taken)) return 0;
    if (pattern->ending != OPEN && loose == NULL) return 1;
    int partial = 0, meant = 0, either = 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        if (is_taken(taken, at)) continue;
        int begun = pattern->ending == OPEN && is_partial(pattern, words[at]);
        int is_meant = loose != NULL && in_ranges(loose, words[at]);
        partial += begun;
        meant += is_meant;
        either += begun || is_meant;
    }
    if (loose == NULL) return partial > 0;
    if (pattern->ending != OPEN) return meant > 0;
    return partial > 0 && meant > 0 && either > 1;
}

/* Whether a completion that holds everything holds it at its start and in the typed order. */
static int starts(const uint32_t *words, const Pattern *pattern, const Loose *loose) {
    if (!in_ranges(loose, words[loose->place])) return 0;
    Py_ssize_t at = 0;
    for (Py_ssize_t i = 0; i < pattern->count; i++) {
        at += at == loose->place;
        if (words[at++] != pattern->words[i]) return 0;
    }
    if (pattern->ending != OPEN) return 1;
    at += at == loose->place;
    return is_partial(pattern, words[at]);
}

/* Postings of a range of words, distinct and ascending; the caller frees. */
static int compare_ids(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static Py_ssize_t postings_of(const Kernel *kernel, const uint32_t *ranges, Py_ssize_t count) {
    Py_ssize_t total = 0;
    for (Py_ssize_t i = 0; i < count; i++)
        total += A(kernel, POSTING_OFFSETS)[ranges[2 * i + 1]] - A(kernel, POSTING_OFFSETS)[ranges[2 * i]];
    return total;
}

/* The first distinct ids of the ranges' postings, ascending, at most `most_scanned`; `total` becomes how many. Many are
   sorted by setting bits: a million completions are 125 kB of them. */
static uint32_t *gather(const Kernel *kernel, const uint32_t *ranges, Py_ssize_t count, Py_ssize_t *total) {
    Py_ssize_t most = *total < kernel->most_scanned ? *total : kernel->most_scanned, at = 0;
    int few = *total < FEW_TO_SORT;
    uint32_t *ids = malloc((size_t)((few ? *total : most) + 1) * sizeof(uint32_t));
    Py_ssize_t blocks = kernel->arrays[LEXICAL].size / 64 + 1;
    uint64_t *bits = few ? NULL : calloc((size_t)blocks, sizeof(uint64_t));
    if (ids == NULL || (!few && bits == NULL)) { free(ids); free(bits); return NULL; }
    for (Py_ssize_t i = 0; i < count; i++) {
        uint32_t from = A(kernel, POSTING_OFFSETS)[ranges[2 * i]], to = A(kernel, POSTING_OFFSETS)[ranges[2 * i + 1]];
        if (few) {
            memcpy(ids + at, A(kernel, POSTINGS) + from, (size_t)(to - from) * sizeof(uint32_t));
            at += to - from;
        } else {
            for (uint32_t place = from; place < to; place++) {
                uint32_t id = A(kernel, POSTINGS)[place];
                bits[id >> 6] |= (uint64_t)1 << (id & 63);
            }
        }
    }
    if (few) {
        qsort(ids, (size_t)at, sizeof(uint32_t), compare_ids);
        Py_ssize_t kept = 0;
        for (Py_ssize_t i = 0; i < at; i++)
            if (!i || ids[i] != ids[i - 1]) ids[kept++] = ids[i];
        *total = kept < most ? kept : most;
        return ids;
    }
    for (Py_ssize_t block = 0; block < blocks && at < most; block++)
        for (uint64_t left = bits[block]; left && at < most; left &= left - 1)
            ids[at++] = (uint32_t)(block * 64 + __builtin_ctzll(left));
    free(bits);
    *total = at;
    return ids;
}

/* The shortest list that holds every match, ascending, at most `most_scanned` of it; `gathered` is to be freed. */
static const uint32_t *candidates_of(const Kernel *kernel, const Pattern *pattern, const Loose *loose, Py_ssize_t *size, uint32_t **gathered) {
    const uint32_t *candidates = NULL;
    const uint32_t *offsets = A(kernel, POSTING_OFFSETS);
    *gathered = NULL;
    *size = PY_SSIZE_T_MAX;
    for (Py_ssize_t i = 0; i < pattern->count; i++) {
        uint32_t from = offsets[pattern->words[i]], to = offsets[pattern->words[i] + 1];
        if ((Py_ssize_t)(to - from) < *size) { *size = to - from; candidates = A(kernel, POSTINGS) + from; }
    }
    uint32_t partial[2] = {pattern->low, pattern->high};
    Py_ssize_t of_partial = pattern->ending == OPEN ? postings_of(kernel, partial, 1) : PY_SSIZE_T_MAX;
    Py_ssize_t of_loose = loose != NULL ? postings_of(kernel, loose->ranges, loose->count) : PY_SSIZE_T_MAX;
    if (of_loose < *size && of_loose <= of_partial) {
        *gathered = gather(kernel, loose->ranges, loose->count, (*size = of_loose, size));
        candidates = *gathered;
    } else if (of_partial < *size) {
        *gathered = gather(kernel, partial, 1, (*size = of_partial, size));
        candidates = *gathered;
    }
    if (candidates == NULL) { PyErr_NoMemory(); return NULL; }
    if (*size > kernel->most_scanned) *size = kernel->most_scanned;
    return candidates;
}

/* Completions stand far apart in memory: their words are asked for some turns before they are looked at. */
#define AHEAD 12

static void prefetch(const Kernel *kernel, const uint32_t *candidates, Py_ssize_t at, Py_ssize_t size) {
    if (at + 2 * AHEAD < size) __builtin_prefetch(A(kernel, WORD_OFFSETS) + candidates[at + 2 * AHEAD]);
    if (at + AHEAD < size) {
        const Array *words = &kernel->arrays[WORDS];
        __builtin_prefetch((const char *)words->at + A(kernel, WORD_OFFSETS)[candidates[at + AHEAD]] * (size_t)words->width);
    }
}

/* The best that hold everything, in `holding`, and of them those that start so, in `starting` (not without a loose word). */
static int scan(const Kernel *kernel, const Pattern *pattern, const Loose *loose, Py_ssize_t top_k, Best *holding, Best *starting) {
    uint32_t *gathered;
    Py_ssize_t size;
    const uint32_t *candidates = candidates_of(kernel, pattern, loose, &size, &gathered);
    if (candidates == NULL) return 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        uint32_t id = candidates[at];
        uint32_t words[MOST_IN_TEXT];
        prefetch(kernel, candidates, at, size);
        Py_ssize_t length = words_of(kernel, id, words);
        if (!holds_all(words, length, pattern, loose)) continue;
        if (holding->count < top_k) holding->ids[holding->count++] = id;
        if (loose == NULL) {
            if (holding->count == top_k) break;
        } else if (starts(words, pattern, loose)) {
            starting->ids[starting->count++] = id;
            if (starting->count == top_k) break;
        }
    }
    free(gathered);
    return 1;
}

/* ---- everything that matches as typed ---- */

enum { AS_PREFIX, REORDERED, INFIX, ANY_ORDER, KINDS };

/* What the words of a completion that holds everything are to the pattern; see `exact.inner_kind`. */
static int inner_kind(const uint32_t *words, Py_ssize_t size, const Pattern *pattern) {
    Py_ssize_t count = pattern->count;
    if (size == count + (pattern->ending == OPEN)) return REORDERED;
    for (Py_ssize_t start = 1; start + count <= size; start++) {
        if (memcmp(words + start, pattern->words, (size_t)count * sizeof(uint32_t))) continue;
        if (pattern->ending == CLOSED) return INFIX;
        if (start + count == size) continue;
        uint32_t next = words[start + count];
        if (pattern->ending == NEXT || (next >= pattern->low && next < pattern->high)) return INFIX;
    }
    return ANY_ORDER;
}

/* Completions of two words, the typed ones in the other order: looked up, not scanned for. */
static void reordered_pairs(const Kernel *kernel, const Pattern *pattern, const Started *started, Best *reordered) {
    const uint32_t *lexical = A(kernel, LEXICAL), *first = A(kernel, FIRST), *offsets = A(kernel, WORD_OFFSETS);
    uint64_t second = (uint64_t)pattern->words[0] + 1;
    for (uint32_t word = pattern->low; word < pattern->high; word++) {
        Py_ssize_t place = lower(&kernel->arrays[SECOND], first[word], first[word + 1], second);
        for (; place < first[word + 1] && number(&kernel->arrays[SECOND], place) == second; place++) {
            uint32_t id = lexical[place];
            if (offsets[id + 1] - offsets[id] != 2) break;
            if (!contains(started->ids, started->count, id)) best_add(reordered, id);
        }
    }
}

static int add_kind(PyObject *found, const uint32_t *ids, Py_ssize_t count, PyObject *kind) {
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *id = PyLong_FromUnsignedLong(ids[i]);
        if (id == NULL) return 0;
        int failed = PyDict_SetItem(found, id, kind);
        Py_DECREF(id);
        if (failed) return 0;
    }
    return 1;
}

/* What holds the words of a pattern of at least one complete word, besides what starts with it; 0 for a failure. */
static int find_inner(const Kernel *kernel, const Pattern *pattern, const Started *started, Py_ssize_t limit, Py_ssize_t window, Best *found) {
    for (int kind = REORDERED; kind < KINDS; kind++) { found[kind].count = 0; found[kind].most = window; }
    Best *reordered = &found[REORDERED];
    int open = pattern->ending == OPEN, known = pattern->ending == NEXT;
    if (open && pattern->count == 1) {
        uint32_t word[2] = {pattern->words[0], pattern->words[0] + 1};
        Py_ssize_t postings = postings_of(kernel, word, 1);
        /* A look-up of a word costs as much as looking at eight completions. */
        if (postings > kernel->most_scanned || 8 * (Py_ssize_t)(pattern->high - pattern->low) < postings) {
            reordered_pairs(kernel, pattern, started, reordered);
            known = 1;
            if (started->count + reordered->count >= limit) return 1;
        }
    }
    uint32_t *gathered;
    Py_ssize_t size;
    const uint32_t *candidates = candidates_of(kernel, pattern, NULL, &size, &gathered);
    if (candidates == NULL) return 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        uint32_t id = candidates[at];
        prefetch(kernel, candidates, at, size);
        Py_ssize_t length = A(kernel, WORD_OFFSETS)[id + 1] - A(kernel, WORD_OFFSETS)[id];
        int full = found[INFIX].count + found[ANY_ORDER].count >= window;
        if (full && (known || reordered->count == window)) break;
        if (length == pattern->count + open ? known : full) continue;
        uint32_t words[MOST_IN_TEXT];
        length = words_of(kernel, id, words);
        if (!holds_all(words, length, pattern, NULL) || contains(started->ids, started->count, id)) continue;
        Best *best = &found[inner_kind(words, length, pattern)];
        if (best->count < window) best->ids[best->count++] = id;
    }
    free(gathered);
    return 1;
}

PyDoc_STRVAR(whole_doc, "whole(words) -> int\n\nSee `prefix_match.whole_match`; at least one word. -1 for none.");

static PyObject *Kernel_whole(Kernel *self, PyObject *words) {
    Pattern pattern;
    if (!read_pattern(self, words, 0, 0, CLOSED, &pattern)) return NULL;
    if (!pattern.count) { PyErr_SetString(PyExc_ValueError, "expected a word"); return NULL; }
    Py_ssize_t from, to;
    places_of(self, &pattern, &from, &to);
    for (; from < to; from++) {
        uint32_t id = A(self, LEXICAL)[from], held[MOST_IN_TEXT];
        Py_ssize_t size = words_of(self, id, held);
        Py_ssize_t same = 0, most = size < pattern.count ? size : pattern.count;
        while (same < most && held[same] == pattern.words[same]) same++;
        if (same == pattern.count && size == pattern.count) return PyLong_FromUnsignedLong(id);
        /* In the order of words: what is behind what was looked for. */
        if (same == pattern.count || (same < most && held[same] > pattern.words[same])) break;
    }
    return PyLong_FromLong(-1);
}

PyDoc_STRVAR(exact_doc, "exact(words, low, high, ending, limit, window, extent, kinds) -> dict[int, object]\n\nSee `exact.exact_matches`; at least one complete word.");

static PyObject *Kernel_exact(Kernel *self, PyObject *args) {
    PyObject *words, *kinds;
    unsigned long low, high;
    int ending;
    Py_ssize_t limit, window;
    Extent typed;
    Pattern pattern;
    if (!PyArg_ParseTuple(args, "Okkinn(nn)O!", &words, &low, &high, &ending, &limit, &window, &typed.characters, &typed.size, &PyTuple_Type, &kinds)) return NULL;
    if (!read_pattern(self, words, low, high, ending, &pattern) || !read_limits(limit, window, &typed)) return NULL;
    if (!pattern.count || PyTuple_GET_SIZE(kinds) != KINDS) {
        PyErr_Format(PyExc_ValueError, "expected a complete word and %d kinds", KINDS);
        return NULL;
    }
    Started started;
    find_started(self, &pattern, limit, window, &typed, &started);
    PyObject *dict = PyDict_New();
    if (dict == NULL) return NULL;
    int done = add_kind(dict, started.ids, started.count, PyTuple_GET_ITEM(kinds, AS_PREFIX));
    if (done && started.count < limit) {
        Best found[KINDS];
        done = find_inner(self, &pattern, &started, limit, window, found);
        Py_ssize_t better = started.count + found[REORDERED].count;
        for (int kind = REORDERED; done && kind < KINDS; kind++)
            if (kind == REORDERED || better < limit) done = add_kind(dict, found[kind].ids, found[kind].count, PyTuple_GET_ITEM(kinds, kind));
    }
    if (!done) Py_CLEAR(dict);
    return dict;
}

PyDoc_STRVAR(holding_doc, "holding(words, low, high, ending, top_k) -> list[int]\n\nSee `infix.word_matches`; at least one complete word, or a partial one.");

static PyObject *Kernel_holding(Kernel *self, PyObject *args) {
    PyObject *words;
    unsigned long low, high;
    int ending;
    Py_ssize_t top_k;
    Pattern pattern;
    if (!PyArg_ParseTuple(args, "Okkin", &words, &low, &high, &ending, &top_k)) return NULL;
    if (!read_pattern(self, words, low, high, ending, &pattern) || !read_top(top_k)) return NULL;
    Best best = {.count = 0, .most = top_k};
    if (!pattern.count) {
        if (ending != OPEN) { PyErr_SetString(PyExc_ValueError, "expected a complete or a partial word"); return NULL; }
        for (uint32_t at = A(self, POSTING_OFFSETS)[low]; at < A(self, POSTING_OFFSETS)[high]; at++)
            best_add(&best, A(self, POSTINGS)[at]);
        return best_list(&best);
    }
    if (!scan(self, &pattern, NULL, top_k, &best, NULL)) return NULL;
    return best_list(&best);
}

static uint32_t *read_ranges(const Kernel *kernel, PyObject *sequence, Py_ssize_t *count) {
    if (!PyTuple_Check(sequence)) { PyErr_SetString(PyExc_TypeError, "expected ranges as a tuple of pairs"); return NULL; }
    *count = PyTuple_GET_SIZE(sequence);
    uint32_t *ranges = malloc((size_t)(*count ? *count : 1) * 2 * sizeof(uint32_t));
    if (ranges == NULL) { PyErr_NoMemory(); return NULL; }
    unsigned long before = 0;
    for (Py_ssize_t i = 0; i < *count; i++) {
        unsigned long low, high;
        PyObject *pair = PyTuple_GET_ITEM(sequence, i);
        if (!PyTuple_Check(pair) || !PyArg_ParseTuple(pair, "kk", &low, &high)) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "expected ranges as a tuple of pairs");
            free(ranges);
            return NULL;
        }
        if (low < before || high < low || high > (unsigned long)vocabulary_size(kernel)) {
            PyErr_SetString(PyExc_ValueError, "expected ascending, disjoint ranges of word ids");
            free(ranges);
            return NULL;
        }
        before = high;
        ranges[2 * i] = (uint32_t)low;
        ranges[2 * i + 1] = (uint32_t)high;
    }
    return ranges;
}

PyDoc_STRVAR(loose_doc,
             "loose(words, low, high, ending, place, ranges, top_k, enough) -> (list[int], list[int])\n\nSee `infix.loose_matches`; ranges ascend. "
             "Without another word, or part of one, every completion that starts with a word of the ranges; where they are not "
             "`enough`, also every one that holds such a word.");

static PyObject *Kernel_loose(Kernel *self, PyObject *args) {
    PyObject *words, *sequence;
    unsigned long low, high;
    int ending;
    Py_ssize_t top_k, enough, place;
    Pattern pattern;
    if (!PyArg_ParseTuple(args, "OkkinOnn", &words, &low, &high, &ending, &place, &sequence, &top_k, &enough)) return NULL;
    if (!read_pattern(self, words, low, high, ending, &pattern) || !read_top(top_k)) return NULL;
    if (place < 0 || place > pattern.count + (ending == OPEN)) {
        PyErr_SetString(PyExc_ValueError, "expected the place of one of the words");
        return NULL;
    }
    Loose loose = {.place = place};
    uint32_t *ranges = read_ranges(self, sequence, &loose.count);
    if (ranges == NULL) return NULL;
    loose.ranges = ranges;
    Best holding = {.count = 0, .most = top_k}, starting = {.count = 0, .most = top_k};
    int done = 1;
    if (!pattern.count && ending == CLOSED) {
        for (Py_ssize_t i = 0; i < loose.count; i++) first_words(self, ranges[2 * i], ranges[2 * i + 1], &starting);
        if (starting.count < enough) {
            for (Py_ssize_t i = 0; i < loose.count; i++) {
                uint32_t from = A(self, POSTING_OFFSETS)[ranges[2 * i]], to = A(self, POSTING_OFFSETS)[ranges[2 * i + 1]];
                for (uint32_t at = from; at < to; at++) best_add(&holding, A(self, POSTINGS)[at]);
            }
        }
    } else {
        done = scan(self, &pattern, &loose, top_k, &holding, &starting);
    }
    free(ranges);
    if (!done) return NULL;
    PyObject *first = best_list(&starting);
    if (first == NULL) return NULL;
    PyObject *second = best_list(&holding);
    if (second == NULL) { Py_DECREF(first); return NULL; }
    return Py_BuildValue("(NN)", first, second);
}

/* Whether the word at a place of a completion that holds everything may be the loose one: the others have theirs without it. */
static int is_left(const uint32_t *words, Py_ssize_t size, const Pattern *others, const uint64_t *taken, Py_ssize_t at) {
    if (is_taken(taken, at)) return 0;
    if (others->ending != OPEN) return 1;
    for (Py_ssize_t other = 0; other < size; other++)
        if (other != at && !is_taken(taken, other) && is_partial(others, words[other])) return 1;
    return 0;
}

static int append_pair(PyObject *list, PyObject *id, Py_ssize_t range) {
    PyObject *pair = Py_BuildValue("On", id, range);
    int failed = pair == NULL || PyList_Append(list, pair) < 0;
    Py_XDECREF(pair);
    return failed ? -1 : 0;
}

PyDoc_STRVAR(meant_doc, "meant(ids, words, low, high, ending, place, ranges) -> list[tuple[int, int]]\n\nSee `infix.meant_ranges`; place -1 for wherever it stands.");

static PyObject *Kernel_meant(Kernel *self, PyObject *args) {
    PyObject *ids, *typed, *sequence;
    unsigned long low, high;
    int ending;
    Pattern others;
    Loose loose;
    if (!PyArg_ParseTuple(args, "O!OkkinO", &PyList_Type, &ids, &typed, &low, &high, &ending, &loose.place, &sequence)) return NULL;
    if (!read_pattern(self, typed, low, high, ending, &others)) return NULL;
    uint32_t *ranges = read_ranges(self, sequence, &loose.count);
    if (ranges == NULL) return NULL;
    loose.ranges = ranges;
    PyObject *found = PyList_New(0);
    for (Py_ssize_t i = 0; found != NULL && i < PyList_GET_SIZE(ids); i++) {
        unsigned long id = PyLong_AsUnsignedLong(PyList_GET_ITEM(ids, i));
        if (!PyErr_Occurred() && id >= (unsigned long)self->arrays[LEXICAL].size) PyErr_SetString(PyExc_IndexError, "expected ids of completions");
        if (PyErr_Occurred()) { Py_CLEAR(found); break; }
        uint32_t words[MOST_IN_TEXT];
        Py_ssize_t size = words_of(self, (uint32_t)id, words);
        uint64_t taken[MOST_IN_TEXT / 64] = {0};
        if (loose.place < 0) take_words(words, size, &others, taken);
        Py_ssize_t first = loose.place < 0 ? 0 : loose.place, last = loose.place < 0 ? size : Py_MIN(size, loose.place + 1);
        for (Py_ssize_t at = first; found != NULL && at < last; at++) {
            Py_ssize_t range = range_of(ranges, loose.count, words[at]);
            if (range < 0 || (loose.place < 0 && !is_left(words, size, &others, taken, at))) continue;
            if (append_pair(found, PyList_GET_ITEM(ids, i), range) < 0) Py_CLEAR(found);
        }
    }
    free(ranges);
    return found;
}

PyDoc_STRVAR(diverse_doc, "diverse(ids, limit, of_category) -> list[int]\n\nSee `diversity.diversify`; at most 1024 ids.");

static PyObject *Kernel_diverse(Kernel *self, PyObject *args) {
    PyObject *list;
    Py_ssize_t limit, of_category;
    if (!PyArg_ParseTuple(args, "O!nn", &PyList_Type, &list, &limit, &of_category)) return NULL;
    Py_ssize_t size = PyList_GET_SIZE(list), count = 0, crowded = 0, later = 0;
    if (size > MOST_TOP || limit < 0) {
        PyErr_Format(PyExc_ValueError, "expected at most %d ids and a limit from 0, got %zd and %zd", MOST_TOP, size, limit);
        return NULL;
    }
    uint32_t groups[MOST_TOP], categories[MOST_TOP];
    Py_ssize_t places[MOST_TOP], aside[MOST_TOP], behind[MOST_TOP];
    for (Py_ssize_t i = 0; i < size && count < limit; i++) {
        unsigned long id = PyLong_AsUnsignedLong(PyList_GET_ITEM(list, i));
        if (PyErr_Occurred()) return NULL;
        if (id >= (unsigned long)self->arrays[LEXICAL].size) { PyErr_SetString(PyExc_IndexError, "expected ids of completions"); return NULL; }
        uint32_t group = number_or_zero(&self->arrays[GROUPS], (Py_ssize_t)id), category = number_or_zero(&self->arrays[CATEGORIES], (Py_ssize_t)id);
        if (group && contains(groups, count + crowded, group)) { behind[later++] = i; continue; }
        groups[count + crowded] = group;
        Py_ssize_t alike = 0;
        for (Py_ssize_t at = 0; category && at < count; at++) alike += categories[at] == category;
        if (category && alike >= of_category) { aside[crowded++] = i; continue; }
        categories[count] = category;
        places[count++] = i;
    }
    for (Py_ssize_t i = 0; i < crowded && count < limit; i++) places[count++] = aside[i];
    for (Py_ssize_t i = 0; i < later && count < limit; i++) places[count++] = behind[i];
    PyObject *found = PyList_New(count);
    if (found == NULL) return NULL;
    for (Py_ssize_t i = 0; i < count; i++) PyList_SET_ITEM(found, i, Py_NewRef(PyList_GET_ITEM(list, places[i])));
    return found;
}

PyDoc_STRVAR(text_doc, "text(id) -> str");

static PyObject *Kernel_text(Kernel *self, PyObject *number) {
    unsigned long id = PyLong_AsUnsignedLong(number);
    if (PyErr_Occurred()) return NULL;
    if (id + 1 >= (unsigned long)self->arrays[TEXT_OFFSETS].size) { PyErr_SetString(PyExc_IndexError, "expected the id of a completion"); return NULL; }
    const uint32_t *offsets = A(self, TEXT_OFFSETS);
    return PyUnicode_DecodeUTF8((const char *)self->arrays[TEXT].at + offsets[id], offsets[id + 1] - offsets[id], NULL);
}

/* ---- slips ---- */

static int is_digit(uint32_t letter) { return letter < 128 ? letter >= '0' && letter <= '9' : Py_UNICODE_ISDIGIT(letter); }

typedef struct {
    const Kernel *kernel;
    const uint32_t *typed;
    int size, most, partial;
    PyObject *found; /* list of (string, low, high) */
    uint8_t rows[LONGEST + 4][LONGEST + 2];
    uint32_t path[LONGEST + 4];
} Walk;

static const uint32_t *word_at(const Kernel *kernel, Py_ssize_t word, Py_ssize_t *size) {
    uint32_t from = A(kernel, LETTER_OFFSETS)[word];
    *size = A(kernel, LETTER_OFFSETS)[word + 1] - from;
    return A(kernel, LETTERS) + from;
}

static int keep(Walk *walk, int depth, Py_ssize_t low, Py_ssize_t high) {
    PyObject *text = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, walk->path, depth);
    if (text == NULL) return 0;
    PyObject *entry = Py_BuildValue("(Nnn)", text, low, high);
    if (entry == NULL) return 0;
    int failed = PyList_Append(walk->found, entry);
    Py_DECREF(entry);
    return !failed;
}

/* The columns of row `depth` that can be within `most` edits: further from the diagonal there are more insertions alone. */
static int band_low(const Walk *walk, int depth) { return Py_MAX(0, depth - walk->most); }
static int band_high(const Walk *walk, int depth) { return Py_MIN(walk->size, depth + walk->most); }

/* Row `depth` of the distances between what was typed and the path: a typed digit stays, no digit is put in. Its least number. */
static int next_row(Walk *walk, int depth) {
    const uint8_t *above = walk->rows[depth - 1];
    uint8_t *row = walk->rows[depth];
    uint32_t letter = walk->path[depth - 1];
    int insertion = is_digit(letter) ? FAR : 1, low = band_low(walk, depth), high = band_high(walk, depth), least = FAR;
    for (int i = low; i <= high; i++) {
        int cost = above[i] + insertion;
        if (i) {
            uint32_t typed = walk->typed[i - 1];
            int fixed = is_digit(typed), other = above[i - 1] + (typed == letter ? 0 : fixed ? FAR : 1);
            if (other < cost) cost = other;
            other = row[i - 1] + (fixed ? FAR : 1);
            if (i > low && other < cost) cost = other;
            if (i > 1 && depth > 1 && typed == walk->path[depth - 2] && walk->typed[i - 2] == letter && !(fixed && is_digit(letter))) {
                other = walk->rows[depth - 2][i - 2] + 1;
                if (other < cost) cost = other;
            }
        }
        row[i] = (uint8_t)Py_MIN(cost, FAR);
        least = Py_MIN(least, row[i]);
    }
    if (high < walk->size) row[high + 1] = FAR; /* the next row reads it */
    return least;
}

/* First word of [low, high), all of the same first `depth` letters, whose next one is at least `letter`. */
static Py_ssize_t lower_branch(const Kernel *kernel, Py_ssize_t low, Py_ssize_t high, int depth, uint32_t letter) {
    Py_ssize_t size;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        const uint32_t *word = word_at(kernel, middle, &size);
        if (size <= depth || word[depth] < letter) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Behind the branch of word `low`. */
static Py_ssize_t branch_end(const Kernel *kernel, Py_ssize_t low, Py_ssize_t high, int depth, uint32_t letter) {
    Py_ssize_t size, known = low, end = low + 1, step = 1;
    /* Gallop: most branches are short. */
    while (end < high && word_at(kernel, end, &size)[depth] == letter) {
        known = end;
        end += step;
        step *= 2;
    }
    return lower_branch(kernel, known + 1, Py_MIN(end, high), depth, letter + 1);
}

static int walk_words(Walk *walk, int depth, Py_ssize_t low, Py_ssize_t high);

static int walk_branch(Walk *walk, int depth, uint32_t letter, Py_ssize_t low, Py_ssize_t high) {
    walk->path[depth] = letter;
    return next_row(walk, depth + 1) > walk->most || walk_words(walk, depth + 1, low, high);
}

/* Where no edit is left: the letters that cost none, ascending. How many. */
static int free_letters(const Walk *walk, int depth, uint32_t *letters) {
    int count = 0;
    for (int i = band_low(walk, depth); i <= band_high(walk, depth); i++) {
        uint32_t candidates[2];
        int of_place = 0;
        if (i < walk->size && walk->rows[depth][i] <= walk->most) candidates[of_place++] = walk->typed[i];
        /* The second of two letters that changed places; the path ends in the first. */
        if (i > 0 && i < walk->size && depth && walk->typed[i] == walk->path[depth - 1]) candidates[of_place++] = walk->typed[i - 1];
        for (int k = 0; k < of_place; k++) {
            int at = count;
            while (at && letters[at - 1] > candidates[k]) at--;
            if (at && letters[at - 1] == candidates[k]) continue;
            memmove(letters + at + 1, letters + at, (size_t)(count - at) * sizeof(uint32_t));
            letters[at] = candidates[k];
            count++;
        }
    }
    return count;
}

/* All words of [low, high) begin with the path of `depth` letters, within reach of what was typed. */
static int walk_words(Walk *walk, int depth, Py_ssize_t low, Py_ssize_t high) {
    Py_ssize_t size;
    int distance = depth + walk->most < walk->size ? FAR : walk->rows[depth][walk->size];
    if (walk->partial) {
        if (depth && distance && distance <= walk->most) return keep(walk, depth, low, high);
        if (depth && !distance) return 1; /* what goes on from what was typed matches as typed */
    } else {
        word_at(walk->kernel, low, &size);
        if (size == depth) {
            if (depth && distance && distance <= walk->most && !keep(walk, depth, low, low + 1)) return 0;
            low++;
        }
    }
    if (depth > walk->size + walk->most || depth > LONGEST) return 1;
    while (low < high && (word_at(walk->kernel, low, &size), size <= depth)) low++; /* a partial path that is a word */
    int least = FAR;
    for (int i = band_low(walk, depth); i <= band_high(walk, depth); i++) least = Py_MIN(least, walk->rows[depth][i]);
    if (least >= walk->most) {
        uint32_t letters[2 * (2 * MOST_EDITS + 1)];
        int count = free_letters(walk, depth, letters);
        for (int k = 0; k < count && low < high; k++) {
            low = lower_branch(walk->kernel, low, high, depth, letters[k]);
            if (low == high || word_at(walk->kernel, low, &size)[depth] != letters[k]) continue;
            Py_ssize_t end = branch_end(walk->kernel, low, high, depth, letters[k]);
            if (!walk_branch(walk, depth, letters[k], low, end)) return 0;
            low = end;
        }
        return 1;
    }
    while (low < high) {
        uint32_t letter = word_at(walk->kernel, low, &size)[depth];
        Py_ssize_t end = branch_end(walk->kernel, low, high, depth, letter);
        if (!walk_branch(walk, depth, letter, low, end)) return 0;
        low = end;
    }
    return 1;
}

PyDoc_STRVAR(neighbours_doc,
             "neighbours(word, partial, edits) -> list[tuple[str, int, int]]\n\nSee `readings.neighbours`; each with the range of words that it "
             "is, or that start with it, ascending.");

static PyObject *Kernel_neighbours(Kernel *self, PyObject *args) {
    PyObject *word;
    int partial, edits;
    if (!PyArg_ParseTuple(args, "Upi", &word, &partial, &edits)) return NULL;
    Py_ssize_t size = PyUnicode_GetLength(word);
    if (edits < 1 || edits > MOST_EDITS) { PyErr_SetString(PyExc_ValueError, "expected 1 or 2 edits"); return NULL; }
    PyObject *found = PyList_New(0);
    if (found == NULL || size > LONGEST - 2 || !size) return found;
    uint32_t typed[LONGEST];
    for (Py_ssize_t i = 0; i < size; i++) typed[i] = PyUnicode_READ_CHAR(word, i);
    Walk walk = {.kernel = self, .typed = typed, .size = (int)size, .most = edits, .partial = partial, .found = found};
    walk.rows[0][0] = 0;
    for (int i = 1; i <= walk.size; i++) {
        int cost = walk.rows[0][i - 1] + (is_digit(typed[i - 1]) ? FAR : 1);
        walk.rows[0][i] = (uint8_t)(cost > FAR ? FAR : cost);
    }
    if (!walk_words(&walk, 0, 0, vocabulary_size(self))) { Py_DECREF(found); return NULL; }
    return found;
}

/* ---- the object ---- */

static void Kernel_dealloc(Kernel *self) {
    for (int i = 0; i < self->held; i++) PyBuffer_Release(&self->arrays[i].buffer);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int Kernel_init(Kernel *self, PyObject *args, PyObject *kwargs) {
    PyObject *arrays;
    (void)kwargs;
    if (!PyArg_ParseTuple(args, "O!nnn", &PyTuple_Type, &arrays, &self->top, &self->most_scanned, &self->hot)) return -1;
    if (PyTuple_GET_SIZE(arrays) != ARRAYS) { PyErr_Format(PyExc_ValueError, "expected %d arrays", ARRAYS); return -1; }
    for (int i = 0; i < ARRAYS; i++) {
        Array *array = &self->arrays[i];
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(arrays, i), &array->buffer, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS) < 0) return -1;
        self->held = i + 1;
        array->width = array->buffer.itemsize;
        int narrow = NARROWED[i] && (array->width == 1 || array->width == 2);
        if (array->width != (WIDTHS[i] ? WIDTHS[i] : 4) && !narrow) {
            PyErr_Format(PyExc_TypeError, "expected numbers of %zd bytes in array %d, got %zd", WIDTHS[i] ? WIDTHS[i] : 4, i, array->width);
            return -1;
        }
        array->at = array->buffer.buf;
        array->size = array->buffer.len / array->width;
    }
    return 0;
}

static PyMethodDef Kernel_methods[] = {
    {"prefix", (PyCFunction)Kernel_prefix, METH_VARARGS, prefix_doc},
    {"holding", (PyCFunction)Kernel_holding, METH_VARARGS, holding_doc},
    {"loose", (PyCFunction)Kernel_loose, METH_VARARGS, loose_doc},
    {"by_nearness", (PyCFunction)Kernel_by_nearness, METH_VARARGS, by_nearness_doc},
    {"diverse", (PyCFunction)Kernel_diverse, METH_VARARGS, diverse_doc},
    {"exact", (PyCFunction)Kernel_exact, METH_VARARGS, exact_doc},
    {"started", (PyCFunction)Kernel_started, METH_VARARGS, started_doc},
    {"text", (PyCFunction)Kernel_text, METH_O, text_doc},
    {"whole", (PyCFunction)Kernel_whole, METH_O, whole_doc},
    {"meant", (PyCFunction)Kernel_meant, METH_VARARGS, meant_doc},
    {"neighbours", (PyCFunction)Kernel_neighbours, METH_VARARGS, neighbours_doc},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject KernelType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "autocomplete.matching._kernel.Kernel",
    .tp_basicsize = sizeof(Kernel),
    .tp_dealloc = (destructor)Kernel_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("Kernel(arrays, top, most_scanned, hot)\n\nOver the arrays in the order of `kernel.make_kernel`."),
    .tp_methods = Kernel_methods,
    .tp_init = (initproc)Kernel_init,
    .tp_new = PyType_GenericNew,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "autocomplete.matching._kernel", "Hot loops of matching.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void) {
    if (PyType_Ready(&KernelType) < 0) return NULL;
    PyObject *made = PyModule_Create(&module);
    if (made == NULL) return NULL;
    Py_INCREF(&KernelType);
    if (PyModule_AddObject(made, "Kernel", (PyObject *)&KernelType) < 0) { Py_DECREF(&KernelType); Py_DECREF(made); return NULL; }
    if (PyModule_AddObject(made, "SOURCE", PyLong_FromUnsignedLong(SOURCE)) < 0) { Py_DECREF(made); return NULL; }
    return made;
}
