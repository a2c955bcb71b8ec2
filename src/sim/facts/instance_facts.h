/* Facts of EC2's instance types: sizes, network cards, accelerators, places. */
#ifndef HP_SIM_INSTANCE_FACTS_H
#define HP_SIM_INSTANCE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INSTANCE_ARM = 1,    /* else x86_64 */
    INSTANCE_BLOCKS = 2, /* capacity blocks can be had */
    INSTANCE_APART = 4   /* no cluster placement group */
};

struct instance_facts {
    const char *name;    /* "ml.p5.48xlarge"; EC2 calls it "p5.48xlarge" */
    const char *network; /* the performance as EC2 words it */
    uint16_t vcpus, threads;
    uint32_t mem_mib, nvme_gb;
    uint8_t cards, efa, interfaces, interfaces_card0, addresses, volumes;
    uint8_t accelerator, accelerator_count; /* accelerators[]; 0: none */
    uint8_t place;                          /* instance_places[] */
    uint8_t flags;
};
/* Those that EC2 describes are counted; the type that follows them it does not. */
extern const struct instance_facts instance_facts[];
extern const size_t instance_facts_count;
/* Without "ml." */
static inline const char *instance_ec2_name(const struct instance_facts *facts)
{
    return facts->name + 3;
}

struct accelerator {
    const char *name, *maker;
    bool neuron; /* else a GPU */
    uint32_t mem_mib;
};
extern const struct accelerator accelerators[];

extern const char *const instance_places[];
extern const size_t instance_places_count;

#endif
