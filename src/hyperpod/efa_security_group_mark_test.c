#include "efa_security_group.h"

#include <hp/base/test.h>
#include <hp/cty/codec.h>
#include <hp/doc/doc.h>

static void dice(void *arg, void *bytes, size_t len)
{
    (void)arg;
    memset(bytes, 0xa5, len);
}

struct scene {
    struct arena *arena;
    struct world world;
    struct diags diags;
    struct tf_call call;
};

/* After a read, or in a create: the state is all there is. */
static void scene_init(struct scene *scene, const char *state)
{
    struct cty_error error = {0};

    *scene = (struct scene){.arena = arena_new(1 << 20), .world = {.random = dice}};
    scene->diags = diags_in(scene->arena);
    scene->call = (struct tf_call){.arena = scene->arena,
                                   .world = &scene->world,
                                   .diags = &scene->diags,
                                   .private_data = doc_object(scene->arena)};
    ck_assert(cty_from_json(scene->arena,
                            tf_object_type(scene->arena, hp_efa_security_group.attrs, NULL),
                            str_of(state), CTY_WIRE, &scene->call.state, &error));
}

static struct sg_rule rule_of(struct scene *scene, const char *json)
{
    struct doc *doc = NULL;
    struct doc_error error;

    ck_assert(doc_from_json(scene->arena, str_of(json), NULL, &doc, &error));
    return sg_found(scene->arena, doc);
}

#define RULE(id, tag)                                                                              \
    "{\"SecurityGroupRuleId\":\"" id "\",\"IsEgress\":false,\"IpProtocol\":\"-1\","                \
    "\"Tags\":[{\"Key\":\"team\",\"Value\":\"ml\"}" tag "]}"
#define MARK(value) ",{\"Key\":\"hyperpod:adoption\",\"Value\":\"" value "\"}"
#define ADOPTED     "{\"id\":\"sg-1\",\"existing_security_group_id\":\"sg-1\",\"adoption_mark\":\"m1\"}"

START_TEST(only_an_adopted_group_gets_a_mark_and_keeps_it)
{
    struct scene own, adopted, old;
    scene_init(&own, "{\"id\":\"sg-1\"}");
    scene_init(&adopted, ADOPTED);
    scene_init(&old, "{\"id\":\"sg-1\",\"existing_security_group_id\":\"sg-1\"}");

    sg_mark(&own.call);
    sg_mark(&adopted.call);
    sg_mark(&old.call);

    ck_assert(!tf_is_set(own.call.state, "adoption_mark"));
    ck_assert_str(tf_str(adopted.call.state, "adoption_mark"), S("m1"));
    ck_assert_str(tf_str(old.call.state, "adoption_mark"), S("a5a5a5a5a5a5a5a5"));
    arena_free(own.arena);
    arena_free(adopted.arena);
    arena_free(old.arena);
}
END_TEST

START_TEST(rules_with_our_mark_are_ours_though_nobody_remembers_them)
{
    struct scene scene;
    scene_init(&scene, ADOPTED);
    tf_private_set(&scene.call, "added", S("sgr-0"));
    struct sg_rule items[] = {rule_of(&scene, RULE("sgr-1", MARK("m1"))),
                              rule_of(&scene, RULE("sgr-2", MARK("m2"))),
                              rule_of(&scene, RULE("sgr-3", ""))};
    struct sg_rules found = {.items = items, .count = 3};
    struct sg_own own = sg_own_of(&scene.call);

    ck_assert(!sg_own_has(&own, S("sgr-1")));
    sg_mark_claim(scene.arena, &own, &found);

    ck_assert(sg_own_has(&own, S("sgr-0")) && sg_own_has(&own, S("sgr-1")));
    ck_assert(!sg_own_has(&own, S("sgr-2")) && !sg_own_has(&own, S("sgr-3")));
    arena_free(scene.arena);
}
END_TEST

START_TEST(wanted_rules_with_another_mark_are_told_with_the_way_to_remove_them)
{
    struct scene scene;
    scene_init(&scene, ADOPTED);
    struct sg_rule items[] = {
        rule_of(&scene, RULE("sgr-1", MARK("m2"))), rule_of(&scene, RULE("sgr-2", MARK("m2"))),
        rule_of(&scene, RULE("sgr-3", MARK("m1"))), rule_of(&scene, RULE("sgr-4", ""))};
    struct sg_rules found = {.items = items, .count = 4};

    sg_mark_tell_others(&scene.call, &found);
    ck_assert_ptr_null(scene.diags.first); /* somebody else wants them */

    for (size_t i = 0; i < 4; i++)
        items[i].is_wanted = i != 1;
    sg_mark_tell_others(&scene.call, &found);
    ck_assert(str_has(scene.diags.first->detail,
                      S("aws ec2 revoke-security-group-ingress --group-id sg-1 "
                        "--security-group-rule-ids sgr-1")));
    ck_assert(!str_has(scene.diags.first->detail, S("sgr-2")));
    ck_assert(!str_has(scene.diags.first->detail, S("sgr-3")));
    ck_assert_uint_eq(scene.diags.errors, 0);
    arena_free(scene.arena);
}
END_TEST

TESTS("hyperpod/efa_security_group_mark", only_an_adopted_group_gets_a_mark_and_keeps_it,
      rules_with_our_mark_are_ours_though_nobody_remembers_them,
      wanted_rules_with_another_mark_are_told_with_the_way_to_remove_them)
