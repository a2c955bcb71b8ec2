/* terraform-provider-contrary: a provider for tests, without any cloud. */
#include "objects.h"

#include <hp/plugin/plugin.h>

static bool configure(struct tf_call *call, void **ret_provider)
{
    *ret_provider = store_new(tf_str(call->config, "dir"));
    return true;
}

static void release(void *provider)
{
    store_free(provider);
}

static const struct tf_attr attrs[] = {
    {"dir", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "A folder in which objects are kept; without it they end with the process."},
    {"token", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE, .doc = "A secret, not used."},
    {0}};
static const struct tf_attr meta[] = {
    {"module", TF_STRING, .flags = TF_OPTIONAL, .doc = "What the module calls itself."}, {0}};
static const struct tf_resource *const resources[] = {&contrary_thing, &contrary_breaker,
                                                      &contrary_plain, NULL};
static const struct tf_data_source *const data_sources[] = {&contrary_lookup, NULL};
static const struct tf_ephemeral *const ephemerals[] = {&contrary_lease, NULL};
static const struct tf_function *const functions[] = {
    &contrary_join, &contrary_echo, &contrary_state_of, &contrary_break_rule, NULL};
static const struct tf_provider provider = {.name = "contrary",
                                            .address = "hyperpod/contrary",
                                            .doc = "A provider for tests, without any cloud.",
                                            .attrs = attrs,
                                            .meta = meta,
                                            .resources = resources,
                                            .data_sources = data_sources,
                                            .ephemerals = ephemerals,
                                            .functions = functions,
                                            .configure = configure,
                                            .release = release};

int main(int argc, char **argv)
{
    static const char *const addresses[] = {"registry.terraform.io/hyperpod/contrary",
                                            "registry.opentofu.org/hyperpod/contrary", NULL};
    static const struct plugin_program program = {"terraform-provider-contrary", HP_VERSION,
                                                  addresses};

    return plugin_main(&program, &provider, world_of_process(), argc, argv);
}
