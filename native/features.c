/* Each paragraph among its neighbours: the twin of `features` and `second_stage` in
   cleaner/detectors/text_judge/features.py, whose names of rows say what is what. Sums are added up in the same order,
   so that they are the same to the last digit. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

#define FAR 99.0
#define ABSENT -9.0
#define PROSE 20
#define TITLE 14
#define STRONG 0.5
#define LONG 12
#define RUN 5
#define HEAD 8
#define TAIL 6
#define LINE_END 10

/* Rows that are written one after another. */
typedef struct {
    float *row;
    size_t many;
} Into;

static inline float rounded(double value) { return (float)(rint(value * 10000) / 10000); }

static void set(Into *into, const double *values)
{
    for (size_t at = 0; at < into->many; at++)
        into->row[at] = rounded(values[at]);
    into->row += into->many;
}

static void all(Into *into, double value)
{
    for (size_t at = 0; at < into->many; at++)
        into->row[at] = rounded(value);
    into->row += into->many;
}

/* The row as the paragraph `step` further on has it. */
static void shifted(Into *into, const double *row, ptrdiff_t step, double fill)
{
    ptrdiff_t many = (ptrdiff_t)into->many;
    for (ptrdiff_t at = 0; at < many; at++)
        into->row[at] = rounded(at + step >= 0 && at + step < many ? row[at + step] : fill);
    into->row += many;
}

static size_t least(size_t one, size_t other) { return one < other ? one : other; }

/* The sum over `width` paragraphs on either side and the one between, and how many those are. */
static inline double around(const double *totals, size_t many, size_t at, size_t width, size_t *size)
{
    size_t first = at > width ? at - width : 0, last = least(many, at + width + 1);
    *size = last - first;
    return totals[last] - totals[first];
}

static void total(const double *row, size_t many, double *totals)
{
    totals[0] = 0;
    for (size_t at = 0; at < many; at++)
        totals[at + 1] = totals[at] + row[at];
}

static void means(Into *into, const double *row, size_t width, double *totals)
{
    size_t size;
    total(row, into->many, totals);
    for (size_t at = 0; at < into->many; at++) {
        double sum = around(totals, into->many, at, width, &size);
        into->row[at] = rounded(sum / (double)size);
    }
    into->row += into->many;
}

/* The largest value of `width` paragraphs on either side, itself aside; `fill` stands where there is none. */
static double most_near(const double *row, size_t many, size_t at, size_t width, double fill)
{
    double most = at < width || at + width >= many ? fill : -INFINITY;
    for (size_t near = at > width ? at - width : 0; near < least(many, at + width + 1); near++)
        if (near != at && row[near] > most)
            most = row[near];
    return most;
}

/* How many paragraphs back (or on) the nearest marked one is, itself aside. */
static void distances(Into *into, const uint8_t *marked, int on)
{
    size_t many = into->many;
    double distance = FAR;
    for (size_t n = 0; n < many; n++) {
        size_t at = on ? many - 1 - n : n;
        into->row[at] = (float)(distance < FAR ? distance : FAR);
        distance = marked[at] ? 1 : distance + 1;
    }
    into->row += many;
}

/* For each place in a run of marked ones: how long the run is, the place in it, the share of `values` in it. */
static void runs(Into *into, const uint8_t *marked, const uint8_t *values)
{
    size_t many = into->many;
    float *length = into->row, *place = length + many, *mean = place + many;
    for (size_t first = 0, last; first < many; first = last) {
        size_t held = 0;
        for (last = first; last < many && marked[last] == marked[first]; last++)
            held += values && values[last];
        for (size_t at = first; at < last; at++) {
            length[at] = marked[at] ? (float)(last - first) : 0;
            place[at] = marked[at] ? (float)(at - first) : -1;
            if (values)
                mean[at] = marked[at] ? rounded((double)held / (double)(last - first)) : -1;
        }
    }
    into->row += (values ? 3 : 2) * many;
}

typedef struct {
    const uint32_t *first;
    size_t length;
    size_t number; /* of paragraphs that are alike, in the slot of the first of them */
} Key;

/* How many paragraphs have the same beginning (`head`) or ending of so many characters; all of it if both are 0. */
static void alike(Into *into, const uint32_t *keys, const size_t *starts, size_t head, size_t tail, Key *slots,
                  size_t *homes, size_t room)
{
    memset(slots, 0, room * sizeof *slots);
    for (size_t at = 0; at < into->many; at++) {
        const uint32_t *first = keys + starts[at];
        size_t length = starts[at + 1] - starts[at] - 1;
        if (tail && length > tail) {
            first += length - tail;
            length = tail;
        }
        if (head)
            length = least(length, head);
        uint64_t hash = length;
        for (size_t n = 0; n < length; n++)
            hash = (hash ^ first[n]) * 0x9E3779B97F4A7C15ULL;
        size_t home = (size_t)(hash >> 32) & (room - 1);
        while (slots[home].number &&
               (slots[home].length != length || memcmp(slots[home].first, first, length * sizeof *first)))
            home = (home + 1) & (room - 1);
        slots[home].first = first;
        slots[home].length = length;
        slots[home].number++;
        homes[at] = home;
    }
    for (size_t at = 0; at < into->many; at++)
        into->row[at] = (float)slots[homes[at]].number;
    into->row += into->many;
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* What the judge asks of the paragraphs before it is told where they stand. */
typedef struct {
    uint8_t *prose, *other, *ruled, *stops, *titles;
    double *spare;  /* (paragraphs + 1) */
    double *titled; /* (paragraphs): `titles` as numbers */
    size_t *starts; /* (paragraphs + 1): where each begins among the keys */
    size_t *homes;
    Key *slots;
    size_t room;
} Space;

static void place(Into *into, const Features *seen, const Space *space)
{
    const double *words = seen->rows, *sizes = seen->sizes;
    const size_t many = into->many;
    double size = 0, before = 0, in_prose = 0, in_ruled = 0;
    size_t first = many, last = 0, proses = 0, longs = 0, stopped = 0, ruled = 0, titles = 0;
    for (size_t at = 0; at < many; at++) {
        size += sizes[at];
        if (space->prose[at]) {
            first = least(first, at);
            last = at;
            space->spare[proses++] = words[at];
            in_prose += sizes[at];
        }
        if (words[at] > LONG) {
            longs++;
            stopped += space->stops[at];
        }
        ruled += space->ruled[at];
        in_ruled += space->ruled[at] ? sizes[at] : 0;
        titles += space->titles[at];
    }
    qsort(space->spare, proses, sizeof *space->spare, by_size);
    double middle = proses ? space->spare[proses / 2] : 0;
    float *row = into->row;
    for (size_t at = 0; at < many; at++, row++) {
        double number = (double)at, rest = (double)(many - 1);
        row[0] = (float)many;
        row[many] = (float)at;
        row[2 * many] = (float)(many - 1 - at);
        row[3 * many] = rounded(number / (rest > 1 ? rest : 1));
        row[4 * many] = rounded(before / size);
        row[5 * many] = rounded((size - before - sizes[at]) / size);
        row[6 * many] = rounded(seen->log_size);
        row[7 * many] = (float)(proses ? number - (double)first : -FAR);
        row[8 * many] = (float)(proses ? number - (double)last : FAR);
        before += sizes[at];
    }
    into->row += 9 * many;
    distances(into, space->prose, 0);
    distances(into, space->prose, 1);
    distances(into, space->ruled, 0);
    distances(into, space->ruled, 1);
    for (size_t at = 0; at < many; at++)
        into->row[at] = rounded(middle > 0 ? words[at] / middle : -1);
    into->row += many;
    all(into, middle);
    all(into, longs ? (double)stopped / (double)longs : -1);
    all(into, in_prose / size);
    all(into, in_ruled / size);
    all(into, (double)ruled / (double)many);
    all(into, (double)titles / (double)many);
    runs(into, space->titles, NULL);
    runs(into, space->other, space->ruled);
    runs(into, space->stops, NULL);
    alike(into, seen->keys, space->starts, 0, 0, space->slots, space->homes, space->room);
    alike(into, seen->keys, space->starts, HEAD, 0, space->slots, space->homes, space->room);
    alike(into, seen->keys, space->starts, 0, TAIL, space->slots, space->homes, space->room);
    const uint32_t *headline = seen->keys + (seen->titled ? space->starts[many] : 0);
    size_t length = seen->titled ? seen->length - space->starts[many] - 1 : space->starts[1] - 1;
    for (size_t at = 0; at < many; at++)
        into->row[at] = at && space->starts[at + 1] - space->starts[at] - 1 == length &&
                        !memcmp(seen->keys + space->starts[at], headline, length * sizeof *headline);
    into->row += many;
    all(into, seen->unspaced);
}

static void rules_around(Into *into, const Features *seen, double *totals, uint8_t *marked)
{
    const size_t many = into->many;
    const double *rules = seen->rows + OWN_ROWS * many;
    for (int step = -1; step < 2; step += 2)
        for (size_t kind = 0; kind < RUNNING; kind++)
            shifted(into, rules + kind * many, step, 0);
    for (size_t kind = 0; kind < RUNNING; kind++) {
        const double *row = rules + kind * many;
        size_t size;
        total(row, many, totals);
        for (size_t at = 0; at < many; at++)
            into->row[at] = rounded(around(totals, many, at, RUN, &size) - row[at]);
        into->row += many;
    }
    for (int on = 0; on < 2; on++)
        for (size_t kind = 0; kind < RUNNING; kind++) {
            for (size_t at = 0; at < many; at++)
                marked[at] = rules[kind * many + at] >= STRONG;
            distances(into, marked, on);
        }
}

static void words_around(Into *into, const Features *seen, double *totals)
{
    const size_t many = into->many;
    const double *sense = seen->sense;
    double most = -INFINITY;
    for (size_t label = 0; label < SENSES; label++)
        set(into, sense + label * many);
    for (int step = -3; step <= 3; step++)
        if (step)
            shifted(into, sense, step, ABSENT);
    for (int step = -1; step < 2; step += 2)
        for (size_t label = 1; label < SENSES; label++)
            shifted(into, sense + label * many, step, ABSENT);
    for (size_t width = 3; width <= 8; width += 5) {
        means(into, sense, width, totals);
        for (size_t at = 0; at < many; at++) {
            double near = most_near(sense, many, at, width, ABSENT);
            into->row[at] = rounded(near > sense[at] ? near : sense[at]);
        }
        into->row += many;
    }
    for (size_t at = 0; at < many; at++)
        most = sense[at] > most ? sense[at] : most;
    all(into, seen->sense_mean);
    all(into, most);
}

static int prepared(const Features *seen, Space *space)
{
    const size_t many = seen->paragraphs;
    const double *words = seen->rows, *stops = seen->rows + many;
    const double *strongest = seen->rows + (OWN_ROWS + CLAIMS) * many;
    space->room = 16;
    while (space->room < 2 * many)
        space->room *= 2;
    space->prose = malloc(5 * many);
    space->spare = malloc((2 * many + 1) * sizeof *space->spare);
    space->starts = malloc((many + 1) * sizeof *space->starts);
    space->homes = malloc(many * sizeof *space->homes);
    space->slots = malloc(space->room * sizeof *space->slots);
    if (!space->prose || !space->spare || !space->starts || !space->homes || !space->slots)
        return 0;
    space->titled = space->spare + many + 1;
    space->other = space->prose + many;
    space->ruled = space->other + many;
    space->stops = space->ruled + many;
    space->titles = space->stops + many;
    for (size_t at = 0; at < many; at++) {
        space->stops[at] = stops[at] > 0;
        space->prose[at] = words[at] >= PROSE && space->stops[at];
        space->other[at] = !space->prose[at];
        space->ruled[at] = strongest[at] >= STRONG;
        space->titles[at] = words[at] <= TITLE && !space->stops[at];
        space->titled[at] = space->titles[at];
    }
    space->starts[0] = 0;
    for (size_t at = 0, number = 1; number <= many; at++)
        if (seen->keys[at] == LINE_END)
            space->starts[number++] = at + 1;
    return 1;
}

#define PLACE_ROWS 32

size_t feature_rows(const Features *seen)
{
    return GIVEN_ROWS + PLACE_ROWS + 2 + 4 * seen->beside + 2 * (seen->named - seen->beside) + 5 * RUNNING + 3 * SENSES +
           10;
}

int features(const Features *seen, float *rows)
{
    const size_t many = seen->paragraphs;
    Into into = {rows, many};
    Space space;
    int fits = prepared(seen, &space);
    if (fits) {
        for (size_t row = 0; row < OWN_ROWS + RULE_ROWS; row++)
            set(&into, seen->rows + row * many);
        place(&into, seen, &space);
        set(&into, seen->markup);
        set(&into, seen->markup + many);
        for (int step = -2; step <= 2; step++)
            for (size_t n = 0; step && n < seen->beside; n++)
                shifted(&into, seen->rows + (size_t)seen->places[n] * many, step, -1);
        for (size_t width = 3; width <= 8; width += 5)
            for (size_t n = seen->beside; n < seen->named; n++)
                means(&into, seen->places[n] < 0 ? space.titled : seen->rows + (size_t)seen->places[n] * many, width,
                      space.spare);
        rules_around(&into, seen, space.spare, space.other);
        words_around(&into, seen, space.spare);
    }
    free(space.prose);
    free(space.spare);
    free(space.starts);
    free(space.homes);
    free(space.slots);
    return fits ? 0 : -1;
}

int second_stage(const double *first, const double *odds, double mean, size_t many, float *rows)
{
    Into into = {rows, many};
    double *totals = malloc((many + 1) * sizeof *totals);
    if (!totals)
        return -1;
    set(&into, odds);
    for (int step = -4; step <= 4; step++)
        if (step)
            shifted(&into, odds, step, ABSENT);
    total(first, many, totals);
    static const size_t widths[3] = {2, 5, 10};
    for (int n = 0; n < 3; n++) {
        for (size_t at = 0; at < many; at++) {
            size_t size;
            double sum = around(totals, many, at, widths[n], &size);
            into.row[at] = rounded(size > 1 ? (sum - first[at]) / (double)(size - 1) : -1);
            into.row[many + at] = rounded(most_near(first, many, at, widths[n], -1));
        }
        into.row += 2 * many;
    }
    for (int back = 0; back < 2; back++) {
        float run = 0;
        for (size_t n = 0; n < many; n++) {
            size_t at = back ? many - 1 - n : n;
            into.row[at] = run;
            run = first[at] > STRONG ? run + 1 : 0;
        }
        into.row += many;
    }
    all(&into, mean);
    free(totals);
    return 0;
}
