/* Words with names and numbers masked: the twin of cleaner/detectors/word_shapes.py. */

#include "hashes.h"
#include "native.h"

#define LINE_END 10
#define SHORT 3
#define FEW_DIGITS 2
#define ENDING 555

enum { SPACE, LETTER, CAPITAL, DIGIT, MARK, END };

#define WORD 0x80000000u
enum { SMALL = 1, LARGE, LOUD, NAME };

static inline uint32_t token(uint64_t hash) { return (uint32_t)(hash >> 32) | WORD; }

static inline int is_letter(uint8_t kind) { return kind == LETTER || kind == CAPITAL; }

void word_tokens(const uint32_t *codes, const uint8_t *kinds, size_t length, uint32_t *named, uint32_t *shaped,
                 size_t *counts)
{
    size_t many = 0, shapes = 0;
    for (size_t at = 0; at < length;) {
        const uint8_t kind = kinds[at];
        const size_t first = at++;
        if (kind == SPACE)
            continue;
        if (kind == END) {
            named[many++] = shaped[shapes++] = LINE_END;
            continue;
        }
        uint64_t hash = sign_of(codes[first]), power = 1;
        size_t capitals = kind == CAPITAL;
        if (kind != MARK)
            for (; at < length && (kinds[at] == kind || (is_letter(kind) && is_letter(kinds[at]))); at++) {
                hash += sign_of(codes[at]) * (power *= BASE);
                capitals += kinds[at] == CAPITAL;
            }
        const size_t size = at - first;
        uint32_t masked = 0;
        if (kind == DIGIT)
            masked = WORD | (size <= FEW_DIGITS ? SMALL : LARGE);
        else if (kind == CAPITAL)
            masked = WORD | (size > 1 && capitals == size ? LOUD : NAME);
        named[many++] = masked ? masked : token(mixed(hash));
        if (masked == (WORD | NAME) && shapes && shaped[shapes - 1] == masked)
            continue;
        if (!masked && kind == LETTER && size > SHORT)
            shaped[shapes++] = token(mixed(sign_of(codes[at - 1]) + ENDING));
        else
            shaped[shapes++] = named[many - 1];
    }
    counts[0] = many;
    counts[1] = shapes;
}
