/* libpmix, whose own thread comes to a question 30 ms after it was asked. Who asks must keep the question until it is
 * answered: one that was changed by then ends the process. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pmix.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct asked {
    const pmix_proc_t *proc;
    const char *key;
    const pmix_info_t *info;
    size_t count;
    pmix_value_cbfunc_t done;
    void *arg;
    pmix_proc_t proc_then;
    pmix_info_t info_then[2];
    char key_then[64];
};

static void *read_late(void *arg)
{
    struct asked *a = arg;
    pmix_status_t (*real)(const pmix_proc_t *, const char *, const pmix_info_t *, size_t, pmix_value_cbfunc_t, void *) =
        dlsym(RTLD_NEXT, "PMIx_Get_nb");

    usleep(30000);
    if (memcmp(&a->proc_then, a->proc, sizeof a->proc_then) != 0 || strcmp(a->key_then, a->key) != 0 ||
        memcmp(a->info_then, a->info, a->count * sizeof *a->info) != 0) {
        fprintf(stderr, "a question for %s was changed while it was on its way\n", a->key_then);
        abort();
    }
    pmix_status_t status = real(a->proc, a->key, a->info, a->count, a->done, a->arg);
    if (status != PMIX_SUCCESS)
        a->done(status, NULL, a->arg);
    free(a);
    return NULL;
}

pmix_status_t PMIx_Get_nb(const pmix_proc_t *proc, const char *key, const pmix_info_t *info, size_t count,
                          pmix_value_cbfunc_t done, void *arg)
{
    pthread_t thread;
    struct asked *a = calloc(1, sizeof *a);

    *a = (struct asked){proc, key, info, count, done, arg};
    memcpy(&a->proc_then, proc, sizeof *proc);
    memcpy(a->info_then, info, count * sizeof *info);
    snprintf(a->key_then, sizeof a->key_then, "%s", key);
    pthread_create(&thread, NULL, read_late, a);
    pthread_detach(thread);
    return PMIX_SUCCESS;
}
