/* Waiting for AWS: patient, interruptible, and never longer than the time-out says. */
#include "hyperpod.h"

enum { first_wait_ms = 1000, longest_wait_ms = 30000 };

/* Between three and five quarters, so that many resources do not ask in step. */
static int64_t jittered(const struct world *world, int64_t wait_ms)
{
    return wait_ms * 3 / 4 + (int64_t)world_random_below(world, (uint64_t)wait_ms / 2 + 1);
}

static size_t errors_of(const struct tf_call *call)
{
    return call->diags == NULL ? 0 : call->diags->errors;
}

enum hp_wait_end hp_wait(struct tf_call *call,
                         enum hp_wait_state (*look)(struct tf_call *call, void *arg), void *arg)
{
    size_t told = errors_of(call);

    for (int64_t wait_ms = first_wait_ms;; wait_ms = wait_ms * 3 / 2) {
        int64_t pause, left = INT64_MAX;

        switch (look(call, arg)) {
        case HP_WAIT_DONE:
            return HP_ENDED_DONE;
        case HP_WAIT_FAILED:
            return stop_requested(call->stop) && errors_of(call) == told ? HP_ENDED_STOPPED
                                                                         : HP_ENDED_FAILED;
        case HP_WAIT_GO_ON:
            break;
        }
        if (wait_ms > longest_wait_ms)
            wait_ms = longest_wait_ms;
        pause = jittered(call->world, wait_ms);
        if (call->deadline_tick_ms != 0)
            left = call->deadline_tick_ms - world_tick_ms(call->world);
        if (left <= 0)
            return HP_ENDED_TIMEOUT;
        if (world_wait_ms(call->world, call->stop, pause < left ? pause : left))
            return HP_ENDED_STOPPED;
    }
}

/* Terragrunt gives Terraform 15 s after an interrupt, and then kills it: by then the state must be
 * on its way, also when AWS does not answer. */
enum { last_look_ms = 5000 };

struct tf_call hp_last_look(const struct tf_call *call)
{
    struct tf_call look = *call;
    if (!stop_is_for_good(call->stop))
        look.stop = NULL;
    look.deadline_tick_ms = world_tick_ms(call->world) + last_look_ms;
    return look;
}
