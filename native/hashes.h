/* Hashes of characters and of runs of them: the twin of cleaner/detectors/ngrams.py. */

#ifndef HASHES_H
#define HASHES_H

#include <stdint.h>

#define BASE 0x9E3779B97F4A7C15ULL

static inline uint64_t mixed(uint64_t value)
{
    value = (value ^ (value >> 29)) * 0xBF58476D1CE4E5B9ULL;
    return value ^ (value >> 32);
}

static inline uint64_t sign_of(uint32_t code) { return mixed((uint64_t)code + 0x1234567); }

#endif
