/* Suspects as sentences. */
#include "inside.h"

static struct str node_name(const struct judge *j, int32_t node)
{
    const struct probe_node *n = &j->run->nodes[node];

    return n->name.len > 0 ? n->name
           : n->id.len > 0 ? n->id
                           : arena_fmt(j->run->arena, "node %d", node);
}

static struct str rail_name(const struct judge *j, int32_t node, int32_t rail)
{
    const struct probe_node *n = &j->run->nodes[node];

    if (rail < (int32_t)n->rail_count && n->rails[rail].name.len > 0)
        return n->rails[rail].name;
    return arena_fmt(j->run->arena, "%d", rail);
}

static const char *const gone_words[PROBE_PRESENCES] = {"", "was expected and never came", "died",
                                                        "says nothing any more"};

static const char *const remedies[PROBE_SUSPECT_KINDS][PROBE_CAUSES] = {
    [PROBE_SUSPECT_NODE] =
        {[PROBE_SLOW] = "Drain this node and replace it: all its partners see it, and are fine "
                        "with each other.",
         [PROBE_LOSS] = "Look at its counters of retransmissions; drain it and replace it.",
         [PROBE_UNHEARD] =
             "Compare the security groups of its interfaces with the others': the group must "
             "allow all traffic from itself and, as a rule of its own, to itself.",
         [PROBE_DAMAGE] = "Drain this node now: it changes what it sends or receives.",
         [PROBE_GONE] = "Look at its console and the scheduler; replace it if it does not come "
                        "back, and run again."},
    [PROBE_SUSPECT_RAIL] =
        {[PROBE_SLOW] = "Its device or ENI, not the fabric: the other rails are fine. Reboot the "
                        "node, replace it if it stays.",
         [PROBE_LOSS] = "Its device or ENI loses packets. Reboot the node, replace it if it stays.",
         [PROBE_UNHEARD] = "Its device or ENI: look at the interface's attachment and security "
                           "groups, reboot the node.",
         [PROBE_DAMAGE] = "Its device changes data. Replace the node."},
    [PROBE_SUSPECT_LINK] =
        {[PROBE_SLOW] = "Both ends are fine with all others: a path between them. Run again; if "
                        "it stays, give AWS Support both instance ids.",
         [PROBE_LOSS] = "A path between them loses packets. Run again; if it stays, give AWS "
                        "Support both instance ids.",
         [PROBE_UNHEARD] = "Both ends hear others: a path, or a rule, between these two.",
         [PROBE_DAMAGE] = "Both ends are fine with all others: data changes on the way."},
    [PROBE_SUSPECT_COMMON] =
        {[PROBE_SLOW] = "No single node's fault: look at what they have in common (network card, "
                        "driver, placement, the path of this rail).",
         [PROBE_LOSS] = "No single node's fault: look at the path that they have in common.",
         [PROBE_UNHEARD] = "No single node's fault: look at the interface's subnet and security "
                           "group on all of them.",
         [PROBE_DAMAGE] = "No single node's fault: look at driver and firmware, and give AWS "
                          "Support the instance ids."},
    [PROBE_SUSPECT_ONE_OF] = {[PROBE_SLOW] = "Measure each of them with a third node.",
                              [PROBE_LOSS] = "Measure each of them with a third node.",
                              [PROBE_UNHEARD] = "Measure each of them with a third node, and look "
                                                "at the rules between them.",
                              [PROBE_DAMAGE] = "Measure each of them with a third node."},
};

/* "rail rdmap82s0 of all 16 nodes", "group worker-2 (7 of 8 nodes)", "7 of 8 nodes". */
static struct str who_all(const struct judge *j, const struct probe_suspect *s, const char *way)
{
    struct arena *arena = j->run->arena;
    struct str group = j->run->nodes[s->a].group;
    struct str nodes = s->nodes == s->nodes_of
                           ? arena_fmt(arena, "all %u nodes", s->nodes)
                           : arena_fmt(arena, "%u of %u nodes", s->nodes, s->nodes_of);

    if (s->rail >= 0)
        return arena_fmt(arena, "rail %.*s of %.*s%s", STR(rail_name(j, s->a, s->rail)), STR(nodes),
                         way);
    if (str_empty(group) || s->nodes_of == j->alive)
        return arena_fmt(arena, "%.*s%s", STR(nodes), way);
    return arena_fmt(arena, "group %.*s (%.*s)%s", STR(group), STR(nodes), way);
}

static struct str who(const struct judge *j, const struct probe_suspect *s)
{
    struct arena *arena = j->run->arena;
    struct str a = node_name(j, s->a), b, rail;
    const char *arrow = s->direction == PROBE_OUT ? "->" : s->direction == PROBE_IN ? "<-" : "<->";

    const char *way = s->direction == PROBE_OUT  ? " outwards"
                      : s->direction == PROBE_IN ? " inwards"
                                                 : "";
    bool nameless;

    if (s->kind == PROBE_SUSPECT_COMMON)
        return who_all(j, s, way);
    rail = s->rail < 0 ? S("") : arena_fmt(arena, " rail %.*s", STR(rail_name(j, s->a, s->rail)));
    if (s->kind == PROBE_SUSPECT_LINK || s->kind == PROBE_SUSPECT_ONE_OF) {
        b = node_name(j, s->b);
        if (s->kind == PROBE_SUSPECT_LINK)
            return arena_fmt(arena, "link %.*s %s %.*s%.*s", STR(a), arrow, STR(b), STR(rail));
        return arena_fmt(arena, "one of %.*s, %.*s or the link between them%.*s", STR(a), STR(b),
                         STR(rail));
    }
    nameless = str_starts(a, S("node ")) || str_starts(a, S("rank "));
    return arena_fmt(arena, "%s%.*s%.*s%s", nameless ? "" : "node ", STR(a), STR(rail), way);
}

static struct str what(const struct judge *j, const struct probe_suspect *s)
{
    struct arena *arena = j->run->arena;
    const struct probe_node *node = &j->run->nodes[s->a];

    if (node->presence == PROBE_ABSENT)
        return str_of(gone_words[PROBE_ABSENT]);
    if (s->cause == PROBE_GONE && str_is(node->phase, "open"))
        return arena_fmt(arena, "has no rail that works: %.*s", STR(node->why));
    if (s->cause == PROBE_GONE)
        return arena_fmt(arena, "%s%s%.*s%s%.*s", gone_words[node->presence],
                         node->phase.len > 0 ? " in the phase " : "", STR(node->phase),
                         node->why.len > 0 ? ": " : "", STR(node->why));
    if (s->cause == PROBE_UNHEARD)
        return arena_fmt(arena, "nothing came through in %u of %u tries", s->bad, s->of);
    if (s->cause == PROBE_DAMAGE)
        return arena_fmt(arena, "data was changed in %u of %u tries", s->bad, s->of);
    const struct probe_series *series = &j->run->series[s->series];
    const struct probe_metric_row *metric = &probe_metrics[series->metric];
    bool loss = s->cause == PROBE_LOSS;
    return arena_fmt(arena, "%s%s %.4g %s instead of %.4g (%.2g times)%s",
                     loss      ? "slowest percent: "
                     : s->mild ? "below its like: "
                               : "",
                     metric->name, s->value, metric->unit, s->reference,
                     metric->less_is_better ? 1 / s->ratio : s->ratio,
                     !loss                                     ? ""
                     : series->metric == PROBE_BANDWIDTH_WORST ? ", it stalls now and then"
                                                               : ", packets are lost");
}

static struct str sure(const struct judge *j, const struct probe_suspect *s)
{
    bool silent = s->cause == PROBE_UNHEARD;

    switch (s->confirmed) {
    case PROBE_CONFIRMED:
        if (silent)
            return S("; alone again nothing");
        return arena_fmt(j->run->arena, "; alone again %.4g", s->again);
    case PROBE_NOT_AGAIN:
        if (silent)
            return S("; alone it was heard");
        return arena_fmt(j->run->arena, "; alone it was fine, %.4g", s->again);
    case PROBE_NOT_RETESTED:
        return S("; not measured again");
    default:
        return S("");
    }
}

void judge_words(struct judge *j, struct probe_suspect *s)
{
    const char *remedy = remedies[s->kind][s->cause];
    struct str of = S("");

    if (s->kind != PROBE_SUSPECT_LINK && s->series >= 0 && s->of > 0)
        of = arena_fmt(j->run->arena, ", %u of %u measurements", s->bad, s->of);
    s->text = arena_fmt(j->run->arena, "%.*s: %.*s%.*s%.*s", STR(who(j, s)), STR(what(j, s)),
                        STR(of), STR(sure(j, s)));
    s->remedy =
        s->confirmed == PROBE_NOT_AGAIN && s->cause == PROBE_UNHEARD
            ? S("Something stood still for seconds. Run again: what this link missed was not made "
                "up for.")
        : s->confirmed == PROBE_NOT_AGAIN ? S("Nothing; watch whether it comes again.")
        : s->mild ? S("Nothing fails yet: it is slower than its like by more than chance. Measure "
                      "again before long runs; replace it if it gets worse.")
                  : str_of(remedy == NULL ? "" : remedy);
}
