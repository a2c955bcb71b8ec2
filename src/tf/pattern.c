#define PCRE2_CODE_UNIT_WIDTH 8
#include "tf.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>

/* Patterns are static text in tables, so their address names them. What is compiled stays for the
 * life of the process. */
struct compiled {
    const char *pattern;
    pcre2_code *code;
    struct compiled *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct compiled *all;

enum { most_steps = 200000, most_depth = 5000 };

static pcre2_code *compile(const char *pattern, int *ret_error)
{
    PCRE2_SIZE at = 0;
    return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY,
                         ret_error, &at, NULL);
}

static const pcre2_code *compiled_of(const char *pattern)
{
    pthread_mutex_lock(&lock);
    struct compiled *found = all;
    while (found != NULL && found->pattern != pattern)
        found = found->next;
    if (found == NULL && (found = calloc(1, sizeof *found)) != NULL) {
        int error = 0;
        *found = (struct compiled){pattern, compile(pattern, &error), all};
        all = found;
    }
    pthread_mutex_unlock(&lock);
    return found == NULL ? NULL : found->code;
}

bool tf_pattern_compiles(struct arena *arena, const char *pattern, struct str *ret_why)
{
    int error = 0;
    PCRE2_UCHAR text[256];
    pcre2_code *code = compile(pattern, &error);

    if (code != NULL) {
        pcre2_code_free(code);
        return true;
    }
    pcre2_get_error_message(error, text, sizeof text);
    *ret_why = arena_str(arena, str_of((const char *)text));
    return false;
}

bool tf_pattern_matches(const char *pattern, struct str text)
{
    const pcre2_code *code = compiled_of(pattern);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    pcre2_match_data *data = code == NULL ? NULL : pcre2_match_data_create(1, NULL);
    int found = PCRE2_ERROR_NOMATCH;

    if (data != NULL && limits != NULL) {
        pcre2_set_match_limit(limits, most_steps);
        pcre2_set_depth_limit(limits, most_depth);
        found = pcre2_match(code, (PCRE2_SPTR)(text.ptr == NULL ? "" : text.ptr), text.len, 0, 0,
                            data, limits);
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(limits);
    return found >= 0;
}
