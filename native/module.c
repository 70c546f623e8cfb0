/* The module cleaner._native: the functions of native.h on the buffers of numpy's arrays. What a caller hands over is
   checked for its size, so that a wrong call raises ValueError and reads nothing beside. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdlib.h>

#include "native.h"

#define MOST 8

/* Buffers that are to be released together. */
typedef struct {
    Py_buffer each[MOST];
    int many;
} Held;

static void release(Held *held)
{
    while (held->many)
        PyBuffer_Release(&held->each[--held->many]);
}

/* The numbers in a buffer, of `size` bytes each, and how many there are; NULL with an error if they don't fit. */
static void *numbers(Held *held, PyObject *object, size_t size, size_t *many)
{
    Py_buffer *view = &held->each[held->many];
    if (PyObject_GetBuffer(object, view, PyBUF_SIMPLE) < 0)
        return NULL;
    held->many++;
    *many = (size_t)view->len / size;
    if ((size_t)view->len % size == 0)
        return view->buf;
    PyErr_SetString(PyExc_ValueError, "an array of other numbers");
    return NULL;
}

static PyObject *unfit(Held *held)
{
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "the arrays don't fit one another");
    release(held);
    return NULL;
}

static size_t line_ends(const uint32_t *codes, size_t length)
{
    size_t found = 0;
    for (size_t at = 0; at < length; at++)
        found += codes[at] == '\n';
    return found;
}

static int read_sense(Held *held, PyObject **given, size_t labels, Sense *sense)
{
    size_t letters, size;
    if (!(sense->codes = numbers(held, given[0], 4, &sense->length)) ||
        !(sense->letters = numbers(held, given[1], 1, &letters)) || !(sense->weights = numbers(held, given[2], 1, &size)))
        return 0;
    if (!labels || letters != sense->length || size % labels)
        return 0;
    sense->labels = labels;
    sense->rows = size / labels;
    return sense->rows && sense->rows <= UINT32_MAX && !(sense->rows & (sense->rows - 1));
}

/* sense_sums(codes, letters, weights, labels) -> (totals, counts) */
static PyObject *py_sense_sums(PyObject *self, PyObject *args)
{
    PyObject *given[3];
    Py_ssize_t labels;
    Held held = {.many = 0};
    Sense sense;
    if (!PyArg_ParseTuple(args, "OOOn", &given[0], &given[1], &given[2], &labels))
        return NULL;
    if (labels < 1 || !read_sense(&held, given, (size_t)labels, &sense))
        return unfit(&held);
    Py_ssize_t lines = (Py_ssize_t)line_ends(sense.codes, sense.length);
    PyObject *totals = PyBytes_FromStringAndSize(NULL, lines * labels * 8);
    PyObject *counts = PyBytes_FromStringAndSize(NULL, lines * 8);
    if (!totals || !counts ||
        sense_sums(&sense, (int64_t *)PyBytes_AsString(totals), (int64_t *)PyBytes_AsString(counts)) < 0) {
        Py_XDECREF(totals);
        Py_XDECREF(counts);
        release(&held);
        return PyErr_NoMemory();
    }
    release(&held);
    return Py_BuildValue("NN", totals, counts);
}

/* sense_said(codes, letters, weights, labels, wanted) -> said */
static PyObject *py_sense_said(PyObject *self, PyObject *args)
{
    PyObject *given[3], *wanted;
    Py_ssize_t labels;
    Held held = {.many = 0};
    Sense sense;
    size_t many;
    if (!PyArg_ParseTuple(args, "OOOnO", &given[0], &given[1], &given[2], &labels, &wanted))
        return NULL;
    const int64_t *each;
    if (labels < 1 || !read_sense(&held, given, (size_t)labels, &sense) || !(each = numbers(&held, wanted, 8, &many)) ||
        many != line_ends(sense.codes, sense.length))
        return unfit(&held);
    for (size_t at = 0; at < many; at++)
        if (each[at] < 0 || each[at] >= labels)
            return unfit(&held);
    PyObject *said = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)many * 8);
    if (!said || sense_said(&sense, each, (int64_t *)PyBytes_AsString(said)) < 0) {
        Py_XDECREF(said);
        release(&held);
        return PyErr_NoMemory();
    }
    release(&held);
    return said;
}

/* The trees, of (features, rows, edges, masks, homes), and the output of each. */
static int read_trees(Held *held, PyObject **given, size_t paragraphs, Trees *trees, const int64_t **homes)
{
    size_t values, rows, edges, masks;
    if (!(trees->features = numbers(held, given[0], 4, &values)) || !(trees->rows = numbers(held, given[1], 8, &rows)) ||
        !(trees->edges = numbers(held, given[2], 4, &edges)) || !(trees->masks = numbers(held, given[3], 2, &masks)) ||
        !(*homes = numbers(held, given[4], 8, &trees->trees)))
        return 0;
    if (!paragraphs || values % paragraphs || rows != edges || rows != masks || !trees->trees || rows % trees->trees)
        return 0;
    trees->paragraphs = paragraphs;
    trees->questions = rows / trees->trees;
    for (size_t at = 0; at < rows; at++)
        if (trees->rows[at] < 0 || (size_t)trees->rows[at] >= values / paragraphs)
            return 0;
    return 1;
}

/* trees_outputs(features, rows, edges, masks, homes, paragraphs, leaves, outputs) -> totals */
static PyObject *py_trees_outputs(PyObject *self, PyObject *args)
{
    PyObject *given[5], *values;
    Py_ssize_t paragraphs, outputs;
    Held held = {.many = 0};
    Trees trees;
    const int64_t *homes;
    const int32_t *leaves;
    size_t many;
    if (!PyArg_ParseTuple(args, "OOOOOnOn", &given[0], &given[1], &given[2], &given[3], &given[4], &paragraphs, &values,
                          &outputs))
        return NULL;
    if (paragraphs < 1 || !read_trees(&held, given, (size_t)paragraphs, &trees, &homes) ||
        !(leaves = numbers(&held, values, 4, &many)) || many != trees.trees * LEAVES)
        return unfit(&held);
    for (size_t tree = 0; tree < trees.trees; tree++)
        if (homes[tree] < 0 || homes[tree] >= outputs)
            return unfit(&held);
    PyObject *totals = PyBytes_FromStringAndSize(NULL, outputs * paragraphs * 8);
    if (totals) {
        int64_t *into = (int64_t *)PyBytes_AsString(totals);
        for (Py_ssize_t at = 0; at < outputs * paragraphs; at++)
            into[at] = 0;
        trees_outputs(&trees, leaves, homes, into);
    }
    release(&held);
    return totals;
}

/* trees_moves(features, rows, edges, masks, homes, paragraphs, moves, groups) -> totals */
static PyObject *py_trees_moves(PyObject *self, PyObject *args)
{
    PyObject *given[5], *values;
    Py_ssize_t paragraphs, groups;
    Held held = {.many = 0};
    Trees trees;
    const int64_t *homes, *moves;
    size_t many;
    if (!PyArg_ParseTuple(args, "OOOOOnOn", &given[0], &given[1], &given[2], &given[3], &given[4], &paragraphs, &values,
                          &groups))
        return NULL;
    if (paragraphs < 1 || groups < 1 || !read_trees(&held, given, (size_t)paragraphs, &trees, &homes) ||
        !(moves = numbers(&held, values, 8, &many)) || many != trees.trees * LEAVES * (size_t)groups)
        return unfit(&held);
    PyObject *totals = PyBytes_FromStringAndSize(NULL, groups * paragraphs * 8);
    if (totals) {
        int64_t *into = (int64_t *)PyBytes_AsString(totals);
        for (Py_ssize_t at = 0; at < groups * paragraphs; at++)
            into[at] = 0;
        trees_moves(&trees, moves, (size_t)groups, homes, into);
    }
    release(&held);
    return totals;
}

/* word_tokens(codes, kinds) -> (named, shaped) */
static PyObject *py_word_tokens(PyObject *self, PyObject *args)
{
    PyObject *given[2];
    Held held = {.many = 0};
    size_t length, many, counts[2];
    if (!PyArg_ParseTuple(args, "OO", &given[0], &given[1]))
        return NULL;
    const uint32_t *codes = numbers(&held, given[0], 4, &length);
    const uint8_t *kinds = codes ? numbers(&held, given[1], 1, &many) : NULL;
    if (!kinds || many != length)
        return unfit(&held);
    uint32_t *room = malloc((2 * length + 1) * sizeof *room);
    if (room)
        word_tokens(codes, kinds, length, room, room + length, counts);
    release(&held);
    if (!room)
        return PyErr_NoMemory();
    PyObject *both = Py_BuildValue("y#y#", room, (Py_ssize_t)counts[0] * 4, room + length, (Py_ssize_t)counts[1] * 4);
    free(room);
    return both;
}

/* The forest of (features, rows, edges). */
static int read_forest(Held *held, PyObject **given, Py_ssize_t depth, Py_ssize_t blocks, Forest *forest)
{
    size_t values, rows, edges;
    if (!(forest->features = numbers(held, given[0], 4, &values)) ||
        !(forest->rows = numbers(held, given[1], 8, &rows)) || !(forest->edges = numbers(held, given[2], 4, &edges)))
        return 0;
    if (depth < 1 || depth > DEEPEST || blocks < 1 || values % (size_t)blocks || rows != edges || rows % (size_t)depth)
        return 0;
    forest->depth = (size_t)depth;
    forest->blocks = (size_t)blocks;
    forest->trees = rows / forest->depth;
    for (size_t at = 0; at < rows; at++)
        if (forest->rows[at] < 0 || (size_t)forest->rows[at] >= values / forest->blocks)
            return 0;
    return 1;
}

/* Room for whole numbers, all 0. */
static PyObject *zeros(Py_ssize_t many)
{
    PyObject *totals = PyBytes_FromStringAndSize(NULL, many * 8);
    if (totals) {
        int64_t *into = (int64_t *)PyBytes_AsString(totals);
        for (Py_ssize_t at = 0; at < many; at++)
            into[at] = 0;
    }
    return totals;
}

/* forest_outputs(features, rows, edges, depth, blocks, leaves, outputs) -> totals */
static PyObject *py_forest_outputs(PyObject *self, PyObject *args)
{
    PyObject *given[3], *values;
    Py_ssize_t depth, blocks, outputs;
    Held held = {.many = 0};
    Forest forest;
    const int32_t *leaves;
    size_t many;
    if (!PyArg_ParseTuple(args, "OOOnnOn", &given[0], &given[1], &given[2], &depth, &blocks, &values, &outputs))
        return NULL;
    if (outputs < 1 || !read_forest(&held, given, depth, blocks, &forest) ||
        !(leaves = numbers(&held, values, 4, &many)) || many != (forest.trees << depth) * (size_t)outputs)
        return unfit(&held);
    PyObject *totals = zeros(outputs * blocks);
    if (totals)
        forest_outputs(&forest, leaves, (size_t)outputs, (int64_t *)PyBytes_AsString(totals));
    release(&held);
    return totals;
}

/* forest_moves(features, rows, edges, depth, blocks, steps, homes, groups) -> totals */
static PyObject *py_forest_moves(PyObject *self, PyObject *args)
{
    PyObject *given[3], *values, *places;
    Py_ssize_t depth, blocks, groups;
    Held held = {.many = 0};
    Forest forest;
    const int32_t *steps;
    const int64_t *homes;
    size_t many, questions;
    if (!PyArg_ParseTuple(args, "OOOnnOOn", &given[0], &given[1], &given[2], &depth, &blocks, &values, &places, &groups))
        return NULL;
    if (groups < 1 || !read_forest(&held, given, depth, blocks, &forest) ||
        !(steps = numbers(&held, values, 4, &many)) || !(homes = numbers(&held, places, 8, &questions)) ||
        many != forest.trees * (((size_t)2 << depth) - 2) || questions != forest.trees * forest.depth)
        return unfit(&held);
    for (size_t at = 0; at < questions; at++)
        if (homes[at] < 0 || homes[at] >= groups)
            return unfit(&held);
    PyObject *totals = zeros(groups * blocks);
    if (totals)
        forest_moves(&forest, steps, homes, (int64_t *)PyBytes_AsString(totals));
    release(&held);
    return totals;
}

/* stems(codes, letters) -> (numbers, kinds) */
static PyObject *py_stems(PyObject *self, PyObject *args)
{
    PyObject *given[2];
    Held held = {.many = 0};
    size_t length, many;
    if (!PyArg_ParseTuple(args, "OO", &given[0], &given[1]))
        return NULL;
    const uint32_t *codes = numbers(&held, given[0], 4, &length);
    const uint8_t *letters = codes ? numbers(&held, given[1], 1, &many) : NULL;
    if (!letters || many != length)
        return unfit(&held);
    PyObject *found = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(length / 4 + line_ends(codes, length) + 1) * 8);
    int64_t kinds = 0;
    ptrdiff_t count = found ? stems(codes, letters, length, (int64_t *)PyBytes_AsString(found), &kinds) : -1;
    release(&held);
    if (count < 0) {
        Py_XDECREF(found);
        return PyErr_NoMemory();
    }
    return Py_BuildValue("NnL", found, (Py_ssize_t)count, (long long)kinds);
}

/* shared(numbers, kinds, lengths, claimed, logs) -> rows */
static PyObject *py_shared(PyObject *self, PyObject *args)
{
    PyObject *given[4];
    Py_ssize_t kinds;
    Held held = {.many = 0};
    size_t count, paragraphs, marks, values, ends = 0;
    if (!PyArg_ParseTuple(args, "OnOOO", &given[0], &kinds, &given[1], &given[2], &given[3]))
        return NULL;
    const int64_t *each = numbers(&held, given[0], 8, &count);
    const double *lengths = each ? numbers(&held, given[1], 8, &paragraphs) : NULL;
    const uint8_t *claimed = lengths ? numbers(&held, given[2], 1, &marks) : NULL;
    const double *logs = claimed ? numbers(&held, given[3], 8, &values) : NULL;
    if (!logs || !paragraphs || marks != paragraphs || values <= paragraphs)
        return unfit(&held);
    for (size_t at = 0; at < count; at++) {
        if (each[at] < 0 || each[at] >= kinds)
            return unfit(&held);
        ends += !each[at];
    }
    if (ends < paragraphs)
        return unfit(&held);
    PyObject *rows = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)paragraphs * SHARED_ROWS * 8);
    int done = rows ? shared(each, count, (size_t)kinds, lengths, claimed, logs, paragraphs, (double *)PyBytes_AsString(rows))
                    : -1;
    release(&held);
    if (done < 0) {
        Py_XDECREF(rows);
        return PyErr_NoMemory();
    }
    return rows;
}

/* characters(codes, kinds, words) -> rows */
static PyObject *py_characters(PyObject *self, PyObject *args)
{
    PyObject *given[3];
    Held held = {.many = 0};
    size_t length, many, paragraphs, ends = 0;
    if (!PyArg_ParseTuple(args, "OOO", &given[0], &given[1], &given[2]))
        return NULL;
    const uint32_t *codes = numbers(&held, given[0], 4, &length);
    const uint8_t *kinds = codes ? numbers(&held, given[1], 1, &many) : NULL;
    const double *words = kinds ? numbers(&held, given[2], 8, &paragraphs) : NULL;
    if (!words || many != length)
        return unfit(&held);
    for (size_t at = 0; at < length; at++) {
        if (kinds[at] >= CHARACTER_KINDS)
            return unfit(&held);
        ends += kinds[at] == CHARACTER_KINDS - 1;
    }
    if (ends < paragraphs)
        return unfit(&held);
    PyObject *rows = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)paragraphs * CHARACTER_ROWS * 8);
    if (rows)
        characters(codes, kinds, length, words, paragraphs, (double *)PyBytes_AsString(rows));
    release(&held);
    return rows;
}

/* Memory of four bytes a number for `rows` rows of `many` numbers. */
static PyObject *matrix(size_t rows, size_t many) { return PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(rows * many * 4)); }

/* Gives back what was made, or raises MemoryError if `done` is not 0. */
static PyObject *finished(Held *held, PyObject *made, int done)
{
    release(held);
    if (done < 0) {
        Py_XDECREF(made);
        return PyErr_NoMemory();
    }
    return made;
}

/* features(rows, sizes, markup, sense, keys, places, beside, log_size, sense_mean, unspaced, titled) -> rows */
static PyObject *py_features(PyObject *self, PyObject *args)
{
    PyObject *given[6];
    Py_ssize_t beside;
    Held held = {.many = 0};
    Features seen;
    size_t many[4];
    if (!PyArg_ParseTuple(args, "OOOOOOndddp", &given[0], &given[1], &given[2], &given[3], &given[4], &given[5], &beside,
                          &seen.log_size, &seen.sense_mean, &seen.unspaced, &seen.titled))
        return NULL;
    if (!(seen.rows = numbers(&held, given[0], 8, &many[0])) ||
        !(seen.sizes = numbers(&held, given[1], 8, &seen.paragraphs)) ||
        !(seen.markup = numbers(&held, given[2], 8, &many[1])) || !(seen.sense = numbers(&held, given[3], 8, &many[2])) ||
        !(seen.keys = numbers(&held, given[4], 4, &seen.length)) ||
        !(seen.places = numbers(&held, given[5], 8, &seen.named)))
        return unfit(&held);
    if (!seen.paragraphs || many[0] != GIVEN_ROWS * seen.paragraphs || many[1] != 2 * seen.paragraphs ||
        many[2] != SENSES * seen.paragraphs || beside < 0 || (size_t)beside > seen.named ||
        line_ends(seen.keys, seen.length) < seen.paragraphs + 1)
        return unfit(&held);
    seen.beside = (size_t)beside;
    for (size_t n = 0; n < seen.named; n++)
        if (seen.places[n] < (n < seen.beside ? 0 : -1) || seen.places[n] >= GIVEN_ROWS)
            return unfit(&held);
    PyObject *rows = matrix(feature_rows(&seen), seen.paragraphs);
    return finished(&held, rows, rows ? features(&seen, (float *)PyBytes_AsString(rows)) : -1);
}

/* second_stage(first, odds, mean) -> rows */
static PyObject *py_second_stage(PyObject *self, PyObject *args)
{
    PyObject *given[2];
    Held held = {.many = 0};
    double mean;
    size_t many, odds;
    if (!PyArg_ParseTuple(args, "OOd", &given[0], &given[1], &mean))
        return NULL;
    const double *first = numbers(&held, given[0], 8, &many);
    const double *other = first ? numbers(&held, given[1], 8, &odds) : NULL;
    if (!other || odds != many || !many)
        return unfit(&held);
    PyObject *rows = matrix(STAGE_ROWS, many);
    return finished(&held, rows, rows ? second_stage(first, other, mean, many, (float *)PyBytes_AsString(rows)) : -1);
}

/* context(features, paragraphs, rows, means, scales, dilations, weights, width, outputs) -> log-odds */
static PyObject *py_context(PyObject *self, PyObject *args)
{
    PyObject *given[6];
    Py_ssize_t paragraphs, width, outputs;
    Held held = {.many = 0};
    Context net;
    size_t values, means, scales, weights;
    if (!PyArg_ParseTuple(args, "OnOOOOOnn", &given[0], &paragraphs, &given[1], &given[2], &given[3], &given[4], &given[5],
                          &width, &outputs))
        return NULL;
    if (!(net.features = numbers(&held, given[0], 4, &values)) ||
        !(net.rows = numbers(&held, given[1], 8, &net.inputs)) || !(net.means = numbers(&held, given[2], 8, &means)) ||
        !(net.scales = numbers(&held, given[3], 8, &scales)) ||
        !(net.dilations = numbers(&held, given[4], 8, &net.layers)) ||
        !(net.weights = numbers(&held, given[5], 8, &weights)))
        return unfit(&held);
    if (paragraphs < 1 || width < 8 || width % 8 || outputs < 8 || outputs % 8 || values % (size_t)paragraphs ||
        means != net.inputs || scales != net.inputs)
        return unfit(&held);
    net.paragraphs = (size_t)paragraphs;
    net.width = (size_t)width;
    net.outputs = (size_t)outputs;
    if (weights != context_weights(&net))
        return unfit(&held);
    for (size_t n = 0; n < net.inputs; n++)
        if (net.rows[n] < 0 || (size_t)net.rows[n] >= values / net.paragraphs)
            return unfit(&held);
    for (size_t n = 0; n < net.layers; n++)
        if (net.dilations[n] < 1 || net.dilations[n] > 1 << 16)
            return unfit(&held);
    PyObject *odds = PyBytes_FromStringAndSize(NULL, outputs * paragraphs * 8);
    return finished(&held, odds, odds ? context(&net, (double *)PyBytes_AsString(odds)) : -1);
}

static PyMethodDef methods[] = {
    {"sense_sums", py_sense_sums, METH_VARARGS, NULL},       {"sense_said", py_sense_said, METH_VARARGS, NULL},
    {"trees_outputs", py_trees_outputs, METH_VARARGS, NULL}, {"trees_moves", py_trees_moves, METH_VARARGS, NULL},
    {"forest_outputs", py_forest_outputs, METH_VARARGS, NULL}, {"forest_moves", py_forest_moves, METH_VARARGS, NULL},
    {"stems", py_stems, METH_VARARGS, NULL},                 {"characters", py_characters, METH_VARARGS, NULL},
    {"shared", py_shared, METH_VARARGS, NULL},               {"word_tokens", py_word_tokens, METH_VARARGS, NULL},
    {"context", py_context, METH_VARARGS, NULL},
    {"features", py_features, METH_VARARGS, NULL},           {"second_stage", py_second_stage, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int filled(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", VERSION); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, filled}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "cleaner._native", "What takes longest of the judge of texts.", 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
