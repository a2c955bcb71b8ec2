#include "trial.h"

START_TEST(a_node_alone_in_its_place_is_held_against_nothing_rather_than_accused)
{
    scoped(probe_run_freep) struct probe_run *run = cluster(4, 1);

    for (uint32_t k = 0; k < 4; k++)
        run->nodes[k].place = k < 3 ? S("az1/a") : S("az1/b");
    for (uint32_t other = 0; other < 3; other++) {
        scale(run, LATENCY, 0, 3, other, 2);
        scale(run, LATENCY, 0, other, 3, 2);
    }
    judge_run(run, NULL);

    ck_assert_uint_eq(run->judged->suspect_count, 0);
}

TESTS("probe/reference", a_node_alone_in_its_place_is_held_against_nothing_rather_than_accused)
