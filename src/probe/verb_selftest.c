#include "engine/selftest.h"
#include "verbs.h"

int verb_selftest(const struct probe_options *options, const struct world *world)
{
    return selftest(options, world, "", stdout);
}
