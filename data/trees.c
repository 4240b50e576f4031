/* Scores of boosted trees for a few dozen rows at a time: QuickScorer (Lucchese et al., SIGIR 2015), rows side by side.

   A tree's leaves are bits, leftmost lowest. A node whose test fails rules out the leaves on its left; what is left of all
   ones, after every node was asked about every row of a block, begins with the row's leaf. No branch depends on a row, and
   several rows are asked at once. Trees add up in their order, in double precision, as LightGBM adds them: the
   scores are the same to the bit. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 32
#define MOST_LEAVES 32
#define WIDTH 8
#define WIDTHS (BLOCK / WIDTH)

/* Of eight rows; GCC and Clang cut them where the processor's registers are narrower. */
typedef float Floats __attribute__((vector_size(4 * WIDTH), aligned(4)));
typedef uint32_t Bits __attribute__((vector_size(4 * WIDTH), aligned(4)));

typedef struct {
    float threshold;
    int32_t feature;
    uint32_t kept; /* leaves that are not on its left */
} Node;

typedef struct {
    int32_t nodes, leaves; /* of this tree; both follow those of the trees before */
} Tree;

typedef struct {
    PyObject_HEAD
    Node *nodes;
    double *values; /* of the leaves, left to right */
    Tree *trees;
    Py_ssize_t count, features;
} Trees;

static void Trees_dealloc(Trees *self) {
    free(self->nodes);
    free(self->values);
    free(self->trees);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static void *copied(const Py_buffer *buffer) {
    void *copy = malloc(buffer->len ? buffer->len : 1);
    if (copy == NULL) PyErr_NoMemory();
    else memcpy(copy, buffer->buf, buffer->len);
    return copy;
}

/* Nothing that is read later leads out of an array. */
static int check(const Trees *self, Py_ssize_t nodes, Py_ssize_t values) {
    Py_ssize_t of_nodes = 0, of_values = 0;
    for (Py_ssize_t tree = 0; tree < self->count; tree++) {
        int32_t leaves = self->trees[tree].leaves;
        if (leaves < 1 || leaves > MOST_LEAVES || self->trees[tree].nodes != leaves - 1) return 0;
        of_nodes += self->trees[tree].nodes;
        of_values += leaves;
        if (of_nodes > nodes) return 0;
        for (Py_ssize_t node = of_nodes - self->trees[tree].nodes; node < of_nodes; node++) {
            /* The rightmost leaf stays whatever fails, so that some bit is always left. */
            if (!(self->nodes[node].kept >> (leaves - 1) & 1)) return 0;
            if (self->nodes[node].feature < 0 || self->nodes[node].feature >= self->features) return 0;
        }
    }
    return of_nodes == nodes && of_values == values;
}

static int Trees_init(Trees *self, PyObject *arguments, PyObject *keywords) {
    Py_buffer nodes, values, trees;
    Py_ssize_t features;
    if (self->nodes != NULL) {
        PyErr_SetString(PyExc_ValueError, "trees are made once");
        return -1;
    }
    if (!PyArg_ParseTuple(arguments, "y*y*y*n", &nodes, &values, &trees, &features)) return -1;
    self->features = features;
    self->count = trees.len / (Py_ssize_t)sizeof(Tree);
    self->nodes = copied(&nodes);
    self->values = copied(&values);
    self->trees = copied(&trees);
    int made = self->nodes != NULL && self->values != NULL && self->trees != NULL;
    if (made && !check(self, nodes.len / (Py_ssize_t)sizeof(Node), values.len / (Py_ssize_t)sizeof(double))) {
        PyErr_SetString(PyExc_ValueError, "expected trees of 1 to 32 leaves whose nodes name known features");
        made = 0;
    }
    PyBuffer_Release(&nodes);
    PyBuffer_Release(&values);
    PyBuffer_Release(&trees);
    return made ? 0 : -1;
}

/* Where the processor asks eight rows at once, it may: the program that is loaded decides. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDEST __attribute__((target_clones("avx2", "default")))
#else
#define WIDEST
#endif

/* `columns` is (features, BLOCK). */
WIDEST static void score_block(const Trees *self, const Floats (*columns)[WIDTHS], double *sums) {
    const Node *node = self->nodes;
    const double *values = self->values;
    for (int row = 0; row < BLOCK; row++) sums[row] = 0.0;
    for (Py_ssize_t tree = 0; tree < self->count; tree++) {
        union { Bits wide[WIDTHS]; uint32_t row[BLOCK]; } left;
        Bits held[WIDTHS];
        for (int wide = 0; wide < WIDTHS; wide++) held[wide] = (Bits){0} - 1;
        for (const Node *end = node + self->trees[tree].nodes; node < end; node++) {
            const Floats *column = columns[node->feature];
            const Floats threshold = (Floats){0} + node->threshold;
            const Bits kept = (Bits){0} + node->kept;
            for (int wide = 0; wide < WIDTHS; wide++) held[wide] &= kept | (Bits)(column[wide] <= threshold);
        }
        for (int wide = 0; wide < WIDTHS; wide++) left.wide[wide] = held[wide];
        for (int row = 0; row < BLOCK; row++) sums[row] += values[__builtin_ctz(left.row[row])];
        values += self->trees[tree].leaves;
    }
}

PyDoc_STRVAR(scores_doc, "scores(rows, scores) -> whether they were scored: rows (n, features) float32, scores (n,) float64, filled; rows that are not all numbers are not.");

static PyObject *Trees_scores(Trees *self, PyObject *arguments) {
    Py_buffer rows, scores;
    if (!PyArg_ParseTuple(arguments, "y*w*", &rows, &scores)) return NULL;
    PyObject *answer = NULL;
    float *columns = NULL;
    const Py_ssize_t count = scores.len / (Py_ssize_t)sizeof(double), features = self->features;
    if (rows.len != count * features * (Py_ssize_t)sizeof(float)) {
        PyErr_Format(PyExc_ValueError, "expected rows of %zd features", features);
        goto done;
    }
    columns = calloc((size_t)features * BLOCK + 1, sizeof(float));
    if (columns == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    const float *from = rows.buf;
    double *to = scores.buf;
    for (Py_ssize_t first = 0; first < count; first += BLOCK) {
        const Py_ssize_t size = count - first < BLOCK ? count - first : BLOCK;
        for (Py_ssize_t row = 0; row < size; row++)
            for (Py_ssize_t feature = 0; feature < features; feature++) {
                const float value = from[(first + row) * features + feature];
                if (isnan(value)) {
                    answer = Py_NewRef(Py_False);
                    goto done;
                }
                columns[feature * BLOCK + row] = value;
            }
        double sums[BLOCK];
        score_block(self, (const Floats (*)[WIDTHS])columns, sums);
        memcpy(to + first, sums, (size_t)size * sizeof(double));
    }
    answer = Py_NewRef(Py_True);
done:
    free(columns);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&scores);
    return answer;
}

static PyMethodDef Trees_methods[] = {
    {"scores", (PyCFunction)Trees_scores, METH_VARARGS, scores_doc},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject TreesType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "data._trees.Trees",
    .tp_basicsize = sizeof(Trees),
    .tp_dealloc = (destructor)Trees_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("Trees(nodes, values, trees, features): nodes (n,) of float32 threshold, int32 feature, uint32 kept; values (leaves,) float64; trees (m,) of int32 nodes, int32 leaves."),
    .tp_methods = Trees_methods,
    .tp_init = (initproc)Trees_init,
    .tp_new = PyType_GenericNew,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "data._trees", "Scores of boosted trees.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__trees(void) {
    if (PyType_Ready(&TreesType) < 0) return NULL;
    PyObject *made = PyModule_Create(&module);
    if (made == NULL) return NULL;
    Py_INCREF(&TreesType);
    if (PyModule_AddObject(made, "Trees", (PyObject *)&TreesType) < 0) { Py_DECREF(&TreesType); Py_DECREF(made); return NULL; }
    if (PyModule_AddObject(made, "SOURCE", PyLong_FromUnsignedLong(SOURCE)) < 0) { Py_DECREF(made); return NULL; }
    return made;
}
