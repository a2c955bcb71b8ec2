#include "instance_facts.h"
#include "instance_types.h"
#include <hp/base/test.h>

static const struct instance_facts *facts_of(const char *ml_type)
{
    for (size_t i = 0; i < instance_facts_count; i++)
        if (strcmp(instance_facts[i].name, ml_type + 3) == 0) /* without "ml." */
            return &instance_facts[i];
    return NULL;
}

START_TEST(each_type_of_hyperpod_has_facts_but_one)
{
    size_t known = 0;
    for (size_t i = 0; instance_type_names[i] != NULL; i++) {
        const struct instance_facts *facts = facts_of(instance_type_names[i]);
        known += facts != NULL;
        ck_assert_msg(facts != NULL || strcmp(instance_type_names[i], "ml.p6e-gb200.36xlarge") == 0,
                      "%s has no facts", instance_type_names[i]);
    }
    ck_assert_uint_eq(known, instance_facts_count);
}
END_TEST

START_TEST(both_tables_agree_on_efa_and_accelerators)
{
    for (size_t i = 0; instance_type_names[i] != NULL; i++) {
        const struct instance_facts *facts = facts_of(instance_type_names[i]);
        struct str name = str_of(instance_type_names[i]);
        if (facts == NULL)
            continue;
        ck_assert_msg((facts->efa > 0) == instance_type_has_efa(name), "EFA of %s", facts->name);
        ck_assert_msg((facts->accelerator > 0) == instance_type_is_accelerated(name),
                      "accelerators of %s", facts->name);
    }
}
END_TEST

START_TEST(numbers_of_a_type_fit_each_other)
{
    for (size_t i = 0; i < instance_facts_count; i++) {
        const struct instance_facts *facts = &instance_facts[i];
        int others = facts->interfaces - facts->interfaces_card0;
        ck_assert_msg(facts->vcpus % facts->threads == 0, "threads of %s", facts->name);
        ck_assert_msg(facts->cards == 1 ? others == 0 : others % (facts->cards - 1) == 0,
                      "interfaces of %s", facts->name);
        ck_assert_msg(facts->efa <= facts->cards, "EFA of %s", facts->name);
        ck_assert_msg(facts->place < instance_places_count, "place of %s", facts->name);
    }
}
END_TEST

TESTS("sim/instance_facts", each_type_of_hyperpod_has_facts_but_one,
      both_tables_agree_on_efa_and_accelerators, numbers_of_a_type_fit_each_other)
