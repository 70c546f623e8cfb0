/* What is counted of the characters of each paragraph: the twin of cleaner/detectors/text_judge/characters.py, whose
   names of rows and kinds say what is what. */

#include "native.h"

enum { LETTER, SMALL, CAPITAL, DIGIT, SPACE, FINAL, COMMA, COLON, QUOTE, OPENING, CLOSING, BULLET, MARK, RIGHTS, MONEY,
       DASH, PICTURE, END, KINDS };

static inline double larger(double one, double other) { return one > other ? one : other; }

void characters(const uint32_t *codes, const uint8_t *kinds, size_t length, const double *words, size_t paragraphs,
                double *rows)
{
    size_t first = 0;
    for (size_t number = 0; number < paragraphs; number++) {
        int64_t counts[KINDS] = {0};
        int64_t capital_words = 0, final_marks = 0, times = 0, years = 0, addresses = 0, slashes = 0;
        size_t at = first;
        for (;; at++) {
            uint8_t kind = kinds[at];
            if (kind == END)
                break;
            uint32_t code = codes[at];
            counts[kind]++;
            capital_words += kind == CAPITAL && (at == 0 || kinds[at - 1] > DIGIT);
            final_marks += kind == FINAL && at + 1 < length && kinds[at + 1] == SPACE;
            if (kind == DIGIT && at + 2 < length) {
                times += kinds[at + 2] == DIGIT && (kinds[at + 1] == COLON || codes[at + 1] == '.');
                years += at + 3 < length && kinds[at + 1] == DIGIT && kinds[at + 2] == DIGIT && kinds[at + 3] == DIGIT &&
                         code >= '1' && code <= '2';
            }
            addresses += code == '@' ||
                         (code == 'w' && at + 3 < length && codes[at + 1] == 'w' && codes[at + 3] == '.');
            slashes += code == '/';
        }
        size_t long_ = at - first;
        double size = larger((double)long_, 1), many = larger(words[number], 1);
        double letters = (double)(counts[LETTER] + counts[SMALL] + counts[CAPITAL]), digits = (double)counts[DIGIT];
        size_t final = at ? at - 1 : length - 1;
        uint32_t last = codes[final];
        double found[CHARACTER_ROWS] = {
            long_ < 3000 ? (double)long_ : 3000,
            digits / size,
            (double)counts[CAPITAL] / larger(letters, 1),
            ((double)long_ - letters - digits - (double)counts[SPACE]) / size,
            (double)counts[SPACE] / size,
            (double)counts[LETTER] / size,
            (double)capital_words / many,
            (letters + digits) / many,
            (double)final_marks,
            (double)counts[COMMA] / many,
            (double)counts[COLON],
            (double)counts[BULLET],
            (double)counts[QUOTE],
            (double)counts[OPENING],
            (double)counts[RIGHTS],
            (double)counts[MONEY],
            (double)counts[PICTURE],
            kinds[first],
            kinds[final],
            last == '?' || last == 0xFF1F,
            last == '!' || last == 0xFF01,
            (double)times,
            (double)years,
            (double)addresses,
            (double)slashes,
        };
        for (int row = 0; row < CHARACTER_ROWS; row++)
            rows[row * paragraphs + number] = found[row];
        first = at + 1;
    }
}
