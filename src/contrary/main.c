/* terraform-provider-contrary: a provider for tests, without any cloud. */
#include "objects.h"

#include <hp/plugin/plugin.h>

#include <stdlib.h>

static bool configure(struct tf_call *call, void **ret_provider)
{
    if (str_is(tf_str(call->config, "token"), "expired"))
        return diag_error(call->diags, cty_path_of(call->arena, "token"), "Refused",
                          "The token has expired.");
    struct cloud *cloud = calloc(1, sizeof *cloud);
    if (cloud == NULL)
        abort();
    cloud->store = store_new(tf_str(call->config, "dir"));
    cloud->visit_ms = tf_int(call->config, "visit_ms", 0);
    *ret_provider = cloud;
    return true;
}

static void release(void *provider)
{
    struct cloud *cloud = provider;
    store_free(cloud->store);
    free(cloud);
}

static const struct tf_attr attrs[] = {
    {"dir", TF_STRING, .flags = TF_OPTIONAL,
     .doc = "A folder in which objects are kept; without it they end with the process."},
    {"token", TF_STRING, .flags = TF_OPTIONAL | TF_SENSITIVE,
     .doc = "A secret; `expired` is refused."},
    {"visit_ms", TF_INT, .flags = TF_OPTIONAL, .ranged = true, .max = 600000,
     .doc = "How long each visit to the cloud takes."},
    {0}};
static const struct tf_attr meta[] = {
    {"module", TF_STRING, .flags = TF_OPTIONAL, .doc = "What the module calls itself."}, {0}};
static const struct tf_resource *const resources[] = {&contrary_thing, &contrary_breaker,
                                                      &contrary_plain, NULL};
static const struct tf_data_source *const data_sources[] = {&contrary_lookup, NULL};
static const struct tf_ephemeral *const ephemerals[] = {&contrary_lease, NULL};
static const struct tf_function *const functions[] = {&contrary_join,       &contrary_total,
                                                      &contrary_echo,       &contrary_state_of,
                                                      &contrary_break_rule, NULL};
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
