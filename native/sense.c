/* Word scores: the twin of cleaner/detectors/sense.py. */

#include <stdlib.h>

#include "hashes.h"
#include "native.h"

#define SHORTEST 3
#define LONGEST 5
#define SPACE 32
#define LINE_END 10

/* The rows of the n-grams of one paragraph, whose characters are those from `first` to `last`. */
static size_t found(const Sense *sense, size_t first, size_t last, uint64_t *signs, uint32_t *rows)
{
    const uint64_t room = sense->rows - 1;
    const size_t length = last - first;
    const uint32_t *codes = sense->codes + first;
    const uint8_t *letters = sense->letters + first;
    size_t count = 0;
    for (size_t at = 0; at < length; at++)
        signs[at] = sign_of(codes[at]);
    for (size_t at = 0; at < length; at++) {
        uint64_t run = signs[at];
        for (size_t size = 2; size <= LONGEST && at + size <= length; size++) {
            run = run * BASE + signs[at + size - 1];
            if (size >= SHORTEST)
                rows[count++] = (uint32_t)(mixed(run + size) & room);
        }
    }
    uint64_t before = 0;
    int any = 0;
    for (size_t at = 0; at < length;) {
        uint64_t word;
        if (letters[at]) {
            uint64_t power = 1;
            word = 0;
            for (; at < length && letters[at]; at++) {
                word += signs[at] * power;
                power *= BASE;
            }
            word = mixed(word);
        } else {
            size_t mark = at++;
            if (codes[mark] == SPACE)
                continue;
            word = mixed(signs[mark] + 77);
        }
        rows[count++] = (uint32_t)(mixed(word + 101) & room);
        if (any)
            rows[count++] = (uint32_t)(mixed(before * BASE + word + 202) & room);
        before = word;
        any = 1;
    }
    return count;
}

/* Calls `added` for the rows of each paragraph. */
static int walk(const Sense *sense, void (*added)(const Sense *, size_t, const uint32_t *, size_t, void *), void *into)
{
    size_t longest = 0;
    for (size_t at = 0, first = 0; at < sense->length; at++)
        if (sense->codes[at] == LINE_END) {
            longest = at - first > longest ? at - first : longest;
            first = at + 1;
        }
    uint64_t *signs = malloc((longest + 1) * sizeof *signs);
    uint32_t *rows = malloc((5 * longest + 1) * sizeof *rows);
    if (!signs || !rows) {
        free(signs);
        free(rows);
        return -1;
    }
    for (size_t at = 0, first = 0, number = 0; at < sense->length; at++)
        if (sense->codes[at] == LINE_END) {
            added(sense, number++, rows, found(sense, first, at, signs, rows), into);
            first = at + 1;
        }
    free(signs);
    free(rows);
    return 0;
}

typedef struct {
    int64_t *totals, *counts;
} Sums;

#define AHEAD 12
#define PIECE ((size_t)1 << 24) /* weights of 8 bits whose sum surely fits in 32 */

static void sum16(const int8_t *weights, const uint32_t *rows, size_t count, int32_t *total)
{
    for (size_t n = 0; n < count; n++) {
        if (n + AHEAD < count)
            __builtin_prefetch(weights + (size_t)rows[n + AHEAD] * 16);
        const int8_t *row = weights + (size_t)rows[n] * 16;
        for (int label = 0; label < 16; label++)
            total[label] += row[label];
    }
}

static void add_sums(const Sense *sense, size_t number, const uint32_t *rows, size_t count, void *into)
{
    Sums *sums = into;
    int64_t *total = sums->totals + number * sense->labels;
    sums->counts[number] = (int64_t)count;
    if (sense->labels == 16) {
        for (int label = 0; label < 16; label++)
            total[label] = 0;
        for (size_t at = 0; at < count; at += PIECE) {
            int32_t wide[16] = {0};
            sum16(sense->weights, rows + at, count - at < PIECE ? count - at : PIECE, wide);
            for (int label = 0; label < 16; label++)
                total[label] += wide[label];
        }
        return;
    }
    for (size_t label = 0; label < sense->labels; label++)
        total[label] = 0;
    for (size_t n = 0; n < count; n++)
        for (size_t label = 0; label < sense->labels; label++)
            total[label] += sense->weights[rows[n] * sense->labels + label];
}

int sense_sums(const Sense *sense, int64_t *totals, int64_t *counts)
{
    Sums sums = {totals, counts};
    return walk(sense, add_sums, &sums);
}

typedef struct {
    const int64_t *wanted;
    int64_t *said;
} Said;

static void add_said(const Sense *sense, size_t number, const uint32_t *rows, size_t count, void *into)
{
    Said *said = into;
    const int8_t *weights = sense->weights + said->wanted[number];
    int64_t total = 0;
    for (size_t n = 0; n < count; n++)
        total += weights[rows[n] * sense->labels];
    said->said[number] = total;
}

int sense_said(const Sense *sense, const int64_t *wanted, int64_t *said)
{
    Said into = {wanted, said};
    return walk(sense, add_said, &into);
}
