/* Time, chance and environment come in as parameters: they are read by main's world and by tests'
 * worlds, nowhere else.
 */
#ifndef HP_BASE_CLOCK_H
#define HP_BASE_CLOCK_H

#include <hp/base/arena.h>
#include <hp/base/stop.h>

struct world {
    /* Milliseconds since 1970 UTC (wall clock). */
    int64_t (*now_ms)(void *arg);
    /* Milliseconds that only go forward. */
    int64_t (*tick_ms)(void *arg);
    /* Waits; true: stopped. */
    bool (*wait_ms)(void *arg, struct stop_token *stop, int64_t wait_ms);
    /* Fills with random bytes that nobody can guess. */
    void (*random)(void *arg, void *bytes, size_t len);
    /* An environment variable, or ptr NULL. Borrowed for the life of the world. */
    struct str (*env)(void *arg, const char *name);
    void *arg;
};

/* The real one. */
const struct world *world_of_process(void);

static inline int64_t world_now_ms(const struct world *w)
{
    return w->now_ms(w->arg);
}
static inline int64_t world_tick_ms(const struct world *w)
{
    return w->tick_ms(w->arg);
}
static inline bool world_wait_ms(const struct world *w, struct stop_token *stop, int64_t ms)
{
    return w->wait_ms(w->arg, stop, ms);
}
static inline struct str world_env(const struct world *w, const char *name)
{
    return w->env(w->arg, name);
}
/* Uniform in [0, limit). */
uint64_t world_random_below(const struct world *w, uint64_t limit);

/* RFC 3339 in UTC: 2026-11-22T02:27:28Z (time_rfc3339), 20261122T022728Z (time_basic). */
struct str time_rfc3339(struct arena *arena, int64_t unix_ms);
struct str time_basic(struct arena *arena, int64_t unix_ms);
/* Reads RFC 3339 (any offset, fractions) or the basic form; false leaves *ret as it was. */
bool time_parse(struct str text, int64_t *ret_unix_ms);
/* Go durations: "1h30m", "45s", "1.5h", "300ms". False: not one, or negative. */
bool duration_parse(struct str text, int64_t *ret_ms);
/* 5400000 -> "1h30m0s", as Go prints it. */
struct str duration_text(struct arena *arena, int64_t ms);

#endif
