"""What the stories about EC2's networks share: who judges, and how things are made and looked up."""

import botocore.exceptions
import botocore.parsers

UNREADABLE = (botocore.exceptions.BotoCoreError, botocore.parsers.ResponseParserError)
NOBODY = "0" * 17


class Witness:
    """Asks one EC2 and notes what does not hold: name of the check, what was seen, what AWS does."""

    def __init__(self, ec2, wait, story, skips=()):
        self.ec2, self.wait, self.story, self.skips = ec2, wait, story, skips
        self.checks, self.differences = 0, {}

    def note(self, name, seen, expected):
        self.checks += 1
        if seen != expected:
            self.differences[f"{self.story}: {name}"] = (seen, expected)

    def same(self, name, seen, expected):
        self.note(name, seen() if callable(seen) else seen, expected)

    def refused(self, name, code, operation, *words, **arguments):
        if f"{self.story}: {name}" in self.skips:
            return
        try:
            getattr(self.ec2, operation)(**arguments)
            seen = "done"
        except botocore.exceptions.ClientError as error:
            seen = error.response["Error"]["Code"]
            message = error.response["Error"]["Message"]
            if seen == code:
                missing = [word for word in words if word not in message]
                self.note(f"{name}, in AWS's words", message if missing else "as AWS", "as AWS")
        except UNREADABLE:
            seen = "no answer of AWS's form"
        self.note(name, seen, code)

    def done(self, name, operation, **arguments):
        """The answer, or None when it was refused, which is a difference, or not asked for."""
        if f"{self.story}: {name}" in self.skips:
            return None
        try:
            answer = getattr(self.ec2, operation)(**arguments)
            self.note(name, "done", "done")
            return answer
        except botocore.exceptions.ClientError as error:
            self.note(name, error.response["Error"]["Code"], "done")
        except UNREADABLE:
            self.note(name, "no answer of AWS's form", "done")
        return None


def tagged_name(value):
    return [{"Key": "Name", "Value": value}]


def tag_spec(kind, value="x"):
    return [{"ResourceType": kind, "Tags": tagged_name(value)}]


def filter_by(name, *values):
    return [{"Name": name, "Values": list(values)}]


def new_vpc(w, block="10.0.0.0/16", **more):
    return w.ec2.create_vpc(CidrBlock=block, **more)["Vpc"]["VpcId"]


def new_subnet(w, vpc, block="10.0.0.0/24", **more):
    return w.ec2.create_subnet(VpcId=vpc, CidrBlock=block, **more)["Subnet"]["SubnetId"]


def free_addresses(w, subnet):
    return w.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"]


def new_gateway(w, vpc):
    igw = w.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    w.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    return igw


def main_table_of(w, vpc):
    (table,) = w.ec2.describe_route_tables(Filters=filter_by("vpc-id", vpc) + filter_by("association.main", "true"))["RouteTables"]
    return table


def routes_of(w, table):
    return w.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]


def sorted_routes_of(w, table):
    return sorted(
        (r.get("DestinationCidrBlock") or r.get("DestinationIpv6CidrBlock") or "pl", r["State"]) for r in routes_of(w, table)
    )
