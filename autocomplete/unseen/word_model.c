/* The likeliest ways on from typed words, one call a keystroke; `word_model.py` holds the definition, and the same in numpy.

   Probabilities are added up in single precision and in numpy's order, so that both give the same to the bit. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* First words that are looked at, and second words of each; more than any caller asks for. */
#define MOST_FIRST 64
#define MOST_SECOND 32
#define MOST_CONTEXT 256

typedef struct {
    Py_buffer buffer;
    Py_ssize_t size, width;
} Array;

enum {
    UNIGRAM, END, SPOKEN, NEXT_OFFSETS, NEXT_WORDS, NEXT_COUNTS, NEXT_TOTALS,
    PAIR_OFFSETS, PAIR_WORDS, PAIR_COUNTS, PAIR_TOTALS, SECOND_WORDS, SECOND_CHANCES, ARRAYS
};
static const Py_ssize_t WIDTHS[ARRAYS] = {4, 4, 1, 4, 0, 4, 4, 4, 0, 4, 4, 0, 4}; /* bytes of a number; 0 for one, two or four */

typedef struct {
    PyObject_HEAD
    Array arrays[ARRAYS];
    int held;
    Py_ssize_t first, second, words;
    double pairs_share, pairs_doubt;
} WaysOn;

#define FLOATS(self, name) ((const float *)(self)->arrays[name].buffer.buf)
#define OFFSETS(self, name) ((const uint32_t *)(self)->arrays[name].buffer.buf)
#define FLAGS(self, name) ((const uint8_t *)(self)->arrays[name].buffer.buf)

static uint32_t number(const Array *array, Py_ssize_t place) {
    if (array->width == 2) return ((const uint16_t *)array->buffer.buf)[place];
    if (array->width == 4) return ((const uint32_t *)array->buffer.buf)[place];
    return ((const uint8_t *)array->buffer.buf)[place];
}

static void WaysOn_dealloc(WaysOn *self) {
    for (int i = 0; i < self->held; i++) PyBuffer_Release(&self->arrays[i].buffer);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Whether no word leads out of an array. */
static int fits(const WaysOn *self) {
    const Array *arrays = self->arrays;
    Py_ssize_t words = self->words;
    if (arrays[UNIGRAM].size != words + 1 || arrays[SPOKEN].size != words || arrays[PAIR_TOTALS].size != words) return 0;
    if (arrays[NEXT_TOTALS].size != 2 * words) return 0;
    if (arrays[SECOND_WORDS].size != self->second * words || arrays[SECOND_CHANCES].size != self->second * words) return 0;
    for (int row = NEXT_OFFSETS; row <= PAIR_OFFSETS; row += PAIR_OFFSETS - NEXT_OFFSETS) {
        if (arrays[row].size != words + 1 || arrays[row + 1].size != arrays[row + 2].size) return 0;
        const uint32_t *offsets = OFFSETS(self, row);
        for (Py_ssize_t word = 0; word < words; word++)
            if (offsets[word] > offsets[word + 1]) return 0;
        if ((Py_ssize_t)offsets[words] > arrays[row + 1].size) return 0;
    }
    return 1;
}

static int WaysOn_init(WaysOn *self, PyObject *args, PyObject *keywords) {
    PyObject *arrays;
    if (self->held) { PyErr_SetString(PyExc_TypeError, "expected to be made once"); return -1; }
    if (!PyArg_ParseTuple(args, "O!nndd", &PyTuple_Type, &arrays, &self->first, &self->second, &self->pairs_share, &self->pairs_doubt)) return -1;
    if (PyTuple_GET_SIZE(arrays) != ARRAYS || self->first < 1 || self->first > MOST_FIRST || self->second < 1 || self->second > MOST_SECOND) {
        PyErr_Format(PyExc_ValueError, "expected %d arrays, at most %d first and %d second words", ARRAYS, MOST_FIRST, MOST_SECOND);
        return -1;
    }
    for (int i = 0; i < ARRAYS; i++) {
        Array *array = &self->arrays[i];
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(arrays, i), &array->buffer, PyBUF_C_CONTIGUOUS) < 0) return -1;
        self->held++;
        array->width = array->buffer.itemsize;
        array->size = array->buffer.len / (array->width ? array->width : 1);
        if (WIDTHS[i] ? array->width != WIDTHS[i] : array->width != 1 && array->width != 2 && array->width != 4) {
            PyErr_Format(PyExc_ValueError, "expected another width of number in array %d, got %zd bytes", i, array->width);
            return -1;
        }
    }
    self->words = self->arrays[END].size;
    if (fits(self)) return 0;
    PyErr_SetString(PyExc_ValueError, "expected the arrays of one vocabulary");
    return -1;
}

/* Add the counts of a row's followers within [low, high), each times `factor`. */
static void add_row(const WaysOn *self, int row, uint32_t word, Py_ssize_t low, Py_ssize_t high, float factor, float *found) {
    const Array *words = &self->arrays[row + 1];
    const float *counts = FLOATS(self, row + 2);
    Py_ssize_t from = OFFSETS(self, row)[word], end = OFFSETS(self, row)[word + 1], to = end;
    while (from < to) {
        Py_ssize_t middle = from + (to - from) / 2;
        if ((Py_ssize_t)number(words, middle) < low) from = middle + 1;
        else to = middle;
    }
    for (; from < end; from++) {
        Py_ssize_t follower = number(words, from);
        if (follower >= high) return;
        if (follower >= low) found[follower - low] += counts[from] * factor;
    }
}

/* Probabilities of the words [low, high) behind a context, -1 for unknown words. */
static void first_probabilities(const WaysOn *self, const int64_t *context, Py_ssize_t size, Py_ssize_t low, Py_ssize_t high, float *found) {
    memcpy(found, FLOATS(self, UNIGRAM) + low, (size_t)(high - low) * sizeof(float));
    if (!size) return;
    int64_t last = context[size - 1];
    if (last >= 0) {
        float count = FLOATS(self, NEXT_TOTALS)[2 * last], share = FLOATS(self, NEXT_TOTALS)[2 * last + 1], rest = 1.0f - share;
        for (Py_ssize_t i = 0; i < high - low; i++) found[i] *= rest;
        add_row(self, NEXT_OFFSETS, (uint32_t)last, low, high, share / (count >= 1e-9f ? count : 1e-9f), found);
    }
    if (size < 2) return;
    float rest = (float)(1 - self->pairs_share);
    for (Py_ssize_t i = 0; i < high - low; i++) found[i] *= rest;
    for (Py_ssize_t at = 0; at < size - 1; at++) {
        if (context[at] < 0) continue;
        double total = FLOATS(self, PAIR_TOTALS)[context[at]];
        add_row(self, PAIR_OFFSETS, (uint32_t)context[at], low, high, (float)(self->pairs_share / ((double)(size - 1) * (total + self->pairs_doubt))), found);
    }
}

/* The largest values so far; equal ones in the order they came. */
typedef struct {
    float *values;
    Py_ssize_t *places;
    Py_ssize_t count, most;
} Largest;

static void largest_add(Largest *largest, float value, Py_ssize_t place) {
    if (!(value > 0) || !largest->most) return;
    if (largest->count == largest->most && value <= largest->values[largest->count - 1]) return;
    Py_ssize_t at = largest->count < largest->most ? largest->count++ : largest->count - 1;
    for (; at && largest->values[at - 1] < value; at--) {
        largest->values[at] = largest->values[at - 1];
        largest->places[at] = largest->places[at - 1];
    }
    largest->values[at] = value;
    largest->places[at] = place;
}

static PyObject *way(const WaysOn *self, Py_ssize_t first, Py_ssize_t column, float probability) {
    if (!column) return Py_BuildValue("((n)d)", first, (double)probability);
    uint32_t second = number(&self->arrays[SECOND_WORDS], first * self->second + column - 1);
    return Py_BuildValue("((nI)d)", first, (unsigned int)second, (double)probability);
}

/* The best `most` of one word alone, and with each of its likeliest second words. */
static PyObject *ways_of(const WaysOn *self, const Largest *first, Py_ssize_t low, const uint8_t *allowed, Py_ssize_t most) {
    float values[MOST_FIRST * (1 + MOST_SECOND)];
    Py_ssize_t places[MOST_FIRST * (1 + MOST_SECOND)], columns = 1 + self->second;
    Largest both = {values, places, 0, most < first->count * columns ? most : first->count * columns};
    for (Py_ssize_t row = 0; row < first->count; row++) {
        Py_ssize_t word = first->places[row] + low;
        largest_add(&both, FLOATS(self, END)[word] * first->values[row], row * columns);
        for (Py_ssize_t column = 1; column < columns; column++) {
            Py_ssize_t at = word * self->second + column - 1;
            uint32_t second = number(&self->arrays[SECOND_WORDS], at);
            if ((Py_ssize_t)second >= self->words || (allowed != NULL && !allowed[second])) continue;
            largest_add(&both, FLOATS(self, SECOND_CHANCES)[at] * first->values[row], row * columns + column);
        }
    }
    PyObject *list = PyList_New(both.count);
    for (Py_ssize_t i = 0; list != NULL && i < both.count; i++) {
        PyObject *each = way(self, first->places[places[i] / columns] + low, places[i] % columns, values[i]);
        if (each == NULL) Py_CLEAR(list);
        else PyList_SET_ITEM(list, i, each);
    }
    return list;
}

PyDoc_STRVAR(likeliest_doc,
             "likeliest(context, low, high, whole, allowed, most) -> list[tuple[tuple[int, ...], float]]\n\n"
             "See `WordModel.continuations`: context holds word ids, -1 for unknown ones; the first word is in [low, high), or `whole`, -1 for none; "
             "allowed holds a flag for each word, or is None.");

static PyObject *WaysOn_likeliest(WaysOn *self, PyObject *args) {
    PyObject *typed, *flags;
    Py_ssize_t low, high, whole, most;
    if (!PyArg_ParseTuple(args, "O!nnnOn", &PyTuple_Type, &typed, &low, &high, &whole, &flags, &most)) return NULL;
    Py_ssize_t size = PyTuple_GET_SIZE(typed);
    if (size > MOST_CONTEXT || low < 0 || low > high || high > self->words || most < 0) {
        PyErr_Format(PyExc_ValueError, "expected at most %d words, a range within %zd words and a number from 0", MOST_CONTEXT, self->words);
        return NULL;
    }
    int64_t context[MOST_CONTEXT];
    for (Py_ssize_t i = 0; i < size; i++) {
        context[i] = PyLong_AsLongLong(PyTuple_GET_ITEM(typed, i));
        if (PyErr_Occurred()) return NULL;
        if (context[i] < -1 || context[i] >= self->words) { PyErr_Format(PyExc_ValueError, "expected word ids below %zd", self->words); return NULL; }
    }
    Py_buffer buffer = {.buf = NULL};
    if (flags != Py_None && PyObject_GetBuffer(flags, &buffer, PyBUF_C_CONTIGUOUS) < 0) return NULL;
    PyObject *list = NULL;
    const uint8_t *allowed = buffer.buf;
    float *found = malloc((size_t)(high - low) * sizeof(float) + 1);
    if (flags != Py_None && (buffer.len != self->words || buffer.itemsize != 1)) PyErr_Format(PyExc_ValueError, "expected a flag for each of %zd words", self->words);
    else if (found == NULL) PyErr_NoMemory();
    else {
        float values[MOST_FIRST];
        Py_ssize_t places[MOST_FIRST];
        Largest first = {values, places, 0, self->first};
        first_probabilities(self, context, size, low, high, found);
        const uint8_t *spoken = FLAGS(self, SPOKEN);
        for (Py_ssize_t word = low; word < high; word++)
            if ((spoken[word] || word == whole) && (allowed == NULL || allowed[word])) largest_add(&first, found[word - low], word - low);
        list = ways_of(self, &first, low, allowed, most);
    }
    free(found);
    if (flags != Py_None) PyBuffer_Release(&buffer);
    return list;
}

static PyMethodDef WaysOn_methods[] = {
    {"likeliest", (PyCFunction)WaysOn_likeliest, METH_VARARGS, likeliest_doc},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject WaysOnType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "autocomplete.unseen._word_model.WaysOn",
    .tp_basicsize = sizeof(WaysOn),
    .tp_dealloc = (destructor)WaysOn_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("WaysOn(arrays, first, second, pairs_share, pairs_doubt)\n\nOver the arrays of `word_model.ARRAYS`, in their order."),
    .tp_methods = WaysOn_methods,
    .tp_init = (initproc)WaysOn_init,
    .tp_new = PyType_GenericNew,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "autocomplete.unseen._word_model", "The likeliest ways on.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__word_model(void) {
    if (PyType_Ready(&WaysOnType) < 0) return NULL;
    PyObject *made = PyModule_Create(&module);
    if (made == NULL) return NULL;
    Py_INCREF(&WaysOnType);
    if (PyModule_AddObject(made, "WaysOn", (PyObject *)&WaysOnType) < 0) { Py_DECREF(&WaysOnType); Py_DECREF(made); return NULL; }
    if (PyModule_AddObject(made, "SOURCE", PyLong_FromUnsignedLong(SOURCE)) < 0) { Py_DECREF(made); return NULL; }
    return made;
}
