/* terraform-provider-hyperpod: the world as it is, handed down. */
#include <hp/hyperpod/provider.h>
#include <hp/plugin/plugin.h>

int main(int argc, char **argv)
{
    static const char *const addresses[] = {"registry.terraform.io/hyperpod/hyperpod",
                                            "registry.opentofu.org/hyperpod/hyperpod", NULL};
    static const struct plugin_program program = {"terraform-provider-hyperpod", HP_VERSION,
                                                  addresses};

    return plugin_main(&program, &hp_provider, world_of_process(), argc, argv);
}
