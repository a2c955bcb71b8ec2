/* Patterns of the models. They are Java's, and PCRE2 takes nearly all of them as they are; those
 * with \uXXXX need an option. */
#include "shape.h"

#include <pthread.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { slots = 1024, most_kept = 4096, most_steps = 1000000 };

struct pattern {
    char *text;
    pcre2_code *code; /* NULL: PCRE2 does not take it */
    struct pattern *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static struct pattern *patterns[slots];                  /* live as long as the process */
static size_t kept;

static pcre2_code *compile(const char *text, int *ret_error, PCRE2_SIZE *ret_at)
{
    const uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, ret_error, ret_at, NULL);
    if (code != NULL)
        return code;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
    code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options | PCRE2_ALT_BSUX,
                         ret_error, ret_at, context);
    pcre2_compile_context_free(context);
    return code;
}

static size_t slot_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *text != 0; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)(hash % slots);
}

static struct pattern *find(size_t slot, const char *text)
{
    for (struct pattern *at = patterns[slot]; at != NULL; at = at->next)
        if (strcmp(at->text, text) == 0)
            return at;
    return NULL;
}

/* *ret_own: the caller frees the code, since there are too many to keep. */
static pcre2_code *code_of(const char *text, bool *ret_own)
{
    size_t slot = slot_of(text);
    int error;
    PCRE2_SIZE at;

    *ret_own = false;
    pthread_mutex_lock(&lock);
    struct pattern *pattern = find(slot, text);
    pcre2_code *code = pattern != NULL ? pattern->code : compile(text, &error, &at);
    if (pattern == NULL && kept < most_kept) {
        pattern = calloc(1, sizeof *pattern);
        if (pattern == NULL || (pattern->text = strdup(text)) == NULL)
            abort();
        pattern->code = code;
        pattern->next = patterns[slot];
        patterns[slot] = pattern;
        kept++;
    } else if (pattern == NULL) {
        *ret_own = true;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

bool pattern_matches(const char *pattern, struct str text)
{
    bool own;
    pcre2_code *code = code_of(pattern, &own);

    if (code == NULL)
        return true;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(context, most_steps); /* a pattern that goes astray ends */
    int found = pcre2_match(code, (PCRE2_SPTR)(text.ptr == NULL ? "" : text.ptr), text.len, 0, 0,
                            data, context);
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    if (own)
        pcre2_code_free(code);
    return found >= 0;
}

bool pattern_is_sound(struct arena *arena, const char *pattern, struct str *ret_why)
{
    int error = 0;
    PCRE2_SIZE at = 0;
    PCRE2_UCHAR text[200] = "";
    pcre2_code *code = compile(pattern, &error, &at);

    if (code == NULL) {
        pcre2_get_error_message(error, text, sizeof text);
        *ret_why = arena_fmt(arena, "%s, at character %zu", (const char *)text, (size_t)at);
        return false;
    }
    pcre2_code_free(code);
    return true;
}
