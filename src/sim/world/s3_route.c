#include "s3_route.h"
#include "network.h"

static const struct route_table *table_of(const struct region *region, const struct subnet *subnet)
{
    const struct route_table *table;
    const struct table_association *association;

    list_each (table, &region->things[THING_ROUTE_TABLE])
        list_each (association, &table->associations)
            if (association->subnet == subnet)
                return table;
    return main_table(region, subnet->vpc);
}

static bool leads_out(const struct region *region, const struct route *route)
{
    static const enum thing_kind kinds[] = {THING_INTERNET_GATEWAY, THING_NAT_GATEWAY,
                                            THING_INTERFACE};

    if (route->kind != ROUTE_IPV4 || !str_is(route->destination, "0.0.0.0/0"))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct thing *target = thing_find(region, kinds[i], route->target);
        if (target != NULL && (kinds[i] != THING_NAT_GATEWAY ||
                               ((const struct nat_gateway *)target)->state == NAT_AVAILABLE))
            return true;
    }
    return false;
}

bool subnet_reaches_s3(const struct region *region, const struct subnet *subnet)
{
    const struct route_table *table = table_of(region, subnet);
    const struct endpoint *endpoint;
    const struct route *route;

    list_each (endpoint, &region->things[THING_ENDPOINT]) {
        if (endpoint->vpc == subnet->vpc && endpoint->state == ENDPOINT_AVAILABLE &&
            str_ends(endpoint->service, S(".s3")) &&
            (endpoint->is_interface || list_has(&endpoint->tables, table)))
            return true;
    }
    if (table == NULL)
        return false;
    list_each (route, &table->routes) {
        if (leads_out(region, route))
            return true;
    }
    return false;
}
