#include "card.h"

#include "result/run.h"
#include "sysfs.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define ROW(type, member, kind, text, ...) MEMBER(type, member, kind, text, ##__VA_ARGS__)

static const struct member rail_rows[] = {
    ROW(struct card_rail, domain, MEMBER_TEXT, "libfabric's domain"),
    ROW(struct card_rail, device, MEMBER_TEXT, "the kernel's device"),
    ROW(struct card_rail, address, MEMBER_TEXT, "libfabric's address, in hexadecimal"),
    ROW(struct card_rail, mtu, MEMBER_WHOLE, "of the link"),
    {0},
};
static const struct members rail_members = {rail_rows, sizeof(struct card_rail), "a rail"};

static const struct member finding_rows[] = {
    ROW(struct card_finding, severity, MEMBER_CHOICE, "how bad", .names = probe_severities,
        .most = PROBE_SEVERITIES),
    ROW(struct card_finding, rail, MEMBER_INDEX, "of which rail"),
    ROW(struct card_finding, code, MEMBER_TEXT, "for scripts"),
    ROW(struct card_finding, text, MEMBER_TEXT, "for people"),
    ROW(struct card_finding, remedy, MEMBER_TEXT, "what to do"),
    {0},
};
static const struct members finding_members = {finding_rows, sizeof(struct card_finding),
                                               "a finding"};

static const struct member card_rows[] = {
    ROW(struct card, name, MEMBER_TEXT, "the node's name"),
    ROW(struct card, type, MEMBER_TEXT, "instance type"),
    ROW(struct card, group, MEMBER_TEXT, "instance group"),
    ROW(struct card, machine, MEMBER_TEXT, "the kernel's boot id"),
    ROW(struct card, arguments, MEMBER_TEXT, "of the command line"),
    ROW(struct card, run_id, MEMBER_TEXT, "of the run"),
    ROW(struct card, rma, MEMBER_BOOL, "the rails can do RMA"),
    ROW(struct card, salt, MEMBER_COUNT, "of the run"),
    ROW(struct card, processors, MEMBER_COUNT, "of the machine"),
    ROW(struct card, kernel, MEMBER_TEXT, "version"),
    ROW(struct card, driver, MEMBER_TEXT, "version of the EFA driver"),
    ROW(struct card, installer, MEMBER_TEXT, "version of the EFA installer"),
    ROW(struct card, library, MEMBER_TEXT, "path of libfabric"),
    ROW(struct card, libfabric, MEMBER_TEXT, "its version"),
    ROW(struct card, provider, MEMBER_TEXT, "provider"),
    ROW(struct card, probe, MEMBER_TEXT, "version of this program"),
    ROW(struct card, addresses, MEMBER_TEXTS, "addresses",
        .count_at = offsetof(struct card, address_count), .most = CARD_MOST_ADDRESSES),
    ROW(struct card, rails, MEMBER_LIST, "rails", .count_at = offsetof(struct card, rail_count),
        .of = &rail_members, .most = CARD_MOST_RAILS),
    ROW(struct card, findings, MEMBER_LIST, "findings",
        .count_at = offsetof(struct card, finding_count), .of = &finding_members,
        .most = CARD_MOST_FINDINGS),
    {0},
};
const struct members card_members = {card_rows, sizeof(struct card), "what a node tells"};

static void own_addresses(struct arena *arena, struct card *card)
{
    struct ifaddrs *all, *one;
    char text[INET6_ADDRSTRLEN];

    if (getifaddrs(&all) != 0)
        return;
    for (one = all; one != NULL && card->address_count < CARD_MOST_ADDRESSES; one = one->ifa_next) {
        const struct sockaddr_in *in = (const void *)one->ifa_addr;
        if (in == NULL || in->sin_family != AF_INET || (ntohl(in->sin_addr.s_addr) >> 24) == 127)
            continue;
        if (inet_ntop(AF_INET, &in->sin_addr, text, sizeof text) != NULL)
            card->addresses[card->address_count++] = arena_str(arena, str_of(text));
    }
    freeifaddrs(all);
}

/* Slurm's own name of the node, Kubernetes' of the pod's node, else the host's. */
static struct str own_name(const struct world *world, const struct utsname *uts,
                           struct arena *arena)
{
    static const char *const names[] = {"SLURMD_NODENAME", "HYPERPOD_PROBE_NODE_NAME", "NODE_NAME"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!str_empty(world_env(world, names[i])))
            return arena_str(arena, world_env(world, names[i]));
    return arena_str(arena, str_of(uts->nodename));
}

struct card *card_new(struct arena *arena, const struct world *world, const char *root)
{
    struct card *card = arena_make(arena, struct card);
    struct utsname uts = {0};

    uname(&uts);
    *card = (struct card){.kernel = arena_str(arena, str_of(uts.release)),
                          .probe = S(HP_VERSION),
                          .addresses = arena_array(arena, struct str, CARD_MOST_ADDRESSES),
                          .rails = arena_array(arena, struct card_rail, CARD_MOST_RAILS),
                          .findings = arena_array(arena, struct card_finding, CARD_MOST_FINDINGS)};
    card->name = own_name(world, &uts, arena);
    card->driver = sysfs_line(arena, root, "/sys/module/efa/version");
    card->installer = sysfs_line(arena, root, "/opt/amazon/efa_installed_packages");
    card->machine = sysfs_line(arena, root, "/proc/sys/kernel/random/boot_id");
    card->processors = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
    own_addresses(arena, card);
    return card;
}

void card_find(struct card *card, uint32_t severity, int32_t rail, const char *code,
               struct str text, const char *remedy)
{
    if (card->finding_count < CARD_MOST_FINDINGS)
        card->findings[card->finding_count++] =
            (struct card_finding){severity, rail, str_of(code), text, str_of(remedy)};
}

static void memlock(struct arena *arena, struct card *card, bool efa)
{
    struct rlimit limit;

    if (!efa || getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur >= 16ULL << 30)
        return;
    card_find(card, PROBE_ERROR, PROBE_EVERY, "memlock",
              arena_fmt(arena,
                        "only %" PRIu64 " KiB of memory may be locked; EFA then fails with "
                        "\"Failure to post internal receive buffers\"",
                        (uint64_t)limit.rlim_cur >> 10),
              "`ulimit -l unlimited` for jobs: /etc/security/limits.conf, LimitMEMLOCK=infinity of "
              "slurmd or containerd, PropagateResourceLimitsExcept=MEMLOCK in slurm.conf");
}

struct card_purpose card_purpose(const char *provider, const char *root)
{
    const char *found = sysfs_efa_count(root) > 0 ? "efa" : "tcp;ofi_rxm";

    return (struct card_purpose){.provider = provider == NULL ? found : provider,
                                 .by_name = provider != NULL};
}

static bool is_efa(const struct card_purpose *purpose)
{
    return strcmp(purpose->provider, "efa") == 0;
}

/* A type that has EFA, and something else is measured: that must never look like a healthy fabric.
 */
static void another_provider(struct arena *arena, struct card *card,
                             const struct card_purpose *purpose)
{
    if (purpose->by_name)
        card_find(card, PROBE_WARNING, PROBE_EVERY, "not-efa",
                  arena_fmt(arena,
                            "%.*s has %u EFA devices, and provider %s was asked for: this run says "
                            "nothing about EFA",
                            STR(purpose->type), purpose->rails, purpose->provider),
                  "--provider efa measures EFA; without --profile the provider that was asked for "
                  "is measured by itself");
    else
        card_find(card, PROBE_ERROR, PROBE_EVERY, "no-efa",
                  arena_fmt(arena,
                            "%.*s has %u EFA devices, none was found here, and %s was measured "
                            "instead",
                            STR(purpose->type), purpose->rails, purpose->provider),
                  "load the driver (modprobe efa; dmesg says why it is not there); in a container "
                  "ask for vpc.amazonaws.com/efa or mount /dev/infiniband; --provider efa then "
                  "says what is missing");
}

static void devices(struct arena *arena, struct card *card, const char *root,
                    const struct card_purpose *purpose)
{
    uint32_t found = sysfs_efa_count(root);

    if (purpose->rails > 0 && !is_efa(purpose) && (purpose->by_name || found == 0))
        another_provider(arena, card, purpose);
    else if (purpose->rails > 0 && found != purpose->rails)
        card_find(card, PROBE_ERROR, PROBE_EVERY, "devices-missing",
                  arena_fmt(arena, "%u EFA devices are there, %u belong to this instance type",
                            found, purpose->rails),
                  "replace the node; devices of p5en may come a few seconds after the start");
    if (found > 0 && !sysfs_there(root, "/dev/infiniband"))
        card_find(card, PROBE_ERROR, PROBE_EVERY, "no-uverbs",
                  S("there are EFA devices, and no /dev/infiniband"),
                  "in a container: ask for vpc.amazonaws.com/efa, or mount /dev/infiniband; on the "
                  "node: load ib_uverbs");
}

static void huge_pages(struct arena *arena, struct card *card, const char *root, bool efa)
{
    int64_t count =
        sysfs_number(root, "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", -1);

    if (efa && count == 0)
        card_find(card, PROBE_INFO, PROBE_EVERY, "huge-pages",
                  arena_fmt(arena,
                            "%" PRId64 " huge pages of 2 MiB; the provider then takes "
                            "ordinary ones",
                            count),
                  "the EFA installer reserves them (vm.nr_hugepages)");
}

/* Settings that have cost others a day. */
static const struct {
    const char *name, *value; /* NULL: whatever it says */
    uint32_t severity;
    const char *text, *remedy;
} settings[] = {
    {"FI_PROVIDER", NULL, PROBE_WARNING, "FI_PROVIDER hides providers from every program",
     "leave it unset; --provider chooses"},
    {"FI_EFA_SHM_MAX_MEDIUM_SIZE", NULL, PROBE_ERROR,
     "FI_EFA_SHM_MAX_MEDIUM_SIZE makes libfabric 1.17 end the process", "unset it"},
    {"RDMAV_FORK_SAFE", NULL, PROBE_WARNING, "RDMAV_FORK_SAFE slows every registration down",
     "use FI_EFA_FORK_SAFE=1 where a kernel before 5.13 needs it"},
    {"NCCL_IB_DISABLE", "1", PROBE_WARNING, "NCCL_IB_DISABLE=1 is for plug-ins of long ago",
     "unset it"},
    {"NCCL_PROTO", NULL, PROBE_INFO, "NCCL_PROTO forbids NCCL its own choice", "unset it"},
};

static void environment(struct arena *arena, struct card *card, const struct world *world)
{
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        struct str value = world_env(world, settings[i].name);
        if (value.ptr == NULL || (settings[i].value != NULL && !str_is(value, settings[i].value)))
            continue;
        card_find(card, settings[i].severity, PROBE_EVERY, "environment",
                  arena_fmt(arena, "%s is set to \"%.*s\": %s", settings[i].name, STR(value),
                            settings[i].text),
                  settings[i].remedy);
    }
}

void card_preflight(struct arena *arena, struct card *card, const struct world *world,
                    const char *root, const struct card_purpose *purpose)
{
    memlock(arena, card, is_efa(purpose));
    devices(arena, card, root, purpose);
    huge_pages(arena, card, root, is_efa(purpose));
    environment(arena, card, world);
}
