#include "tf.h"

enum { longest = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions and changed letters between the two; case counts for nothing. */
static size_t distance(struct str a, struct str b)
{
    size_t row[longest + 1];

    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t before = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = before + (lower(a.ptr[i - 1]) != lower(b.ptr[j - 1]));
            before = row[j];
            row[j] = least(change, least(row[j] + 1, row[j - 1] + 1));
        }
    }
    return row[b.len];
}

const char *tf_nearest(struct str word, const char *const *words)
{
    const char *best = NULL;
    size_t best_distance = 1 + (word.len + 2) / 3; /* further away is another word */

    if (word.len == 0 || word.len > longest)
        return NULL;
    for (; *words != NULL; words++) {
        struct str candidate = str_of(*words);
        size_t d = candidate.len > longest ? SIZE_MAX : distance(word, candidate);
        if (d < best_distance) {
            best_distance = d;
            best = *words;
        }
    }
    return best;
}
