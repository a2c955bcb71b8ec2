"""Stories about EC2's networks that run on hyperpod-sim and on moto_server alike.

A story is a function of a Witness. It states what AWS does, one check after the other; who judges decides what
becomes of a check that does not hold: on the sim it fails the test, on moto it must stand in moto_differences.py.
Refusals that are skipped are not asked for: moto would carry out what AWS refuses, and the story would be another one.
"""

from network_gateways import a_nat_gateway_takes_its_time, an_internet_gateway_belongs_to_one_vpc, elastic_addresses_come_and_go
from network_places import (
    a_vpc_has_what_each_vpc_has,
    a_vpc_takes_more_blocks,
    addresses_of_ipv6_are_amazons,
    places_and_types_are_known,
    subnets_count_their_addresses,
    tags_are_for_all,
)
from network_routes import gateway_endpoints_are_routes, interface_endpoints_are_interfaces, routes_lead_somewhere
from network_witness import Witness

__all__ = ["STORIES", "Witness"]

STORIES = [
    a_vpc_has_what_each_vpc_has,
    a_vpc_takes_more_blocks,
    addresses_of_ipv6_are_amazons,
    subnets_count_their_addresses,
    an_internet_gateway_belongs_to_one_vpc,
    elastic_addresses_come_and_go,
    a_nat_gateway_takes_its_time,
    routes_lead_somewhere,
    gateway_endpoints_are_routes,
    interface_endpoints_are_interfaces,
    tags_are_for_all,
    places_and_types_are_known,
]
