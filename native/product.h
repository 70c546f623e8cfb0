/* The product of a matrix with weights, for processors with vectors of LANES doubles; included once for each. It takes
   PRODUCT (its name), LANES, TALL (the rows worked out at once), and FOR (what the compiler is told of the processor). */

#define PASTED(name, part) name##_##part
#define NAMED(name, part) PASTED(name, part)
#define Lanes NAMED(PRODUCT, lanes)

typedef double Lanes __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double))));

/* ROWS rows of the product, VECTORS vectors of columns from `column` on. Each number is added up from the first to the
   last, whatever the processor, with no multiplication and addition in one step. */
#define BLOCK(name, ROWS, VECTORS)                                                                                     \
    FOR static void name(const Product *of, size_t row, size_t column)                                                 \
    {                                                                                                                  \
        Lanes sums[ROWS][VECTORS] = {{{0}}};                                                                           \
        const double *weights = of->weights + column;                                                                  \
        for (size_t part = 0; part < of->parts; part++) {                                                              \
            const double *from = of->from[part] + row * of->inputs;                                                    \
            for (size_t n = 0; n < of->inputs; n++, weights += of->columns)                                            \
                for (int one = 0; one < ROWS; one++) {                                                                 \
                    double value = from[(size_t)one * of->inputs + n];                                                 \
                    for (int at = 0; at < VECTORS; at++)                                                               \
                        sums[one][at] += value * ((const Lanes *)weights)[at];                                         \
                }                                                                                                      \
        }                                                                                                              \
        for (int one = 0; one < ROWS; one++)                                                                           \
            for (int at = 0; at < VECTORS; at++)                                                                       \
                ((Lanes *)(of->into + (row + (size_t)one) * of->columns + column))[at] = sums[one][at];                \
    }

BLOCK(NAMED(PRODUCT, many_by_three), TALL, 3)
BLOCK(NAMED(PRODUCT, many_by_one), TALL, 1)
BLOCK(NAMED(PRODUCT, two_by_three), 2, 3)
BLOCK(NAMED(PRODUCT, one_by_three), 1, 3)
BLOCK(NAMED(PRODUCT, two_by_one), 2, 1)
BLOCK(NAMED(PRODUCT, one_by_one), 1, 1)

FOR static void PRODUCT(const Product *of)
{
    size_t column = 0;
    for (; column + 3 * LANES <= of->columns; column += 3 * LANES) {
        size_t row = 0;
        for (; row + TALL <= of->rows; row += TALL)
            NAMED(PRODUCT, many_by_three)(of, row, column);
        for (; row + 2 <= of->rows; row += 2)
            NAMED(PRODUCT, two_by_three)(of, row, column);
        for (; row < of->rows; row++)
            NAMED(PRODUCT, one_by_three)(of, row, column);
    }
    for (; column < of->columns; column += LANES) {
        size_t row = 0;
        for (; row + TALL <= of->rows; row += TALL)
            NAMED(PRODUCT, many_by_one)(of, row, column);
        for (; row + 2 <= of->rows; row += 2)
            NAMED(PRODUCT, two_by_one)(of, row, column);
        for (; row < of->rows; row++)
            NAMED(PRODUCT, one_by_one)(of, row, column);
    }
}

#undef BLOCK
#undef PASTED
#undef NAMED
#undef Lanes
#undef PRODUCT
#undef LANES
#undef TALL
#undef FOR
