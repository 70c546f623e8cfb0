/* The beginnings of words: the twin of _stems in cleaner/detectors/text_judge/shared_words.py. */

#include <stdlib.h>

#include "native.h"

#define SHORTEST 3
#define LONGEST 6
#define BITS 21 /* of a character: three fit in a word of 64 */
#define LINE_END 10

typedef struct {
    uint64_t head, tail;
    int64_t number;
} Slot;

/* The number of a stem: the one that it has, or `next` if it is new. */
static int64_t number_of(Slot *slots, size_t room, uint64_t head, uint64_t tail, int64_t next)
{
    uint64_t hash = (head * 0x9E3779B97F4A7C15ULL) ^ (tail * 0xBF58476D1CE4E5B9ULL);
    size_t at = (size_t)(hash ^ (hash >> 32)) & room;
    while (slots[at].number) {
        if (slots[at].head == head && slots[at].tail == tail)
            return slots[at].number;
        at = (at + 1) & room;
    }
    slots[at] = (Slot){head, tail, next};
    return next;
}

ptrdiff_t stems(const uint32_t *codes, const uint8_t *letters, size_t length, int64_t *numbers, int64_t *kinds)
{
    size_t room = 64;
    while (room < length / 2)
        room *= 2;
    Slot *slots = calloc(room, sizeof *slots);
    if (!slots)
        return -1;
    ptrdiff_t count = 0;
    int64_t next = 1;
    for (size_t at = 0; at < length;) {
        if (!letters[at]) {
            if (codes[at] == LINE_END)
                numbers[count++] = 0;
            at++;
            continue;
        }
        size_t first = at;
        while (at < length && letters[at])
            at++;
        size_t many = at - first < LONGEST ? at - first : LONGEST;
        if (many < SHORTEST)
            continue;
        uint64_t parts[2] = {0, 0}; /* no character of a word is 0, so that shorter ones are others */
        for (size_t n = 0; n < many; n++)
            parts[n / 3] |= (uint64_t)codes[first + n] << BITS * (n % 3);
        int64_t number = number_of(slots, room - 1, parts[0], parts[1], next);
        next += number == next;
        numbers[count++] = number;
    }
    free(slots);
    *kinds = next;
    return count;
}
