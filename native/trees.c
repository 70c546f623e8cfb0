/* Boosted trees: the twin of cleaner/detectors/ensemble.py. */

#include "native.h"

#define TOGETHER 16
/* Paragraphs that are asked at once, so that the processor compares several with one instruction. */

/* The leaf that each of `many` paragraphs from `first` on comes to in a tree. */
static void reach(const Trees *trees, size_t tree, size_t first, size_t many, uint8_t *leaf)
{
    uint32_t out[TOGETHER] = {0};
    for (size_t question = 0; question < trees->questions; question++) {
        size_t number = question * trees->trees + tree;
        const uint32_t mask = trees->masks[number];
        const float edge = trees->edges[number];
        const float *row = trees->features + (size_t)trees->rows[number] * trees->paragraphs + first;
        if (many == TOGETHER)
            for (int at = 0; at < TOGETHER; at++)
                out[at] |= row[at] > edge ? mask : 0;
        else
            for (size_t at = 0; at < many; at++)
                out[at] |= row[at] > edge ? mask : 0;
    }
    for (size_t at = 0; at < many; at++) {
        uint32_t left = ~out[at] & 0xFFFF;
        leaf[at] = left ? (uint8_t)__builtin_ctz(left) : 0;
    }
}

void trees_outputs(const Trees *trees, const int32_t *leaves, const int64_t *homes, int64_t *totals)
{
    for (size_t first = 0; first < trees->paragraphs; first += TOGETHER) {
        size_t left = trees->paragraphs - first, many = left < TOGETHER ? left : TOGETHER;
        for (size_t tree = 0; tree < trees->trees; tree++) {
            uint8_t leaf[TOGETHER];
            reach(trees, tree, first, many, leaf);
            int64_t *total = totals + (size_t)homes[tree] * trees->paragraphs + first;
            for (size_t at = 0; at < many; at++)
                total[at] += leaves[tree * LEAVES + leaf[at]];
        }
    }
}

void trees_moves(const Trees *trees, const int64_t *moves, size_t groups, const int64_t *homes, int64_t *totals)
{
    for (size_t first = 0; first < trees->paragraphs; first += TOGETHER) {
        size_t left = trees->paragraphs - first, many = left < TOGETHER ? left : TOGETHER;
        for (size_t tree = 0; tree < trees->trees; tree++) {
            uint8_t leaf[TOGETHER];
            if (homes[tree])
                continue;
            reach(trees, tree, first, many, leaf);
            for (size_t at = 0; at < many; at++) {
                const int64_t *move = moves + (tree * LEAVES + leaf[at]) * groups;
                int64_t *total = totals + (first + at) * groups;
                for (size_t group = 0; group < groups; group++)
                    total[group] += move[group];
            }
        }
    }
}
