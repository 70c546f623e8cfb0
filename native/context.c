/* What a network makes of paragraphs in their row: the twin of cleaner/detectors/text_judge/context.py. It is worked out
   in doubles, as there; a library of matrices adds up in another order, which changes the last of sixteen digits. */

#include <stdlib.h>
#include <string.h>

#include "native.h"

#define MOST 4.0

/* `rows` rows of `parts` blocks of `inputs` numbers, one beside the other, times `weights` (parts * inputs, columns). */
typedef struct {
    const double *from[3];
    size_t parts, inputs, rows, columns;
    const double *weights;
    double *into;
} Product;

#define PRODUCT by_two
#define LANES 2
#define TALL 2
#define FOR
#include "product.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define PRODUCT by_four
#define LANES 4
#define TALL 4
#define FOR __attribute__((target("avx2")))
#include "product.h"
#define PRODUCT by_eight
#define LANES 8
#define TALL 8
#define FOR __attribute__((target("avx512f")))
#include "product.h"
static void product(const Product *of)
{
    (__builtin_cpu_supports("avx512f") ? by_eight : __builtin_cpu_supports("avx2") ? by_four : by_two)(of);
}
#else
static void product(const Product *of) { by_two(of); }
#endif

static inline double positive(double value) { return value > 0 ? value : 0; }

/* Adds what is positive of `added` and its bias to each row of `state`. */
static void add(double *state, const double *added, const double *bias, size_t rows, size_t width)
{
    for (size_t row = 0; row < rows; row++)
        for (size_t at = 0; at < width; at++)
            state[row * width + at] += positive(added[row * width + at] + bias[at]);
}

/* (paragraphs, inputs): the features as deviations from their means. */
static void scale(const Context *net, double *seen)
{
    for (size_t input = 0; input < net->inputs; input++) {
        const float *row = net->features + (size_t)net->rows[input] * net->paragraphs;
        double mean = net->means[input], by = net->scales[input];
        for (size_t at = 0; at < net->paragraphs; at++) {
            double value = ((double)row[at] - mean) / by;
            seen[at * net->inputs + input] = value > MOST ? MOST : value < -MOST ? -MOST : value;
        }
    }
}

/* Adds what the mean and the maximum of all paragraphs say. `both`: room for the two. */
static void look_round(const Context *net, double *state, const double *weights, const double *bias, double *both)
{
    const size_t width = net->width, many = net->paragraphs;
    double *mean = both, *most = both + width, *added = most + width;
    for (size_t at = 0; at < width; at++) {
        mean[at] = 0;
        most[at] = state[at];
    }
    for (size_t row = 0; row < many; row++)
        for (size_t at = 0; at < width; at++) {
            double value = state[row * width + at];
            mean[at] += value;
            most[at] = value > most[at] ? value : most[at];
        }
    for (size_t at = 0; at < width; at++)
        mean[at] /= (double)many;
    product(&(Product){{both}, 1, 2 * width, 1, width, weights, added});
    for (size_t at = 0; at < width; at++)
        added[at] = positive(added[at] + bias[at]);
    for (size_t row = 0; row < many; row++)
        for (size_t at = 0; at < width; at++)
            state[row * width + at] += added[at];
}

size_t context_weights(const Context *net)
{
    const size_t width = net->width;
    return net->inputs * width + width + net->layers * (3 * width * width + width) + 2 * width * width + width +
           2 * width * net->outputs + net->outputs;
}

int context(const Context *net, double *outputs)
{
    const size_t width = net->width, many = net->paragraphs, size = many * width;
    size_t far = 0;
    for (size_t layer = 0; layer < net->layers; layer++)
        far = (size_t)net->dilations[layer] > far ? (size_t)net->dilations[layer] : far;
    double *seen = malloc(many * net->inputs * sizeof *seen);
    double *room = calloc(size + 2 * far * width, sizeof *room); /* nothing stands before the first and after the last */
    double *added = malloc(2 * size * sizeof *added), *both = malloc(3 * width * sizeof *both);
    double *told = malloc(many * net->outputs * sizeof *told);
    int done = seen && room && added && both && told ? 0 : -1;
    if (!done) {
        double *state = room + far * width, *first = added + size;
        const double *weights = net->weights;
        scale(net, seen);
        product(&(Product){{seen}, 1, net->inputs, many, width, weights, added});
        weights += net->inputs * width;
        add(state, added, weights, many, width);
        memcpy(first, state, size * sizeof *first);
        weights += width;
        const double *whole = weights + net->layers * (3 * width * width + width), *out = whole + 2 * width * width + width;
        for (size_t layer = 0; layer < net->layers; layer++) {
            size_t step = (size_t)net->dilations[layer] * width;
            product(&(Product){{state - step, state, state + step}, 3, width, many, width, weights, added});
            weights += 3 * width * width;
            add(state, added, weights, many, width);
            weights += width;
            if (layer == net->layers / 2)
                look_round(net, state, whole, whole + 2 * width * width, both);
        }
        product(&(Product){{state, first}, 2, width, many, net->outputs, out, told});
        out += 2 * width * net->outputs;
        for (size_t output = 0; output < net->outputs; output++)
            for (size_t at = 0; at < many; at++)
                outputs[output * many + at] = told[at * net->outputs + output] + out[output];
    }
    free(seen);
    free(room);
    free(added);
    free(both);
    free(told);
    return done;
}
