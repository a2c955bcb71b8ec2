#include "pair.h"
#include "ticks.h"

#include <hp/base/test.h>
#include <pthread.h>
#include <stdio.h>

/* Two ends in one process, each with a thread of its own, over a real provider. */
struct end {
    struct rail *rail;
    struct pair_job job;
    struct pair_seen seen;
    int64_t *samples;
    int64_t pause_ns;
    pthread_t thread;
};

static struct pair_piece pieces[PAIR_MOST_PIECES];
static uint32_t piece_count;

static struct pair_piece *piece(enum pair_test test, uint64_t size, uint32_t window)
{
    struct pair_piece *p = &pieces[piece_count++];

    *p = (struct pair_piece){.test = test,
                             .size = size,
                             .window = window,
                             .box_ns = 20 * TICKS_MS,
                             .slack_ns = 5000 * TICKS_MS};
    return p;
}

static bool open_ends(struct end ends[2], const char *provider, const char *name)
{
    struct rail_place place;
    struct probe_error error = {0};
    struct str names[] = {str_of(name)};

    piece_count = 0;
    if (rail_find(provider, names, name == NULL ? 0 : 1, &place, 1, &error) != 1) {
        fprintf(stderr, "not tried: %s\n", error.text);
        return false;
    }
    for (uint32_t i = 0; i < 2; i++) {
        ends[i] = (struct end){.rail = rail_open(&place, 4 << 20, &error)};
        ck_assert_msg(ends[i].rail != NULL, "%s", error.text);
        ends[i].job = (struct pair_job){.self = i, .other = 1 - i, .salt = 77, .sequence = 1};
        ends[i].job.first = i == 0;
        ends[i].job.pieces = pieces;
        ends[i].samples = calloc(PAIR_MOST_SAMPLES, sizeof(int64_t));
    }
    for (uint32_t i = 0; i < 2; i++) {
        size_t len;
        const void *address = rail_address(ends[1 - i].rail, &len);
        ck_assert(rail_insert(ends[i].rail, address, len, &ends[i].job.peer, &error));
    }
    return true;
}

static void close_ends(struct end ends[2])
{
    for (int i = 0; i < 2; i++) {
        rail_close(ends[i].rail);
        free(ends[i].samples);
    }
}

static void *one_end(void *arg)
{
    struct end *end = arg;
    struct timespec pause = {0, end->pause_ns};

    if (end->pause_ns > 0)
        nanosleep(&pause, NULL);
    end->job.piece_count = piece_count;
    end->job.deadline = ticks_ns() + 20000 * TICKS_MS;
    pair_meet(end->rail, &end->job, end->samples, &end->seen);
    return NULL;
}

static void meet(struct end ends[2])
{
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&ends[i].thread, NULL, one_end, &ends[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(ends[i].thread, NULL);
}

static void expect_all_done(const struct end ends[2])
{
    for (int i = 0; i < 2; i++) {
        ck_assert_msg(ends[i].seen.end == RAIL_OK, "end %d, piece %u, ended with %d: %s", i,
                      ends[i].seen.ended_at, ends[i].seen.end, ends[i].seen.error);
        ck_assert(ends[i].seen.heard && ends[i].seen.confirmed && !ends[i].seen.corrupt);
    }
}

static void everything_over(const char *provider, const char *name)
{
    struct end ends[2];

    if (!open_ends(ends, provider, name))
        return;
    piece(PAIR_CONNECT, 8, 1);
    piece(PAIR_PROVE, 1 << 20, 1);
    piece(PAIR_LATENCY, 8, 1);
    piece(PAIR_LATENCY, 65536, 1);
    piece(PAIR_FORTH, 65536, 16);
    piece(PAIR_BACK, 65536, 16);
    piece(PAIR_BOTH, 65536, 16);
    piece(PAIR_FORTH, 8, 64);
    piece(PAIR_FORTH, 1 << 20, 4)->one_buffer = true;
    piece(PAIR_BACK, 1024, 64)->no_credit = true;
    if (rail_can_rma(ends[0].rail)) {
        piece(PAIR_WRITE, 65536, 8);
        piece(PAIR_WRITE_BACK, 65536, 8);
        piece(PAIR_READ, 65536, 8);
        piece(PAIR_READ_BACK, 65536, 8);
    }
    meet(ends);
    expect_all_done(ends);
    ck_assert(ends[0].seen.pieces[2].measured && !ends[1].seen.pieces[2].measured);
    ck_assert_int_ge(ends[0].seen.pieces[2].p99, ends[0].seen.pieces[2].p50);
    ck_assert_int_ge(ends[0].seen.pieces[2].count, 1);
    ck_assert(ends[0].seen.pieces[4].rate > 1e6 && ends[1].seen.pieces[4].rate == 0);
    ck_assert(ends[1].seen.pieces[5].rate > 1e6 && ends[0].seen.pieces[5].rate == 0);
    ck_assert(ends[0].seen.pieces[6].rate > 1e6 && ends[1].seen.pieces[6].rate > 1e6);
    ck_assert_int_eq(rail_orphans(ends[0].rail), 0);
    close_ends(ends);
}

START_TEST(everything_is_measured_over_tcp)
{
    everything_over("tcp;ofi_rxm", "lo");
}
END_TEST

START_TEST(everything_is_measured_over_shared_memory)
{
    everything_over("shm", NULL);
}
END_TEST

START_TEST(as_many_count_as_were_asked_for)
{
    struct end ends[2];

    if (!open_ends(ends, "shm", NULL))
        return;
    piece(PAIR_CONNECT, 8, 1);
    piece(PAIR_LATENCY, 8, 1)->iterations = 50;
    piece(PAIR_FORTH, 1024, 16)->iterations = 320;
    for (uint32_t i = 1; i < piece_count; i++) {
        pieces[i].box_ns = 0;
        pieces[i].one_buffer = pieces[i].no_credit = true;
    }
    meet(ends);
    expect_all_done(ends);
    ck_assert_int_eq(ends[0].seen.pieces[1].count, 50);
    ck_assert_int_eq(ends[0].seen.pieces[2].count, 320);
    ck_assert_int_eq(rail_orphans(ends[1].rail), 0);
    close_ends(ends);
}
END_TEST

START_TEST(everything_is_measured_over_sockets_whose_thread_needs_the_processor)
{
    everything_over("sockets", "lo");
}
END_TEST

START_TEST(an_end_that_never_comes_is_silent_when_the_deadline_passes)
{
    struct end ends[2];
    int64_t began = ticks_ns();

    if (!open_ends(ends, "tcp;ofi_rxm", "lo"))
        return;
    piece(PAIR_CONNECT, 8, 1)->slack_ns = 300 * TICKS_MS;
    one_end(&ends[0]);

    ck_assert_int_eq(ends[0].seen.end, RAIL_SILENT);
    ck_assert(!ends[0].seen.heard);
    ck_assert_int_lt(ticks_ns() - began, 10000 * TICKS_MS);
    close_ends(ends);
}
END_TEST

START_TEST(after_a_meeting_in_vain_the_next_one_is_well)
{
    struct end ends[2];

    if (!open_ends(ends, "tcp;ofi_rxm", "lo"))
        return;
    piece(PAIR_CONNECT, 8, 1)->slack_ns = 100 * TICKS_MS;
    one_end(&ends[0]);
    ck_assert_int_eq(ends[0].seen.end, RAIL_SILENT);

    pieces[0].slack_ns = 5000 * TICKS_MS;
    piece(PAIR_FORTH, 65536, 4);
    ends[0].job.sequence = ends[1].job.sequence = 2;
    meet(ends);
    expect_all_done(ends);
    close_ends(ends);
}
END_TEST

START_TEST(who_comes_late_is_waited_for)
{
    struct end ends[2];

    if (!open_ends(ends, "tcp;ofi_rxm", "lo"))
        return;
    piece(PAIR_CONNECT, 8, 1);
    ends[1].pause_ns = 300 * TICKS_MS;
    meet(ends);
    expect_all_done(ends);
    ck_assert_int_gt(ends[0].seen.pieces[0].p50, 200 * TICKS_MS);
    close_ends(ends);
}
END_TEST

START_TEST(bytes_that_were_changed_on_the_way_are_seen_by_who_receives_them)
{
    struct end ends[2];

    if (!open_ends(ends, "tcp;ofi_rxm", "lo"))
        return;
    piece(PAIR_PROVE, 65536, 1);
    ends[0].job.spoil = true;
    meet(ends);
    ck_assert(ends[1].seen.corrupt);
    ck_assert(!ends[0].seen.corrupt);
    close_ends(ends);
}
END_TEST

START_TEST(a_pattern_is_no_other_pattern)
{
    char bytes[1003];

    pattern_fill(bytes, sizeof bytes, 5);
    ck_assert(pattern_holds(bytes, sizeof bytes, 5));
    ck_assert(!pattern_holds(bytes, sizeof bytes, 6));
    bytes[1002] ^= 1;
    ck_assert(!pattern_holds(bytes, sizeof bytes, 5));
}
END_TEST

START_TEST(what_is_not_there_is_said_with_what_to_look_at)
{
    struct rail_place place;
    struct probe_error error = {0};

    ck_assert_int_eq(rail_find("nosuch", NULL, 0, &place, 1, &error), -1);
    ck_assert_int_eq(error.exit_code, EXIT_UNAVAILABLE);
    ck_assert_ptr_nonnull(strstr(error.text, "nosuch"));
    error = (struct probe_error){0};
    ck_assert_int_eq(rail_find("shm", (struct str[]){S("nosuch")}, 1, &place, 1, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "has no rail \"nosuch\""));
}
END_TEST

START_TEST(a_latency_is_of_twenty_pings_though_its_time_is_over)
{
    struct end ends[2];

    if (!open_ends(ends, "tcp;ofi_rxm", "lo"))
        return;
    piece(PAIR_CONNECT, 8, 1);
    piece(PAIR_LATENCY, 65536, 1)->box_ns = 1;
    meet(ends);
    expect_all_done(ends);
    ck_assert_uint_ge(ends[0].seen.pieces[1].count, 20);
    close_ends(ends);
}
END_TEST

START_TEST(a_rail_that_is_named_twice_is_refused)
{
    static const struct str twice[][2] = {{S_INIT("lo"), S_INIT("lo")},
                                          {S_INIT("lo"), S_INIT("127.0.0.1")},
                                          {S_INIT("127.0.0.7"), S_INIT("127.0.0.7")}};
    struct rail_place places[2];
    struct probe_error error = {0};

    if (rail_find("tcp;ofi_rxm", NULL, 0, places, 1, &error) < 0)
        return;
    for (size_t i = 0; i < sizeof twice / sizeof *twice; i++) {
        error = (struct probe_error){0};
        ck_assert_int_eq(rail_find("tcp;ofi_rxm", twice[i], 2, places, 2, &error), -1);
        ck_assert_ptr_nonnull(strstr(error.text, "are the same place"));
    }
}
END_TEST

START_TEST(an_address_that_no_list_has_is_a_rail_too)
{
    struct rail_place places[2];
    struct probe_error error = {0};
    struct str names[] = {S_INIT("127.0.0.7"), S_INIT("127.0.0.8")};

    if (rail_find("tcp;ofi_rxm", NULL, 0, places, 1, &error) < 0)
        return;
    ck_assert_int_eq(rail_find("tcp;ofi_rxm", names, 2, places, 2, &error), 2);
    ck_assert_str_eq(places[1].address, "127.0.0.8");
    ck_assert_str_eq(places[1].domain, "127.0.0.8");
}
END_TEST

TESTS("probe/pair", everything_is_measured_over_tcp, everything_is_measured_over_shared_memory,
      as_many_count_as_were_asked_for,
      everything_is_measured_over_sockets_whose_thread_needs_the_processor,
      an_end_that_never_comes_is_silent_when_the_deadline_passes,
      after_a_meeting_in_vain_the_next_one_is_well, who_comes_late_is_waited_for,
      bytes_that_were_changed_on_the_way_are_seen_by_who_receives_them,
      a_pattern_is_no_other_pattern, what_is_not_there_is_said_with_what_to_look_at,
      an_address_that_no_list_has_is_a_rail_too, a_rail_that_is_named_twice_is_refused,
      a_latency_is_of_twenty_pings_though_its_time_is_over)
