/* Which words the paragraphs of an article have in common: the twin of `shared` in
   cleaner/detectors/text_judge/shared_words.py, whose names of rows and limits these are. Sums are added up in the same
   order, so that they are the same to the last digit. */

#include <stdlib.h>

#include "native.h"

#define COMMON 40
#define BODY 20
#define NEAR 3
#define FAR 99
#define BLOCK 256
#define MOST 4096

typedef struct {
    size_t paragraphs, kinds;
    size_t *firsts;      /* (paragraphs + 1): where the stems of each paragraph begin */
    int64_t *stems;      /* each stem of each paragraph once, ascending */
    int64_t *held;       /* (kinds): how many paragraphs have a stem, */
    int64_t *held_long;  /* how many long ones, */
    int64_t *held_here;  /* how many of a block, and then where its homes begin, */
    uint8_t *headline;   /* and whether the headline has it */
    int64_t *homes;      /* the paragraphs of each stem of a block */
    double *weight;      /* (paragraphs): the rarity of all stems of a paragraph */
    double *share;       /* (block, block) */
} Words;

static int ascending(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

/* Sorts the stems of each paragraph and counts them; `rows[3]` is how often one stands there again. */
static void count_stems(Words *words, const int64_t *numbers, size_t count, const uint8_t *long_, double *rows)
{
    size_t kept = 0, at = 0;
    for (size_t number = 0; number <= words->paragraphs && at < count; number++) {
        size_t first = kept, again = 0;
        for (; at < count && numbers[at]; at++)
            words->stems[kept++] = numbers[at];
        at++;
        qsort(words->stems + first, kept - first, sizeof *words->stems, ascending);
        size_t last = kept;
        kept = first;
        for (size_t n = first; n < last; n++) {
            if (n > first && words->stems[n] == words->stems[kept - 1])
                again++;
            else
                words->stems[kept++] = words->stems[n];
        }
        if (number == words->paragraphs) {
            for (size_t n = first; n < kept; n++)
                words->headline[words->stems[n]] = 1;
            return;
        }
        for (size_t n = first; n < kept; n++) {
            words->held[words->stems[n]]++;
            words->held_long[words->stems[n]] += long_[number];
        }
        rows[3 * words->paragraphs + number] = (double)again;
        words->firsts[number + 1] = kept;
    }
}

static void alone(Words *words, const uint8_t *long_, const double *logs, double *rows)
{
    const size_t many = words->paragraphs;
    for (size_t number = 0; number < many; number++) {
        double weight = 0, elsewhere = 0, in_body = 0;
        size_t shared = 0, in_headline = 0, size = words->firsts[number + 1] - words->firsts[number];
        for (size_t n = words->firsts[number]; n < words->firsts[number + 1]; n++) {
            int64_t stem = words->stems[n];
            double rarity = logs[words->held[stem]];
            weight += rarity;
            if (words->held[stem] > 1) {
                shared++;
                elsewhere += rarity;
            }
            if (words->held_long[stem] > long_[number])
                in_body += rarity;
            in_headline += words->headline[stem];
        }
        double of = size ? (double)size : 1;
        words->weight[number] = weight + 1e-6;
        rows[number] = (double)shared / of;
        rows[many + number] = elsewhere / words->weight[number];
        rows[2 * many + number] = of;
        rows[3 * many + number] /= of;
        rows[4 * many + number] = in_body / words->weight[number];
        rows[5 * many + number] = (double)in_headline / of;
    }
}

/* For each two paragraphs of a block the rarity of the words that both have; 0 if no word ties two of them. */
static int ties(Words *words, size_t first, size_t last, const double *logs)
{
    const size_t size = last - first;
    size_t place = 0, tied = 0;
    for (size_t kind = 0; kind < words->kinds; kind++)
        words->held_here[kind] = 0;
    for (size_t n = words->firsts[first]; n < words->firsts[last]; n++)
        words->held_here[words->stems[n]]++;
    for (size_t kind = 0; kind < words->kinds; kind++) { /* from a count to where they begin; -1 for none */
        int64_t many = words->held_here[kind];
        int ties_two = many > 1 && many <= COMMON && tied < MOST;
        words->held_here[kind] = ties_two ? (int64_t)place : -1;
        tied += ties_two;
        place += ties_two ? (size_t)many : 0;
    }
    if (!tied)
        return 0;
    for (size_t number = first; number < last; number++)
        for (size_t n = words->firsts[number]; n < words->firsts[number + 1]; n++)
            if (words->held_here[words->stems[n]] >= 0)
                words->homes[words->held_here[words->stems[n]]++] = (int64_t)(number - first);
    for (size_t at = 0; at < size * size; at++)
        words->share[at] = 0;
    size_t begin = 0;
    for (size_t kind = 0; kind < words->kinds; kind++) {
        if (words->held_here[kind] < 0)
            continue;
        size_t end = (size_t)words->held_here[kind];
        for (size_t one = begin; one < end; one++)
            for (size_t other = begin; other < end; other++)
                words->share[words->homes[one] * (int64_t)size + words->homes[other]] += logs[words->held[kind]];
        begin = end;
    }
    return 1;
}

static void compare(Words *words, size_t first, size_t last, const uint8_t *long_, const uint8_t *claimed, double *rows)
{
    const size_t size = last - first, many = words->paragraphs;
    for (size_t one = 0; one < size; one++) {
        double *share = words->share + one * size;
        for (size_t other = 0; other < size; other++)
            share[other] = other == one ? 0 : share[other] / words->weight[first + one];
        double most = 0, near = 0, in_long = 0, in_claimed = 0;
        size_t nearest = 0;
        for (size_t other = 0; other < size; other++) {
            size_t away = other > one ? other - one : one - other;
            double value = share[other] - 1e-6 * (double)away;
            if (!other || value > most) {
                most = value;
                nearest = other;
            }
            if (away <= NEAR && share[other] > near)
                near = share[other];
            if (long_[first + other] && share[other] > in_long)
                in_long = share[other];
            if (claimed[first + other] && share[other] > in_claimed)
                in_claimed = share[other];
        }
        double *row = rows + first + one;
        size_t away = nearest > one ? nearest - one : one - nearest;
        row[6 * many] = share[nearest];
        row[7 * many] = share[nearest] > 0 ? (double)away : FAR;
        row[8 * many] = one ? share[one - 1] : 0;
        row[9 * many] = one + 1 < size ? share[one + 1] : 0;
        row[10 * many] = near;
        row[11 * many] = in_long;
        row[12 * many] = in_claimed;
    }
}

int shared(const int64_t *numbers, size_t count, size_t kinds, const double *lengths, const uint8_t *claimed,
           const double *logs, size_t paragraphs, double *rows)
{
    const size_t block = paragraphs < BLOCK ? paragraphs : BLOCK;
    Words words = {paragraphs, kinds, calloc(paragraphs + 1, sizeof(size_t)), malloc((count + 1) * 8), calloc(kinds, 8),
                   calloc(kinds, 8), malloc(kinds * 8), calloc(kinds, 1), malloc((count + 1) * 8),
                   malloc(paragraphs * 8), malloc(block * block * 8)};
    uint8_t *long_ = malloc(paragraphs);
    int fits = words.firsts && words.stems && words.held && words.held_long && words.held_here && words.headline &&
               words.homes && words.weight && words.share && long_;
    for (size_t at = 0; at < SHARED_ROWS * paragraphs; at++)
        rows[at] = at / paragraphs == 7 ? FAR : 0;
    if (fits) {
        for (size_t number = 0; number < paragraphs; number++)
            long_[number] = lengths[number] >= BODY;
        count_stems(&words, numbers, count, long_, rows);
    }
    if (fits && words.firsts[paragraphs]) {
        alone(&words, long_, logs, rows);
        for (size_t first = 0; first < paragraphs; first += BLOCK) {
            size_t last = paragraphs - first < BLOCK ? paragraphs : first + BLOCK;
            if (ties(&words, first, last, logs))
                compare(&words, first, last, long_, claimed, rows);
        }
    }
    free(words.firsts);
    free(words.stems);
    free(words.held);
    free(words.held_long);
    free(words.held_here);
    free(words.headline);
    free(words.homes);
    free(words.weight);
    free(words.share);
    free(long_);
    return fits ? 0 : -1;
}
