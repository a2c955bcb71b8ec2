#include "fabric/ticks.h"
#include "node/sysfs.h"
#include "stage.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/times.h>
#include <unistd.h>

enum { MOST_CROSSED = STAGE_ASIDES };

/* One rail: with a thread of its own when there are several. */
struct lane {
    struct band *band;
    uint32_t number;
    struct rail *rail;
    uint64_t *peers; /* in the rail's address vector, a rank each */
    bool *known;
    struct crossed {
        uint32_t rank, rail;
        uint64_t peer;
    } crossed[MOST_CROSSED]; /* other rails than this one's number */
    uint32_t crossed_count;
    int64_t *samples;
    struct pair_seen seen;
    pthread_t thread;
};

struct band {
    struct stage *stage;
    struct lane lanes[PROBE_MAX_RAILS];
    struct stage_order order; /* what is being done */
    pthread_mutex_t lock;
    pthread_cond_t begin, ended;
    uint64_t turn; /* of the order; by the lock */
    uint32_t busy; /* lanes that are still at it; by the lock */
};

static uint8_t text_number(struct band *band, const char *text)
{
    struct stage *stage = band->stage;
    uint32_t i;

    pthread_mutex_lock(&band->lock);
    for (i = 1; i <= stage->text_count; i++)
        if (strcmp(stage->texts[i], text) == 0)
            break;
    if (i > stage->text_count && i <= STAGE_MOST_TEXTS) {
        snprintf(stage->texts[i], sizeof stage->texts[i], "%s", text);
        stage->text_count = i;
    }
    pthread_mutex_unlock(&band->lock);
    return (uint8_t)(i > STAGE_MOST_TEXTS ? STAGE_MOST_TEXTS : i);
}

static void worse(uint8_t *outcome, enum probe_outcome now)
{
    if (now > *outcome)
        *outcome = (uint8_t)now;
}

static void note_outcome(struct lane *lane, struct stage_cell *cell)
{
    const struct pair_seen *seen = &lane->seen;

    if (seen->heard)
        worse(&cell->in, PROBE_OK);
    if (seen->confirmed)
        worse(&cell->out, PROBE_OK);
    if (seen->corrupt)
        worse(&cell->in, PROBE_CORRUPT);
    if (seen->end == RAIL_SILENT)
        worse(&cell->in, PROBE_SILENT);
    if (seen->end == RAIL_ERROR_SAID) {
        worse(&cell->out, PROBE_FAILED);
        cell->text = text_number(lane->band, seen->error);
    }
}

static void note_figures(struct lane *lane, struct stage_cell *cell, const struct plan_phase *phase,
                         uint32_t repeat)
{
    const struct plan *plan = &lane->band->stage->plan;
    double figures[PLAN_FIGURES];

    for (uint32_t i = 0; i < phase->count; i++) {
        const struct plan_piece *piece = &plan->pieces[phase->first + i];
        plan_figures(plan, piece, &lane->seen.pieces[i], figures);
        for (int k = 0; k < PLAN_FIGURES; k++)
            if (piece->series[k] >= 0 && !isnan(figures[k]))
                cell->values[repeat][piece->series[k]] = (float)figures[k];
    }
}

static bool insert(struct lane *lane, uint32_t other)
{
    const struct stage_peer *peer = stage_peer(lane->band->stage, other, lane->number);
    struct probe_error error = {0};

    if (!lane->known[other] && peer->len > 0)
        lane->known[other] =
            rail_insert(lane->rail, peer->address, peer->len, &lane->peers[other], &error);
    return lane->known[other];
}

/* A rail of another number. */
static bool insert_crossed(struct lane *lane, uint32_t other, uint32_t rail, uint64_t *ret_peer)
{
    const struct stage_peer *peer = stage_peer(lane->band->stage, other, rail);
    struct crossed *at = lane->crossed, *end = at + lane->crossed_count;
    struct probe_error error = {0};

    while (at < end && (at->rank != other || at->rail != rail))
        at++;
    if (at == end) {
        if (peer->len == 0 || lane->crossed_count == MOST_CROSSED)
            return false;
        *at = (struct crossed){other, rail, 0};
        if (!rail_insert(lane->rail, peer->address, peer->len, &at->peer, &error))
            return false;
        lane->crossed_count++;
    }
    *ret_peer = at->peer;
    return true;
}

static void fill_pieces(const struct plan *plan, const struct plan_phase *phase,
                        struct pair_piece pieces[PAIR_MOST_PIECES])
{
    for (uint32_t i = 0; i < phase->count; i++)
        pieces[i] = plan->pieces[phase->first + i].piece;
}

static struct pair_job job_of(const struct lane *lane, const struct stage_order *order)
{
    const struct stage *stage = lane->band->stage;

    return (struct pair_job){.peer = lane->peers[order->other],
                             .self = stage->rank,
                             .other = order->other,
                             .salt = stage->salt,
                             .sequence = order->sequence,
                             .first = order->first,
                             .deadline = order->deadline};
}

static void tell_trouble(const struct lane *lane, const struct stage_order *order)
{
    static const char *const ends[] = {"well", "silence", "an error"};
    const struct stage *stage = lane->band->stage;

    if (stage->verbose && lane->seen.end != RAIL_OK)
        fprintf(
            stderr,
            "hyperpod-probe: rank %u, rail %u, meeting %u with rank %u, piece %u of %s: %s %s\n",
            stage->rank, lane->number, order->sequence, order->other, lane->seen.ended_at,
            stage->plan.phases[order->phase].name, ends[lane->seen.end], lane->seen.error);
}

/* A rail that did not get through when connections were made is left alone later: the other end
 * knows the same, or will find out by waiting. */
static void lane_meet(struct lane *lane, const struct stage_order *order)
{
    struct stage *stage = lane->band->stage;
    struct stage_cell *cell = stage_cell(stage, order->other, lane->number);
    const struct plan_phase *phase = &stage->plan.phases[order->phase];
    struct pair_piece pieces[PAIR_MOST_PIECES];
    struct pair_job job;

    if (order->phase > 0 && (cell->in != PROBE_OK || cell->out > PROBE_OK))
        return;
    if (!insert(lane, order->other)) {
        worse(&cell->in, PROBE_SKIPPED);
        return;
    }
    fill_pieces(&stage->plan, phase, pieces);
    job = job_of(lane, order);
    job.pieces = pieces;
    job.piece_count = phase->count;
    pair_meet(lane->rail, &job, lane->samples, &lane->seen);
    tell_trouble(lane, order);
    note_outcome(lane, cell);
    note_figures(lane, cell, phase, order->repeat);
}

/* One series, once, beside the matrix. */
static void lane_again(struct lane *lane, const struct stage_order *order)
{
    struct stage *stage = lane->band->stage;
    uint32_t figure = 0;
    const struct plan_piece *piece = plan_piece_of(&stage->plan, (uint32_t)order->series, &figure);
    struct pair_job job;
    double figures[PLAN_FIGURES];

    if ((int32_t)lane->number != order->rail || piece == NULL || !insert(lane, order->other))
        return;
    job = job_of(lane, order);
    job.pieces = &piece->piece;
    job.piece_count = 1;
    pair_meet(lane->rail, &job, lane->samples, &lane->seen);
    plan_figures(&stage->plan, piece, &lane->seen.pieces[0], figures);
    stage->again = isnan(figures[figure]) ? 0 : (float)figures[figure];
    stage->again_outcome = lane->seen.end == RAIL_OK       ? PROBE_OK
                           : lane->seen.end == RAIL_SILENT ? PROBE_SILENT
                                                           : PROBE_FAILED;
}

static void note_aside(struct lane *lane, const struct stage_order *order,
                       const struct plan_phase *phase)
{
    const struct pair_seen *seen = &lane->seen;
    struct stage_aside *aside = &lane->band->stage->asides[phase->aside][lane->number];
    double rate = 0;

    for (uint32_t i = 0; i < phase->count; i++)
        if (lane->band->stage->plan.pieces[phase->first + i].piece.test >= PAIR_FORTH &&
            seen->pieces[i].done && seen->pieces[i].measured)
            rate = seen->pieces[i].rate * 8 / 1e9;
    (order->against ? aside->against : aside->values)[order->sample] = (float)rate;
    if (!order->against)
        aside->tested++;
    /* That two rails do not hear each other is said of what is tried, not of what it is held to. */
    aside->unheard += !order->against && seen->end != RAIL_OK;
}

static void lane_aside(struct lane *lane, const struct stage_order *order)
{
    struct stage *stage = lane->band->stage;
    const struct plan_phase *phase = &stage->plan.phases[order->phase];
    uint32_t to = order->to_rail[lane->number];
    const struct stage_cell *cell = stage_cell(stage, order->other, lane->number);
    struct pair_piece pieces[PAIR_MOST_PIECES];
    struct pair_job job = job_of(lane, order);

    if (to == STAGE_RESTS)
        return;
    if (to == lane->number) {
        if (cell->in == PROBE_SKIPPED || cell->in > PROBE_OK || cell->out > PROBE_OK ||
            !insert(lane, order->other))
            return;
        job.peer = lane->peers[order->other];
    } else if (!insert_crossed(lane, order->other, to, &job.peer)) {
        return;
    }
    fill_pieces(&stage->plan, phase, pieces);
    job.pieces = pieces;
    job.piece_count = phase->count;
    pair_meet(lane->rail, &job, lane->samples, &lane->seen);
    tell_trouble(lane, order);
    note_aside(lane, order, phase);
}

static void lane_do(struct lane *lane)
{
    const struct stage_order *order = &lane->band->order;

    if (order->kind == ORDER_MEET)
        lane_meet(lane, order);
    else if (order->kind == ORDER_AGAIN)
        lane_again(lane, order);
    else if (order->kind == ORDER_ASIDE)
        lane_aside(lane, order);
}

static void *lane_run(void *arg)
{
    struct lane *lane = arg;
    struct band *band = lane->band;

    for (uint64_t turn = 1;; turn++) {
        pthread_mutex_lock(&band->lock);
        while (band->turn < turn)
            pthread_cond_wait(&band->begin, &band->lock);
        pthread_mutex_unlock(&band->lock);
        lane_do(lane);
        pthread_mutex_lock(&band->lock);
        if (--band->busy == 0)
            pthread_cond_signal(&band->ended);
        pthread_mutex_unlock(&band->lock);
    }
    return NULL;
}

static void all_lanes(struct band *band)
{
    if (band->stage->rail_count == 1) {
        lane_do(&band->lanes[0]);
        return;
    }
    pthread_mutex_lock(&band->lock);
    band->turn++;
    band->busy = band->stage->rail_count;
    pthread_cond_broadcast(&band->begin);
    while (band->busy > 0)
        pthread_cond_wait(&band->ended, &band->lock);
    pthread_mutex_unlock(&band->lock);
}

/* Without names: all rails of EFA; of others the first that leaves this machine, since rails of
 * different networks do not meet each other. */
static bool choose(struct stage *stage, const struct str *names, uint32_t count)
{
    int found =
        rail_find(stage->provider, names, count, stage->places, PROBE_MAX_RAILS, &stage->error);
    int chosen = 0;

    if (found < 0)
        return false;
    stage->rail_count = (uint32_t)found;
    if (count > 0 || str_starts(str_of(stage->provider), S("efa")))
        return true;
    for (int i = found - 1; i >= 0; i--)
        if (!stage->places[i].loopback)
            chosen = i;
    stage->places[0] = stage->places[chosen];
    stage->rail_count = 1;
    return true;
}

static bool lane_open(struct band *band, uint32_t i)
{
    struct stage *stage = band->stage;
    struct lane *lane = &band->lanes[i];
    size_t len;
    const void *address;

    lane->band = band;
    lane->number = i;
    lane->rail = rail_open(&stage->places[i], stage->plan.buffer_bytes, &stage->error);
    if (lane->rail == NULL)
        return false;
    lane->peers = calloc(STAGE_MOST_RANKS, sizeof *lane->peers);
    lane->known = calloc(STAGE_MOST_RANKS, sizeof *lane->known);
    lane->samples = calloc(PAIR_MOST_SAMPLES, sizeof *lane->samples);
    if (lane->peers == NULL || lane->known == NULL || lane->samples == NULL)
        return probe_error(&stage->error, EXIT_UNAVAILABLE, "no memory for a rail");
    address = rail_address(lane->rail, &len);
    stage->own[i].len = (uint8_t)len;
    memcpy(stage->own[i].address, address, len);
    stage->rma = (i == 0 || stage->rma) && rail_can_rma(lane->rail);
    return true;
}

static bool band_open(struct band *band, const struct str *names, uint32_t count)
{
    struct stage *stage = band->stage;

    /* Ranks of one machine would talk past the device. */
    setenv("FI_EFA_ENABLE_SHM_TRANSFER", "0", 0);
    rail_library(stage->version, stage->library);
    if (!choose(stage, names, count))
        return false;
    for (uint32_t i = 0; i < stage->rail_count; i++)
        if (!lane_open(band, i))
            return false;
    for (uint32_t i = 0; i < stage->rail_count && stage->rail_count > 1; i++)
        if (pthread_create(&band->lanes[i].thread, NULL, lane_run, &band->lanes[i]) != 0)
            return probe_error(&stage->error, EXIT_UNAVAILABLE, "no thread for a rail");
    return true;
}

/* Others took more than a tenth of this machine since then. */
static bool was_disturbed(const struct stage *stage, const struct sysfs_load *before)
{
    struct sysfs_load after;

    return stage->alone && sysfs_load("", &after) && after.total - before->total >= 10 &&
           sysfs_foreign(before, &after) >= 0.1 * (double)sysconf(_SC_NPROCESSORS_ONLN);
}

static void mark_noise(struct stage *stage, const struct stage_order *order)
{
    for (uint32_t i = 0; i < stage->rail_count; i++)
        if (order->kind == ORDER_MEET)
            stage_cell(stage, order->other, i)->noisy = 1;
        else if (order->kind == ORDER_ASIDE && order->to_rail[i] != STAGE_RESTS)
            stage->asides[stage->plan.phases[order->phase].aside][i].noisy |=
                (uint8_t)(1u << order->sample);
}

static bool obey(struct band *band, const struct str *names, uint32_t count)
{
    struct sysfs_load before = {0};

    if (band->order.kind == ORDER_OPEN)
        return band_open(band, names, count);
    sysfs_load("", &before);
    band->stage->again = 0;
    band->stage->again_outcome = PROBE_NOT_TRIED;
    all_lanes(band);
    band->stage->again_noisy = was_disturbed(band->stage, &before);
    if (band->stage->again_noisy)
        mark_noise(band->stage, &band->order);
    return true;
}

void measure_forever(struct stage *stage, int orders, const struct str *rails, uint32_t rail_count)
{
    struct band *band = calloc(1, sizeof *band);
    struct stage_answer answer;
    struct tms used;

    if (band == NULL)
        _exit(EXIT_INTERNAL);
    band->stage = stage;
    pthread_mutex_init(&band->lock, NULL);
    pthread_cond_init(&band->begin, NULL);
    pthread_cond_init(&band->ended, NULL);
    while (recv(orders, &band->order, sizeof band->order, 0) == sizeof band->order &&
           band->order.kind != ORDER_END) {
        answer.well = obey(band, rails, rail_count);
        times(&used);
        answer.cpu_ticks = used.tms_utime + used.tms_stime;
        if (send(orders, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer)
            break;
    }
    alarm(2); /* a provider may wait for a peer that is gone */
    for (uint32_t i = 0; i < stage->rail_count; i++)
        rail_close(band->lanes[i].rail); /* shm leaves files behind otherwise */
    _exit(0);
}
