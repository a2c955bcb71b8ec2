#include "fabric/ticks.h"
#include "said.h"

#include <unistd.h>

/* For a rank to say what it has; and to find out that nobody comes to a round any more, where it
 * was still waiting when our time was over. */
static const int64_t say_ns = 20000 * TICKS_MS, find_out_ns = 30000 * TICKS_MS;

static struct str keep(struct probe_run *run, struct str text)
{
    return probe_run_str(run, text);
}

/* A host that is there several times (ranks of one machine) gets the rank's number. */
static struct str unique_name(const struct engine *engine, struct probe_run *run, uint32_t rank)
{
    struct str name = engine->cards[rank]->name;

    for (uint32_t r = 0; r < engine->size; r++)
        if (r != rank && engine->cards[r] != NULL && str_eq(engine->cards[r]->name, name))
            return arena_fmt(run->arena, "%.*s/%u", STR(name), rank);
    return keep(run, name);
}

static const struct expected_node *expectation(const struct engine *engine, const struct card *card,
                                               bool *taken)
{
    const struct expected_node *node = roster_expected(&engine->expected, card);

    if (node != NULL)
        taken[node - engine->expected.nodes] = true;
    return node;
}

/* What resource_config.json or Slurm knows of a node. */
static void as_expected(struct probe_run *run, struct probe_node *node,
                        const struct expected_node *known)
{
    node->id = keep(run, known->id);
    node->group = keep(run, known->group);
    node->type = keep(run, known->type);
    node->place = keep(run, known->place);
    if (!str_empty(known->address))
        node->address = keep(run, known->address);
}

static void describe(struct engine *engine, struct probe_run *run, uint32_t rank,
                     const struct expected_node *known)
{
    struct probe_node *node = &run->nodes[rank];
    const struct card *card = engine->cards[rank];

    node->name = unique_name(engine, run, rank);
    node->type = keep(run, card->type);
    node->address = card->address_count > 0 ? keep(run, card->addresses[0]) : S("");
    if (known != NULL)
        as_expected(run, node, known);
    node->unexpected = known == NULL && engine->expected.count > 0 &&
                       engine->roster.places[rank] != ROSTER_NOWHERE;
    node->libfabric = keep(run, card->libfabric);
    node->library = keep(run, card->library);
    node->provider = keep(run, card->provider);
    node->driver = keep(run, card->driver);
    node->kernel = keep(run, card->kernel);
    node->installer = keep(run, card->installer);
    node->probe = keep(run, card->probe);
    probe_run_rails(run, rank, card->rail_count);
    for (uint32_t i = 0; i < card->rail_count; i++)
        node->rails[i] = (struct probe_rail){keep(run, card->rails[i].domain),
                                             keep(run, card->rails[i].device), card->rails[i].mtu};
    for (uint32_t i = 0; i < card->finding_count; i++) {
        const struct card_finding *f = &card->findings[i];
        probe_run_add_finding(run, &(struct probe_finding){f->severity, f->code, (int32_t)rank,
                                                           f->rail, f->text, f->remedy});
    }
}

static void never_came(struct engine *engine, struct probe_run *run, uint32_t at,
                       const struct expected_node *known)
{
    struct probe_node *node = &run->nodes[at];

    *node = (struct probe_node){
        .presence = PROBE_ABSENT, .phase = S("start"), .why = S("it never came")};
    if (known == NULL) {
        node->name = arena_fmt(run->arena, at < engine->size ? "rank %u" : "node %u", at);
        return;
    }
    node->name = keep(run, known->name);
    node->address = S("");
    as_expected(run, node, known);
}

static void make_nodes(struct engine *engine, struct probe_run *run)
{
    bool *taken = arena_array(engine->arena, bool, engine->expected.count);
    const struct expected_node **known =
        arena_array(engine->arena, const struct expected_node *, engine->size);
    uint32_t count = engine->size, missing = 0;

    for (uint32_t r = 0; r < engine->size; r++)
        if (engine->cards[r] != NULL)
            known[r] = expectation(engine, engine->cards[r], taken);
    for (uint32_t i = 0; i < engine->expected.count; i++)
        missing += !taken[i];
    if (engine->options->expect > (int64_t)count + missing)
        missing = (uint32_t)engine->options->expect - count;
    if (count + missing > PROBE_MAX_NODES)
        missing = PROBE_MAX_NODES - count;
    probe_run_nodes(run, count + missing);
    for (uint32_t r = 0; r < engine->size; r++)
        if (engine->cards[r] != NULL)
            describe(engine, run, r, known[r]);
    for (uint32_t r = 0, next = 0; r < count + missing; r++) {
        if (r < engine->size && engine->cards[r] != NULL)
            continue;
        while (next < engine->expected.count && taken[next])
            next++;
        never_came(engine, run, r,
                   next < engine->expected.count ? &engine->expected.nodes[next++] : NULL);
    }
}

static void make_series(struct engine *engine, struct probe_run *run)
{
    const struct plan *plan = &engine->stage->plan;

    for (uint32_t s = 0; s < plan->series_count; s++)
        probe_run_series(run, plan->series[s].metric, plan->series[s].size_bytes,
                         run->rail_count > 1 ? PROBE_LOAD_RAILS : PROBE_LOAD_RAIL);
}

static void lost(struct engine *engine, struct probe_run *run, uint32_t rank)
{
    struct probe_node *node = &run->nodes[rank];
    bool dead = wire_is_dead(engine->wire, rank);

    if (node->presence != PROBE_CAME)
        return;
    node->presence = dead ? PROBE_LOST : PROBE_MUTE;
    node->phase = S("measuring");
    node->why = dead ? S("the engine told that its process has ended")
                     : S("it came, and did not answer the engine any more");
    engine->any_mute = true;
}

static void tell_stood_still(struct probe_run *run, uint32_t rank, const struct ending *ending)
{
    if (ending->missed > 0)
        probe_run_add_finding(
            run, &(struct probe_finding){
                     PROBE_WARNING, S("stood-still"), (int32_t)rank, PROBE_EVERY,
                     arena_fmt(run->arena,
                               "the rank itself stood still for %.0f s and missed %lld meeting%s",
                               (double)ending->stood_ms / 1e3, (long long)ending->missed,
                               ending->missed == 1 ? "" : "s"),
                     S("Look for what stopped the process, or took the node's processors.")});
}

/* A sample that was broken off is no sample of what it stands for. */
static void tell_broken_off(struct engine *engine, struct probe_run *run)
{
    for (uint32_t kind = 0; kind < PROBE_ASIDES; kind++)
        if (engine->broken_off[kind] != NULL)
            probe_run_add_finding(
                run,
                &(struct probe_finding){
                    PROBE_WARNING, S("broken-off"), PROBE_EVERY, PROBE_EVERY,
                    arena_fmt(run->arena, "%s was broken off in round %u: %s", probe_asides[kind],
                              engine->aside_rounds[kind] + 1, engine->broken_off[kind]),
                    S("What it had measured by then is in the report. Run again, with "
                      "--tests of it alone.")});
}

static void ended(struct probe_run *run, uint32_t rank, const struct ending *ending)
{
    struct probe_node *node = &run->nodes[rank];

    if (ending->how != ENDING_WELL) {
        node->presence = ending->how == ENDING_SILENT ? PROBE_MUTE : PROBE_LOST;
        node->phase = keep(run, ending->phase);
        node->why = keep(run, ending->why);
    }
    run->timed_out |= ending->timed_out;
    tell_stood_still(run, rank, ending);
    for (uint32_t i = 0; i < ending->counter_count; i++)
        probe_run_add_counter(
            run, &(struct probe_counter){(int32_t)rank, (int32_t)ending->counters[i].rail,
                                         ending->counters[i].name, ending->counters[i].moved});
}

/* What others took of a machine: all that was busy without the ranks of this run on it. */
static void foreign(struct engine *engine, struct probe_run *run, const struct ending *endings)
{
    for (uint32_t r = 0; r < engine->size; r++) {
        int64_t own = 0;
        if (engine->cards[r] == NULL || endings[r].total <= 0)
            continue;
        for (uint32_t k = 0; k < engine->size; k++)
            if (engine->cards[k] != NULL &&
                str_eq(engine->cards[k]->machine, engine->cards[r]->machine))
                own += endings[k].own;
        if (endings[r].busy > own)
            run->nodes[r].foreign_cpu = (double)(endings[r].busy - own) / (double)endings[r].total;
    }
}

/* What is there to be measured: of each round half of the ranks' rails have it from one end. */
static void make_aside_phase(struct engine *engine, struct probe_run *run, uint32_t phase)
{
    const struct plan_phase *p = &engine->stage->plan.phases[phase];
    const struct probe_aside *aside = probe_run_aside(run, (enum probe_aside_kind)p->aside);

    if (aside != NULL)
        probe_run_add_phase(run,
                            &(struct probe_phase){str_of(p->name), engine->aside_rounds[p->aside],
                                                  aside->tested - aside->unheard, aside->tested,
                                                  (int64_t)engine->phase_ms[phase]});
}

static void make_asides(struct engine *engine, struct probe_run *run)
{
    for (uint32_t kind = 0; kind < PROBE_ASIDES; kind++)
        if (aside_is_possible(engine, (enum probe_aside_kind)kind))
            probe_run_add_aside(run, (enum probe_aside_kind)kind,
                                kind == PROBE_ASIDE_BISECTION ? PROBE_BANDWIDTH_BOTH
                                                              : PROBE_BANDWIDTH,
                                PLAN_ASIDE_BYTES);
}

static void make_phases(struct engine *engine, struct probe_run *run)
{
    const struct plan *plan = &engine->stage->plan;
    int64_t rounds = engine->roster.rounds;
    int64_t directions = (int64_t)engine->size * (engine->size - 1) * run->rail_count;

    for (uint32_t p = 0; p < plan->phase_count; p++) {
        if (plan->phases[p].aside >= 0) {
            make_aside_phase(engine, run, p);
            continue;
        }
        int series = plan->pieces[plan->phases[p].first].series[0];
        int64_t tested = 0;
        for (uint32_t rail = 0; rail < run->rail_count; rail++) {
            const float *plane = probe_plane(run, (uint32_t)series, rail);
            for (size_t i = 0; i < (size_t)run->node_count * run->node_count; i++)
                tested += !isnan(plane[i]);
            probe_plane_done(run, (uint32_t)series, rail);
        }
        probe_run_add_phase(
            run, &(struct probe_phase){str_of(plan->phases[p].name),
                                       plan->phases[p].once ? rounds : rounds * plan->repeat,
                                       tested, directions, (int64_t)engine->phase_ms[p]});
    }
}

static void head(struct engine *engine, struct probe_run *run)
{
    const struct probe_options *options = engine->options;

    run->id = keep(run, engine->cards[0]->run_id);
    run->version = S(HP_VERSION);
    run->arguments = keep(run, engine->arguments);
    run->mode = options->quick ? S("quick") : options->pairs != NULL ? S("pairs") : S("full");
    run->provider = keep(run, str_of(engine->stage->provider));
    run->engine = keep(run, str_of(wire_name(engine->wire)));
    run->cluster = keep(run, engine->expected.cluster);
    run->started_ms = engine->started_ms;
    run->target = options->target;
}

static void tell_shared(struct engine *engine, struct probe_run *run)
{
    uint32_t most = most_on_one_machine(engine->cards, engine->size);

    if (most > 1)
        probe_run_add_finding(
            run, &(struct probe_finding){
                     PROBE_INFO, S(PROBE_SHARED_MACHINE), PROBE_EVERY, PROBE_EVERY,
                     arena_fmt(run->arena,
                               "%u ranks share a machine, so its processors decide the figures, "
                               "too: only what is five times worse, or ten in latency, counts",
                               most),
                     S("On a cluster: one rank a node (--ntasks-per-node=1).")});
}

static struct str idle_text(struct arena *arena, uint32_t idle)
{
    if (idle == 0)
        return S("");
    return idle == 1
               ? S("; 1 node is in none of them, and nothing is said of it")
               : arena_fmt(arena, "; %u nodes are in none of them, and nothing is said of these",
                           idle);
}

static void not_measured(struct probe_run *run, const char *test, const char *needs,
                         const char *remedy)
{
    struct arena *arena = run->arena;

    probe_run_add_finding(
        run,
        &(struct probe_finding){
            PROBE_WARNING, arena_fmt(arena, "%s-not-measured", test), PROBE_EVERY, PROBE_EVERY,
            arena_fmt(arena, "%s needs %s: it was not measured", test, needs), str_of(remedy)});
}

/* What was asked for by name and cannot be done here: whoever reads PASS would think it was. */
static void tell_impossible(struct engine *engine, struct probe_run *run)
{
    static const char all[] = "Without --rail all rails of the provider are measured.";
    const struct probe_options *options = engine->options;
    uint32_t tests = options->tests_named ? options->tests : 0;

    if ((tests & TEST_RMA) != 0 && !engine_can_rma(engine))
        not_measured(run, "rma", "rails that can write remotely on all nodes",
                     "Another provider may; `fi_info -p PROVIDER -v` lists FI_RMA in its caps.");
    if ((tests & TEST_RAILS) != 0 && !aside_is_possible(engine, PROBE_ASIDE_RAILS))
        not_measured(run, "rails", "two rails", all);
    if ((tests & TEST_CROSS) != 0 && !aside_is_possible(engine, PROBE_ASIDE_CROSS))
        not_measured(run, "cross", "two rails", all);
    if ((tests & TEST_BISECTION) != 0 && !aside_is_possible(engine, PROBE_ASIDE_BISECTION))
        not_measured(run, "bisection", "four nodes", "Start it on four nodes or more.");
}

/* What was left out on purpose, and why. */
static void tell_coverage(struct engine *engine, struct probe_run *run)
{
    const struct roster *roster = &engine->roster;
    uint32_t outside = 0, idle = 0;
    bool *met = roster_meetings(roster, engine->arena);

    for (uint32_t r = 0; r < engine->size; r++) {
        bool partner = met == NULL;
        for (uint32_t k = 0; k < engine->size && !partner; k++)
            partner = k != r && met[(size_t)r * engine->size + k];
        outside += engine->cards[r] != NULL && roster->places[r] == ROSTER_NOWHERE;
        idle += !partner && engine->cards[r] != NULL && roster->places[r] != ROSTER_NOWHERE;
    }
    if (outside > 0)
        probe_run_add_finding(
            run, &(struct probe_finding){
                     PROBE_INFO, S("not-in-groups"), PROBE_EVERY, PROBE_EVERY,
                     arena_fmt(run->arena,
                               "%u of %u ranks are on nodes of other groups than --groups names: "
                               "they stood by, and nothing is said of them",
                               outside, engine->size),
                     S("")});
    if (roster->chosen)
        probe_run_add_finding(
            run, &(struct probe_finding){
                     PROBE_INFO, S("chosen-pairs"), PROBE_EVERY, PROBE_EVERY,
                     arena_fmt(run->arena, "only the %u pair%s of --pairs %s measured%.*s",
                               roster->pair_count, roster->pair_count == 1 ? "" : "s",
                               roster->pair_count == 1 ? "was" : "were",
                               STR(idle_text(run->arena, idle))),
                     S("Without --pairs all pairs are measured, and more can be told apart.")});
}

/* Nobody misses what was not to be measured. */
static void skip_unplanned(struct engine *engine, struct probe_run *run)
{
    const bool *met = roster_meetings(&engine->roster, engine->arena);

    for (uint32_t from = 0; from < engine->size && met != NULL; from++)
        for (uint32_t to = 0; to < engine->size; to++)
            for (uint32_t rail = 0; rail < run->rail_count && to != from; rail++)
                if (!met[(size_t)from * engine->size + to])
                    probe_say(run, rail, from, to, PROBE_SKIPPED, false, S(""));
}

/* What is known before anything was measured. */
static struct probe_run *begin_run(struct engine *engine)
{
    struct probe_run *run = probe_run_new();

    head(engine, run);
    make_nodes(engine, run);
    make_series(engine, run);
    tell_shared(engine, run);
    tell_coverage(engine, run);
    tell_impossible(engine, run);
    return run;
}

struct probe_run *engine_draft(struct engine *engine)
{
    struct probe_run *run = begin_run(engine); /* without cells: there is nothing in them yet */

    run->ended_ms = run->started_ms;
    probe_run_add_finding(
        run,
        &(struct probe_finding){PROBE_WARNING, S("unfinished"), PROBE_EVERY, PROBE_EVERY,
                                S("the run was ended from outside before it could report"),
                                S("Look for the first rank that the engine tells to be killed "
                                  "or lost (srun and mpirun print it): its node is the one. With "
                                  "what they print in engine.log beside this report, `report` "
                                  "names it.")});
    return run;
}

struct str engine_type(const struct engine *engine)
{
    struct str best = S("");
    uint32_t most = 0;

    for (uint32_t i = 0; i < engine->size; i++) {
        uint32_t same = 0;
        if (engine->cards[i] == NULL || str_empty(engine->cards[i]->type))
            continue;
        for (uint32_t k = 0; k < engine->size; k++)
            same +=
                engine->cards[k] != NULL && str_eq(engine->cards[k]->type, engine->cards[i]->type);
        if (same > most) {
            most = same;
            best = engine->cards[i]->type;
        }
    }
    return best;
}

struct probe_run *engine_gather(struct engine *engine, const char *matrix,
                                struct probe_error *reterr)
{
    struct probe_run *run = begin_run(engine);
    struct ending *endings = arena_array(engine->arena, struct ending, engine->size);
    int64_t deadline = ticks_ns() + say_ns;

    if (engine->timed_out)
        deadline += find_out_ns + plan_longest_slot(&engine->stage->plan);
    if (!probe_run_cells(run, matrix, reterr)) {
        probe_run_free(run);
        return NULL;
    }
    make_asides(engine, run);
    say_all(engine);
    for (uint32_t r = 0; r < engine->size; r++) {
        scoped(arena_freep) struct arena *arena = arena_new((size_t)512 << 20);
        struct str cells;
        if (engine->cards[r] == NULL)
            continue;
        if (!hear_all(engine, arena, r, deadline, &endings[r], &cells) ||
            !cells_unpack(engine, run, r, cells))
            lost(engine, run, r);
        else
            ended(run, r, &endings[r]);
        endings[r].counters = NULL; /* the arena ends here */
    }
    run->timed_out |= engine->timed_out;
    tell_broken_off(engine, run);
    skip_unplanned(engine, run);
    foreign(engine, run, endings);
    make_phases(engine, run);
    run->ended_ms = world_now_ms(engine->world);
    return run;
}
