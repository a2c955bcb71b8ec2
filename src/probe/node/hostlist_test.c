#include "hostlist.h"

#include <hp/base/test.h>

static struct str joined(struct arena *arena, const char *list)
{
    struct str *names, all = S("");
    uint32_t count;

    if (!hostlist_expand(arena, str_of(list), 40, &names, &count))
        return S("refused");
    for (uint32_t i = 0; i < count; i++)
        all = arena_fmt(arena, "%.*s%s%.*s", STR(all), i == 0 ? "" : " ", STR(names[i]));
    return all;
}

static const struct {
    const char *list, *names;
} lists[] = {
    {"n1", "n1"},
    {"n[1-3]", "n1 n2 n3"},
    {"p5-[001-003,7],login", "p5-001 p5-002 p5-003 p5-7 login"},
    {"a[1-2]b[08-10]", "a1b08 a1b09 a1b10 a2b08 a2b09 a2b10"},
    {"n[9-11]", "n9 n10 n11"},
    {"ip-10-1-3-7,ip-10-1-3-8", "ip-10-1-3-7 ip-10-1-3-8"},
    {"n[1-3", "refused"},
    {"n]1[", "refused"},
    {"n[]", "refused"},
    {"n[3-1]", "refused"},
    {"n[a-c]", "refused"},
    {"n[1-50]", "refused"},
    {"n[0-999999999]", "refused"},
    {"a,,b", "refused"},
    {"n[1-3]]", "refused"},
};

START_TEST(slurm_s_lists_become_names)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        ck_assert_msg(str_is(joined(arena, lists[i].list), lists[i].names), "%s gives %.*s",
                      lists[i].list, STR(joined(arena, lists[i].list)));
}
END_TEST

TESTS("probe/hostlist", slurm_s_lists_become_names)
