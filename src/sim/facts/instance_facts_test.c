#include "instance_facts.h"
#include "instance_types.h"
#include <hp/base/test.h>

START_TEST(each_type_of_hyperpod_has_facts_and_one_is_not_told_of_by_ec2)
{
    size_t types = 0;
    for (; instance_type_names[types] != NULL; types++) {
        const struct instance_facts *facts = instance_type_find(str_of(instance_type_names[types]));
        ck_assert_msg(facts != NULL, "%s has no facts", instance_type_names[types]);
    }
    ck_assert_uint_eq(types, instance_facts_count + 1);
    ck_assert_str_eq(instance_facts[instance_facts_count].name, "ml.p6e-gb200.36xlarge");
    ck_assert_str_eq(instance_ec2_name(instance_type_find(S("ml.p5.48xlarge"))), "p5.48xlarge");
    ck_assert_ptr_null(instance_type_find(S("p5.48xlarge")));
}
END_TEST

START_TEST(efa_and_accelerators_are_those_of_the_type)
{
    ck_assert(instance_type_has_efa(S("ml.trn1.32xlarge")));
    ck_assert(instance_type_is_accelerated(S("ml.p6e-gb200.36xlarge")));
    ck_assert(!instance_type_has_efa(S("ml.g5.xlarge")));
    ck_assert(instance_type_is_accelerated(S("ml.g5.xlarge")));
    ck_assert(!instance_type_is_accelerated(S("ml.c5n.18xlarge")));
    ck_assert(!instance_type_has_efa(S("ml.x9.large")));
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

TESTS("sim/instance_facts", each_type_of_hyperpod_has_facts_and_one_is_not_told_of_by_ec2,
      efa_and_accelerators_are_those_of_the_type, numbers_of_a_type_fit_each_other)
