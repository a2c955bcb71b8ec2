#include "inside.h"

#include <stdlib.h>

enum { MAGIC = 0x4c435048 };

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static float middle(const struct stage_cell *cell, uint32_t series, uint32_t repeat)
{
    float values[PLAN_MOST_REPEAT];
    uint32_t count = 0;

    for (uint32_t i = 0; i < repeat; i++)
        if (cell->values[i][series] > 0)
            values[count++] = cell->values[i][series];
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
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
    return bytes.len == 0;
}
