#include "inside.h"

#include <stdlib.h>

enum { MAGIC = 0x4c435048 };

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static float middle_of(float *values, uint32_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

static float middle(const struct stage_cell *cell, uint32_t series, uint32_t repeat)
{
    float values[PLAN_MOST_REPEAT];
    uint32_t count = 0;

    for (uint32_t i = 0; i < repeat; i++)
        if (cell->values[i][series] > 0)
            values[count++] = cell->values[i][series];
    return middle_of(values, count);
}

/* What a rank says of one of its rails beside the matrix. */
struct said_aside {
    float value, against; /* medians; 0: none */
    uint8_t tested, unheard, noisy, none;
};

/* Partners with whom both were measured, where there are any: else the two medians would be of
 * different partners. */
static struct said_aside aside_of(const struct stage_aside *aside)
{
    float values[STAGE_ASIDES], against[STAGE_ASIDES];
    uint32_t value_count = 0, against_count = 0, both = 0;
    uint8_t noisy = (uint8_t)__builtin_popcount(aside->noisy);

    for (uint32_t i = 0; i < STAGE_ASIDES; i++)
        both += aside->values[i] > 0 && aside->against[i] > 0;
    for (uint32_t i = 0; i < STAGE_ASIDES; i++) {
        if (both > 0 && !(aside->values[i] > 0 && aside->against[i] > 0))
            continue;
        if (aside->values[i] > 0)
            values[value_count++] = aside->values[i];
        if (aside->against[i] > 0)
            against[against_count++] = aside->against[i];
    }
    return (struct said_aside){middle_of(values, value_count),
                               middle_of(against, against_count),
                               aside->tested,
                               aside->unheard,
                               noisy < aside->tested ? noisy : aside->tested,
                               0};
}

static void put_number(struct buf *out, uint32_t number)
{
    buf_put(out, (struct str){(const char *)&number, sizeof number});
}

static void put_cell(struct buf *out, const struct stage *stage, const struct stage_cell *cell)
{
    buf_put(out, (struct str){(const char *)cell, 4}); /* outcomes, noise, text */
    for (uint32_t s = 0; s < stage->plan.series_count; s++) {
        float value = middle(cell, s, stage->plan.repeat);
        buf_put(out, (struct str){(const char *)&value, sizeof value});
    }
}

/* Ranks of one run are of one architecture: numbers go as they are. */
void cells_pack(struct engine *engine, struct buf *out)
{
    struct stage *stage = engine->stage;

    put_number(out, MAGIC);
    put_number(out, stage->rail_count);
    put_number(out, stage->plan.series_count);
    put_number(out, stage->text_count);
    for (uint32_t i = 1; i <= stage->text_count; i++) {
        put_number(out, (uint32_t)strnlen(stage->texts[i], RAIL_ERROR));
        buf_put(out, (struct str){stage->texts[i], strnlen(stage->texts[i], RAIL_ERROR)});
    }
    for (uint32_t r = 0; r < engine->size; r++)
        for (uint32_t i = 0; i < stage->rail_count; i++)
            put_cell(out, stage, stage_cell(stage, r, i));
    for (uint32_t kind = 0; kind < PROBE_ASIDES; kind++)
        for (uint32_t i = 0; i < stage->rail_count; i++) {
            struct said_aside said = aside_of(&stage->asides[kind][i]);
            buf_put(out, (struct str){(const char *)&said, sizeof said});
        }
}

static bool take(struct str *bytes, void *to, size_t len)
{
    if (bytes->len < len)
        return false;
    memcpy(to, bytes->ptr, len);
    *bytes = str_from(*bytes, len);
    return true;
}

static bool take_texts(struct str *bytes, uint32_t count, struct str texts[STAGE_MOST_TEXTS + 1])
{
    uint32_t len;

    texts[0] = S("");
    for (uint32_t i = 1; i <= count; i++) {
        if (!take(bytes, &len, sizeof len) || len > bytes->len || len > RAIL_ERROR)
            return false;
        texts[i] = str_sub(*bytes, 0, len);
        *bytes = str_from(*bytes, len);
    }
    return true;
}

/* A read's bytes come from the other end to who reads. */
static void set_value(struct probe_run *run, uint32_t series, uint32_t rail, uint32_t from,
                      uint32_t other, float value)
{
    bool read = run->series[series].metric == PROBE_RMA_READ;

    if (value > 0)
        probe_set(run, series, rail, read ? other : from, read ? from : other, value);
}

static bool take_cell(struct probe_run *run, struct str *bytes, uint32_t from, uint32_t other,
                      uint32_t rail, const struct str *texts, uint32_t text_count)
{
    uint8_t said[4];
    float value;

    if (!take(bytes, said, sizeof said) || said[0] >= PROBE_OUTCOMES || said[1] >= PROBE_OUTCOMES ||
        said[3] > text_count)
        return false;
    if (said[0] != PROBE_NOT_TRIED)
        probe_say(run, rail, other, from, said[0], said[2] != 0, S(""));
    if (said[1] != PROBE_NOT_TRIED)
        probe_say(run, rail, from, other, said[1], said[2] != 0, texts[said[3]]);
    for (uint32_t s = 0; s < run->series_count; s++) {
        if (!take(bytes, &value, sizeof value))
            return false;
        set_value(run, s, rail, from, other, value);
    }
    return true;
}

static bool take_aside(struct probe_run *run, struct str *bytes, uint32_t from, uint32_t kind,
                       uint32_t rail)
{
    struct probe_aside *aside = probe_run_aside(run, (enum probe_aside_kind)kind);
    size_t at = (size_t)from * run->rail_count + rail;
    struct said_aside said;

    if (!take(bytes, &said, sizeof said))
        return false;
    if (aside == NULL)
        return true;
    if (said.value > 0)
        aside->values[at] = (double)said.value;
    if (said.against > 0)
        aside->against[at] = (double)said.against;
    aside->unheard_rails[at] = said.unheard;
    aside->tested += said.tested;
    aside->unheard += said.unheard;
    aside->noisy += said.noisy;
    return true;
}

bool cells_unpack(struct engine *engine, struct probe_run *run, uint32_t from, struct str bytes)
{
    struct str texts[STAGE_MOST_TEXTS + 1];
    uint32_t head[4];

    if (!take(&bytes, head, sizeof head) || head[0] != MAGIC || head[1] > run->rail_count ||
        head[2] != run->series_count || head[3] > STAGE_MOST_TEXTS ||
        !take_texts(&bytes, head[3], texts))
        return false;
    for (uint32_t other = 0; other < engine->size; other++)
        for (uint32_t rail = 0; rail < head[1]; rail++)
            if (!take_cell(run, &bytes, from, other, rail, texts, head[3]))
                return false;
    for (uint32_t kind = 0; kind < PROBE_ASIDES; kind++)
        for (uint32_t rail = 0; rail < head[1]; rail++)
            if (!take_aside(run, &bytes, from, kind, rail))
                return false;
    return bytes.len == 0;
}
