/* Oblivious trees: the twin of cleaner/detectors/trees.py. */

#include "native.h"

#define TOGETHER 32
/* Blocks that are asked at once, so that the processor compares several with one instruction. */

/* The answers of `many` blocks from `first` on to the questions of a tree, as binary numbers. */
static void answers(const Forest *forest, size_t tree, size_t first, size_t many, uint32_t *path)
{
    for (size_t at = 0; at < many; at++)
        path[at] = 0;
    for (size_t level = 0; level < forest->depth; level++) {
        size_t question = tree * forest->depth + level;
        const float edge = forest->edges[question];
        const float *row = forest->features + (size_t)forest->rows[question] * forest->blocks + first;
        for (size_t at = 0; at < many; at++)
            path[at] = path[at] * 2 + (row[at] > edge);
    }
}

void forest_outputs(const Forest *forest, const int32_t *leaves, size_t outputs, int64_t *totals)
{
    for (size_t first = 0; first < forest->blocks; first += TOGETHER) {
        size_t left = forest->blocks - first, many = left < TOGETHER ? left : TOGETHER;
        for (size_t tree = 0; tree < forest->trees; tree++) {
            uint32_t path[TOGETHER];
            answers(forest, tree, first, many, path);
            const int32_t *own = leaves + (tree << forest->depth) * outputs;
            for (size_t output = 0; output < outputs; output++)
                for (size_t at = 0; at < many; at++)
                    totals[output * forest->blocks + first + at] += own[path[at] * outputs + output];
        }
    }
}

void forest_moves(const Forest *forest, const int32_t *steps, const int64_t *homes, int64_t *totals)
{
    const size_t size = ((size_t)2 << forest->depth) - 2;
    for (size_t first = 0; first < forest->blocks; first += TOGETHER) {
        size_t left = forest->blocks - first, many = left < TOGETHER ? left : TOGETHER;
        for (size_t tree = 0; tree < forest->trees; tree++) {
            uint32_t path[TOGETHER];
            answers(forest, tree, first, many, path);
            for (size_t level = 0; level < forest->depth; level++) {
                const int32_t *own = steps + tree * size + ((size_t)2 << level) - 2;
                int64_t *total = totals + (size_t)homes[tree * forest->depth + level] * forest->blocks + first;
                for (size_t at = 0; at < many; at++)
                    total[at] += own[path[at] >> (forest->depth - 1 - level)];
            }
        }
    }
}
