#include "network.h"
#include <hp/base/test.h>

static struct region *begin(struct state *state)
{
    state_init(state, 7);
    return state_region(state, S("us-west-2"));
}

static struct subnet *small(struct state *state, struct region *region)
{
    struct vpc *vpc = vpc_new(state, region, (struct cidr){0x0a000000, 16}, text_of(S("vpc-1")));
    vpc_furnish(state, region, vpc, NULL);
    return subnet_new(state, region, vpc, (struct cidr){0x0a000000, 28}, 0, text_of(S("subnet-1")));
}

START_TEST(a_subnet_counts_each_address_once)
{
    struct state state;
    struct region *region = begin(&state);
    struct subnet *subnet = small(&state, region);
    struct interface *interface = interface_new(&state, region, subnet, 0x0a00000e);

    ck_assert_uint_eq(subnet_free(subnet), 10);
    ck_assert(!subnet_is_free(subnet, 0x0a00000e));
    ck_assert(!subnet_is_free(subnet, 0x0a000003)); /* AWS's */
    ck_assert(!subnet_is_free(subnet, 0x0a00000f));
    ck_assert(!subnet_is_free(subnet, 0x0a000010)); /* the next subnet's */
    ck_assert(!subnet_is_free(subnet, 0x09ffffff));
    ck_assert(interface_take(interface, 0x0a00000e)); /* taken: any other */
    ck_assert_uint_eq(subnet_free(subnet), 9);
    while (interface_take(interface, 0))
        ;
    ck_assert_uint_eq(subnet_free(subnet), 0);
    ck_assert_uint_eq(interface->other_count, 10);
    ck_assert_ptr_null(interface_new(&state, region, subnet, 0));

    thing_remove(region, &interface->thing);
    ck_assert_uint_eq(subnet_free(subnet), 11);
    state_done(&state);
}
END_TEST

START_TEST(a_vpc_goes_with_what_it_came_with)
{
    struct state state;
    struct region *region = begin(&state);
    struct subnet *subnet = small(&state, region);
    struct vpc *vpc = subnet->vpc;
    size_t tables = region->things[THING_ROUTE_TABLE].count;

    association_new(main_table(region, vpc), text_of(S("rtbassoc-1")))->subnet = subnet;
    thing_remove(region, &subnet->thing);
    ck_assert_uint_eq(main_table(region, vpc)->associations.count, 1);
    thing_remove(region, &vpc->thing);
    ck_assert_uint_eq(region->things[THING_ROUTE_TABLE].count, tables - 1);
    ck_assert_uint_eq(region->things[THING_NETWORK_ACL].count, 1);
    ck_assert_uint_eq(region->things[THING_SECURITY_GROUP].count, 1);
    state_done(&state);
}
END_TEST

START_TEST(a_nat_gateway_comes_goes_and_is_told_for_an_hour)
{
    struct state state;
    struct region *region = begin(&state);
    struct subnet *subnet = small(&state, region);
    struct nat_gateway *nat = nat_gateway_new(&state, region, subnet, 1000);
    nat->interface = interface_new(&state, region, subnet, 0);

    network_advance(&state, 90999);
    ck_assert_int_eq(nat->state, NAT_PENDING);
    network_advance(&state, 91000);
    ck_assert_int_eq(nat->state, NAT_AVAILABLE);
    nat_gateway_delete(nat, 100000);
    network_advance(&state, 159999);
    ck_assert_int_eq(nat->state, NAT_DELETING);
    ck_assert_uint_eq(subnet_free(subnet), 10);
    network_advance(&state, 160000);
    ck_assert_int_eq(nat->state, NAT_DELETED);
    ck_assert_uint_eq(subnet_free(subnet), 11);
    network_advance(&state, 160000 + 3600000);
    ck_assert_uint_eq(region->things[THING_NAT_GATEWAY].count, 0);
    state_done(&state);
}
END_TEST

START_TEST(all_that_is_due_happens_however_far_time_jumps)
{
    struct state state;
    struct region *region = begin(&state);
    struct subnet *subnet = small(&state, region);
    struct nat_gateway *nat = nat_gateway_new(&state, region, subnet, 0);
    text_set(&nat->failure_code, S("Gateway.NotAttached"));
    struct endpoint *endpoint = endpoint_new(&state, region, subnet->vpc, S("s"), 0);
    endpoint->is_interface = true;
    endpoint_begin(endpoint, 0);
    ck_assert(endpoint_join(&state, region, endpoint, subnet, 0));
    endpoint_delete(region, endpoint, 10);

    network_advance(&state, INT64_C(1) << 40);
    ck_assert_uint_eq(region->things[THING_NAT_GATEWAY].count, 0);
    ck_assert_uint_eq(region->things[THING_ENDPOINT].count, 0);
    ck_assert_uint_eq(subnet_free(subnet), 11);
    state_done(&state);
}
END_TEST

START_TEST(an_elastic_address_is_free_when_its_interface_goes)
{
    struct state state;
    struct region *region = begin(&state);
    struct subnet *subnet = small(&state, region);
    struct interface *interface = interface_new(&state, region, subnet, 0);
    struct address *address = address_new(&state, region, 0x01020304);
    address_bind(address, interface, interface->address, S("eipassoc-1"));

    ck_assert_ptr_eq(address_at(region, interface, interface->address), address);
    thing_remove(region, &interface->thing);
    ck_assert_ptr_null(address->interface);
    ck_assert_uint_eq(address->association_id.len, 0);
    state_done(&state);
}
END_TEST

START_TEST(an_endpoint_forgets_a_table_that_goes)
{
    struct state state;
    struct region *region = begin(&state);
    struct vpc *vpc = small(&state, region)->vpc;
    struct route_table *table = route_table_new(&state, region, vpc, text_of(S("rtb-1")));
    struct endpoint *endpoint = endpoint_new(&state, region, vpc, S("s3"), 0);
    list_add(&endpoint->tables, table);

    thing_remove(region, &table->thing);
    ck_assert_uint_eq(endpoint->tables.count, 0);
    endpoint_delete(region, endpoint, 0); /* a gateway endpoint goes at once */
    ck_assert_uint_eq(region->things[THING_ENDPOINT].count, 0);
    state_done(&state);
}
END_TEST

TESTS("sim/network", a_subnet_counts_each_address_once, a_vpc_goes_with_what_it_came_with,
      a_nat_gateway_comes_goes_and_is_told_for_an_hour,
      all_that_is_due_happens_however_far_time_jumps,
      an_elastic_address_is_free_when_its_interface_goes, an_endpoint_forgets_a_table_that_goes)
