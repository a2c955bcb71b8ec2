#include "said.h"

#include "fabric/ticks.h"

static const int64_t come_ns = 20000 * TICKS_MS; /* for the cells of one rank */

static void counters_moved(struct engine *engine, struct ending *ending)
{
    int64_t now[SYSFS_COUNTERS];

    ending->counters =
        arena_array(engine->arena, struct ending_counter, PROBE_MAX_RAILS * SYSFS_COUNTERS);
    for (uint32_t i = 0; i < engine->stage->rail_count; i++) {
        sysfs_counters("", engine->stage->places[i].device, now);
        for (int k = 0; k < SYSFS_COUNTERS; k++)
            if (sysfs_moved(engine->counters[i], now, k) > 0)
                ending->counters[ending->counter_count++] = (struct ending_counter){
                    i, sysfs_moved(engine->counters[i], now, k), str_of(sysfs_counter_names[k])};
    }
}

static struct ending ending_of(struct engine *engine, size_t cells_bytes)
{
    struct sysfs_load now = engine->load;
    struct ending ending = {.how = !engine->measurer.lost    ? ENDING_WELL
                                   : engine->measurer.silent ? ENDING_SILENT
                                                             : ENDING_DIED,
                            .phase = str_of(engine->phase == NULL ? "" : engine->phase),
                            .why = str_of(engine->measurer.why),
                            .timed_out = engine->timed_out,
                            .stood_ms = engine->stood_ns / TICKS_MS,
                            .missed = engine->missed,
                            .cells_bytes = (int64_t)cells_bytes,
                            .phase_count = engine->stage->plan.phase_count,
                            .phase_ms = engine->phase_ms};

    if (engine->stage->rail_count == 0) {
        const struct card *own = engine->cards[engine->rank];
        ending.how = ENDING_NO_RAIL;
        ending.phase = S("open");
        ending.why = own->findings[own->finding_count - 1].text;
    }
    sysfs_load("", &now);
    ending.busy = now.busy - engine->load.busy;
    ending.total = now.total - engine->load.total;
    ending.own = now.own - engine->load.own + engine->measurer.cpu_ticks;
    counters_moved(engine, &ending);
    return ending;
}

bool say_all(struct engine *engine)
{
    struct buf cells = buf_on_heap((size_t)64 << 20);
    struct ending ending;
    cJSON *tree;
    char *json, key[32];
    bool said = true;

    cells_pack(engine, &cells);
    if (cells.overflow)
        buf_clear(&cells);
    ending = ending_of(engine, cells.len);
    for (uint32_t i = 0; (size_t)i * SAID_PIECE < cells.len; i++) {
        snprintf(key, sizeof key, "cells.%u", i);
        engine->pieces_said = i + 1;
        said &= wire_say(engine->wire, key,
                         str_sub(buf_str(&cells), (size_t)i * SAID_PIECE, SAID_PIECE));
    }
    buf_done(&cells);
    tree = members_write(engine->arena, &ending_members, &ending);
    json = tree == NULL ? NULL : cJSON_PrintUnformatted(tree);
    said &= json != NULL && wire_say(engine->wire, "ending", str_of(json));
    cJSON_free(json);
    cJSON_Delete(tree);
    return said;
}

void unsay_all(struct engine *engine)
{
    char key[32];

    for (uint32_t i = 0; i < engine->pieces_said; i++) {
        snprintf(key, sizeof key, "cells.%u", i);
        wire_forget(engine->wire, key);
    }
    wire_forget(engine->wire, "ending");
    engine->pieces_said = 0;
}

/* Who has said that it ended has its cells said before: they only have to come. */
bool hear_all(struct engine *engine, struct arena *arena, uint32_t rank, int64_t deadline,
              struct ending *ret_ending, struct str *ret_cells)
{
    struct probe_error error = {0};
    struct str json, piece;
    struct buf cells;
    char key[32];

    if (!wire_hear(engine->wire, rank, "ending", arena, deadline, &json) ||
        !members_read(arena, json, "a rank's ending", &ending_members, ret_ending, &error) ||
        ret_ending->cells_bytes < 0 || ret_ending->cells_bytes > 64 << 20)
        return false;
    deadline = ticks_ns() + come_ns;
    cells = buf_in(arena, (size_t)ret_ending->cells_bytes);
    for (uint32_t i = 0; (int64_t)i * SAID_PIECE < ret_ending->cells_bytes; i++) {
        snprintf(key, sizeof key, "cells.%u", i);
        if (!wire_hear(engine->wire, rank, key, arena, deadline, &piece))
            return false;
        buf_put(&cells, piece);
    }
    *ret_cells = buf_str(&cells);
    return (int64_t)ret_cells->len == ret_ending->cells_bytes;
}
