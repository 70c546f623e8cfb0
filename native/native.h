/* What takes longest of the judges, in C. Each function has its twin in Python, which says what is worked out
   and why; a property test holds one against the other. Without a compiler the Python way is used. */

#ifndef NATIVE_H
#define NATIVE_H

/* It rises with each change of what a function takes or gives: another one is not used. See cleaner/detectors/compiled.py. */
#define VERSION 4

#include <stddef.h>
#include <stdint.h>

/* sense.c. `codes` and `letters`: characters of all paragraphs, a line end after each, and which of them are letters.
   `weights`: (rows, labels), rows a power of two. */
typedef struct {
    const uint32_t *codes;
    const uint8_t *letters;
    size_t length;
    const int8_t *weights;
    size_t rows, labels;
} Sense;

/* Adds up the weights of all n-grams of each paragraph in `totals` (paragraphs, labels), and counts them in `counts`.
   Returns 0, or -1 for lack of memory. */
int sense_sums(const Sense *sense, int64_t *totals, int64_t *counts);

/* The same of one label a paragraph: `wanted`, in `said` (paragraphs). */
int sense_said(const Sense *sense, const int64_t *wanted, int64_t *said);

/* shapes.c. The two rows of tokens of word_shapes.py, each with room for `length`, and how many there are of each in
   `counts`. `kinds`: of the characters, as there. */
void word_tokens(const uint32_t *codes, const uint8_t *kinds, size_t length, uint32_t *named, uint32_t *shaped,
                 size_t *counts);

/* trees.c. Features (features, paragraphs); question n of tree t is number n * trees + t: is its feature over its edge? */
typedef struct {
    const float *features;
    size_t paragraphs;
    const int64_t *rows;
    const float *edges;
    const uint16_t *masks;
    size_t trees, questions;
} Trees;

#define LEAVES 16

/* Adds the leaves (trees * LEAVES) that each paragraph comes to to `totals` (outputs, paragraphs); `homes` (trees): the
   output of each tree. */
void trees_outputs(const Trees *trees, const int32_t *leaves, const int64_t *homes, int64_t *totals);

/* Adds what each group of features added to those leaves, `moves` (trees * LEAVES, groups), to `totals` (paragraphs,
   groups), of the trees of the first output. */
void trees_moves(const Trees *trees, const int64_t *moves, size_t groups, const int64_t *homes, int64_t *totals);

/* forest.c. Features (features, blocks); question `level` of tree t is number t * depth + level. */
typedef struct {
    const float *features;
    size_t blocks;
    const int64_t *rows;
    const float *edges;
    size_t trees, depth;
} Forest;

#define DEEPEST 15

/* Adds the leaves (trees, 2^depth, outputs) that each block comes to to `totals` (outputs, blocks). */
void forest_outputs(const Forest *forest, const int32_t *leaves, size_t outputs, int64_t *totals);

/* Adds what each answer on the way there added, `steps` (trees, 2^(depth + 1) - 2), to `totals` (groups, blocks);
   `homes`: the group of each question. */
void forest_moves(const Forest *forest, const int32_t *steps, const int64_t *homes, int64_t *totals);

/* words.c. The beginnings of words in caseless paragraphs with a line end after each, as `_stems` in shared_words.py
   finds them where no script does without spaces: the number of each in the order in which they are first seen, from 1;
   0 is a line end. `numbers` has room for length / 4 + 1 + lines. Returns how many there are, -1 for lack of memory. */
ptrdiff_t stems(const uint32_t *codes, const uint8_t *letters, size_t length, int64_t *numbers, int64_t *kinds);

/* shared.c. What the words of `numbers` (from `stems`; the paragraphs, then the headline) tell of each paragraph, in
   `rows` (SHARED_ROWS, paragraphs). `lengths` (paragraphs): words of each; `claimed`: whether a rule claims it; `logs`
   (paragraphs + 1): the rarity of a word by how many paragraphs have it. Returns 0, or -1 for lack of memory. */
#define SHARED_ROWS 13
int shared(const int64_t *numbers, size_t count, size_t kinds, const double *lengths, const uint8_t *claimed,
           const double *logs, size_t paragraphs, double *rows);

/* characters.c. What is counted of each paragraph, in `rows` (CHARACTER_ROWS, paragraphs); `kinds` of the characters and
   `words` of the paragraphs as in characters.py. */
#define CHARACTER_ROWS 25
#define CHARACTER_KINDS 18
void characters(const uint32_t *codes, const uint8_t *kinds, size_t length, const double *words, size_t paragraphs,
                double *rows);

/* features.c. `rows` (GIVEN_ROWS, paragraphs): what is known of each paragraph by itself, first the words and the final
   mark, then what characters.py and shared_words.py count, then what rules say. `sizes` (paragraphs): characters.
   `markup` (2, paragraphs). `sense` (SENSES, paragraphs), and the mean of its first row. `keys`: the caseless
   paragraphs, a line end after each, then the title, if the article is `titled`. `places` (named): the numbers of the
   rows of which the neighbours' are told too, the first `beside` one by one, the others as means; -1: whether it looks
   like a title. `log_size`: of all characters. */
#define OWN_ROWS 40
#define CLAIMS 15
#define RULE_ROWS (CLAIMS + 5)
#define GIVEN_ROWS (OWN_ROWS + RULE_ROWS)
#define RUNNING 13
#define SENSES 16
typedef struct {
    size_t paragraphs;
    const double *rows, *sizes, *markup, *sense;
    const uint32_t *keys;
    size_t length;
    const int64_t *places;
    size_t beside, named;
    double log_size, sense_mean, unspaced;
    int titled;
} Features;

/* What the trees see of each paragraph, in `rows`, of which there are as many as `feature_rows` says. Returns 0, or -1
   for lack of memory. */
int features(const Features *seen, float *rows);
size_t feature_rows(const Features *seen);

/* What they make of it, again with the neighbours', in `rows` (STAGE_ROWS, paragraphs): `first`, the probabilities;
   `odds`, the same as log-odds; the mean of the former. Returns 0, or -1 for lack of memory. */
#define STAGE_ROWS 18
int second_stage(const double *first, const double *odds, double mean, size_t paragraphs, float *rows);

/* context.c. `features` (all features, paragraphs); `rows` (inputs): those that the network reads; `weights`: the entry, a
   matrix a layer, the whole, and what comes out, each with a bias behind it. Width and outputs are multiples of 8. */
typedef struct {
    const float *features;
    size_t paragraphs, inputs, width, outputs, layers;
    const int64_t *rows, *dilations;
    const double *means, *scales, *weights;
} Context;

size_t context_weights(const Context *net);

/* Log-odds (outputs, paragraphs). Returns 0, or -1 for lack of memory. */
int context(const Context *net, double *outputs);

#endif
