/* What a node tells of itself: who it is, its versions, its rails, what the preflight found. Each
 * rank makes its own and sends it to rank 0 as JSON. */
#ifndef HP_PROBE_CARD_H
#define HP_PROBE_CARD_H

#include "facts/members.h"

#include <hp/base/clock.h>

enum { CARD_MOST_RAILS = 64, CARD_MOST_FINDINGS = 64, CARD_MOST_ADDRESSES = 32 };

struct card_rail {
    struct str domain, device, address; /* address: of libfabric, in hexadecimal */
    int64_t mtu;
};

struct card_finding {
    uint32_t severity; /* enum probe_severity */
    int32_t rail;      /* PROBE_EVERY: of the node */
    struct str code, text, remedy;
};

struct card {
    struct str name, type; /* as the environment calls it; type: of the instance, when known */
    struct str group;      /* of instances, when it is one of --groups, or all are */
    struct str machine, arguments,
        run_id; /* machine: of the boot; arguments: of the command line */
    bool rma;
    uint32_t salt;       /* of the run, which rank 0 gives */
    uint32_t processors; /* of the machine */
    struct str kernel, driver, installer, library, libfabric, provider, probe;
    uint32_t address_count, rail_count, finding_count;
    struct str *addresses; /* of the network, without loopback */
    struct card_rail *rails;
    struct card_finding *findings;
};
extern const struct members card_members;

/* With what the kernel, the environment and the files under root ("" on a real node) tell. */
struct card *card_new(struct arena *arena, const struct world *world, const char *root);
/* Keeps at most CARD_MOST_FINDINGS. text: a whole sentence, in the arena or a literal. */
void card_find(struct card *card, uint32_t severity, int32_t rail, const char *code,
               struct str text, const char *remedy);

/* What a node is to be measured as. */
struct card_purpose {
    struct str type;      /* of the profile; empty: unknown */
    uint32_t rails;       /* EFA devices of it; 0: unknown */
    const char *provider; /* that will be used */
    bool by_name;         /* it was asked for: not what the node has decides */
};
/* efa where the node has a device, else TCP. */
struct card_purpose card_purpose(const char *provider, const char *root);
/* Limits, devices, huge pages, environment: what can be said before any traffic. */
void card_preflight(struct arena *arena, struct card *card, const struct world *world,
                    const char *root, const struct card_purpose *purpose);

#endif
