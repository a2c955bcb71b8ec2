"""Calls and answers held against AWS's service models: those of the installed botocore."""

import gzip
import json
import os
import shutil
import subprocess
import tempfile

import botocore

import world
from world import Sim, group, refused

DATA = os.path.join(os.path.dirname(botocore.__file__), "data")


def _loose(sim, service):
    """A client that sends whatever it is told."""
    return sim.client(service, parameter_validation=False)


def _model(service):
    folder = os.path.join(DATA, service)
    version = sorted(os.listdir(folder))[-1]
    plain = os.path.join(folder, version, "service-2.json")
    with gzip.open(plain + ".gz") if os.path.exists(plain + ".gz") else open(plain, "rb") as file:
        return json.load(file)


def our_tables_are_those_of_the_models():
    with Sim("--models", DATA) as sim:
        found = sim.control("GET", "models")
        assert set(found["files"]) == {"sts", "ec2", "sagemaker"}, found["files"]
        assert found["differences"] == [], json.dumps(found["differences"], indent=1)


def a_call_is_checked_by_the_model_in_each_protocol_s_words():
    with Sim("--models", DATA) as sim:
        sagemaker, ec2, sts = (_loose(sim, service) for service in ("sagemaker", "ec2", "sts"))
        with refused("ValidationException", "'clusterName'", "pattern"):
            sagemaker.describe_cluster(ClusterName="-")
        with refused("ValidationException", "Value null at 'clusterName'", "must not be null"):
            sagemaker.describe_cluster()
        with refused("MissingParameter", "The request must contain the parameter VpcId"):
            ec2.create_subnet(CidrBlock="10.0.0.0/24")
        with refused("InvalidParameterValue", "maxi", "whole number"):
            ec2.describe_vpcs(MaxResults="maxi")
        with refused("ValidationError", "2 validation errors", "Value null at 'roleArn'", "roleSessionName", "pattern"):
            sts.assume_role(RoleSessionName="a b")
        with refused("ValidationError", "durationSeconds", "greater than or equal to 900"):
            sts.assume_role(RoleArn=world.ROLE, RoleSessionName="me", DurationSeconds=5)
        with refused("ValidationError", "tags.1.member.key", "less than or equal to 128"):
            sts.assume_role(RoleArn=world.ROLE, RoleSessionName="me", Tags=[{"Key": "k" * 129, "Value": "v"}])
        ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [world.VPC]}])
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()])


def members_that_the_model_does_not_know_are_refused():
    with Sim("--models", DATA) as sim:
        for service, code, body in (
            ("sts", "UnknownParameter", {"Colour": "red"}),
            ("ec2", "UnknownParameter", {"Filter.1.Nam": "x"}),
        ):
            client = sim.client(service)
            client.meta.events.register("before-call", lambda params, body=body, **_: params["body"].update(body))
            with refused(code, next(iter(body))):
                client.get_caller_identity() if service == "sts" else client.describe_vpcs()
        client = sim.client("sagemaker")
        client.meta.events.register("before-call", lambda params, **_: params.update(body=b'{"Colour":"red"}'))
        with refused("ValidationException", "colour"):
            client.list_clusters()


def _changed(folder, change):
    """A flat folder with one model that is not AWS's any more."""
    model = _model("sagemaker")
    change(model["shapes"])
    with open(os.path.join(folder, "sagemaker.service-2.json"), "w") as file:
        json.dump(model, file)


def a_slip_in_our_tables_shows_at_the_start_and_in_the_call():
    def change(shapes):
        shapes["ClusterInstanceCount"]["max"] = 5
        shapes["ClusterName"]["pattern"] = "[a-z]+"
        shapes["ListClustersRequest"]["members"].pop("SortBy")
        shapes["DescribeClusterRequest"]["members"]["New"] = {"shape": "ClusterName"}

    with tempfile.TemporaryDirectory() as folder:
        _changed(folder, change)
        with Sim("--models", folder, "--quiet") as sim:
            differences = sim.control("GET", "models")["differences"]
            for words in (
                ("CreateCluster", "InstanceCount", "at most 6758 in our table, 5 in the model"),
                ("CreateCluster", "ClusterName", "the pattern", "[a-z]+ in the model"),
                ("ListClusters", "SortBy", "the model does not have this member"),
                ("DescribeCluster", "our table does not have the member New"),
            ):
                assert any(all(word in line for word in words) for line in differences), (words, differences)
            sagemaker = sim.client("sagemaker")
            with refused("ModelDifference", "The table: nothing to object", "The model: Value '6'"):
                sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group(count=6)])
            sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group(count=5)])
        process = subprocess.run([world.binary, "--models", folder, "--state", "/nowhere/x"], capture_output=True, text=True, timeout=20)
        assert "at most 6758 in our table, 5 in the model" in process.stderr, process.stderr


def a_botocore_that_is_old_is_told_of_in_a_few_lines():
    def change(shapes):
        shapes["ClusterInstanceType"]["enum"] = ["ml.c5.large"]
        for number in range(30):
            shapes["CreateClusterRequest"]["members"][f"New{number}"] = {"shape": "ClusterName"}

    with tempfile.TemporaryDirectory() as folder:
        _changed(folder, change)
        process = subprocess.run([world.binary, "--models", folder, "--state", "/nowhere/x"], capture_output=True, text=True, timeout=20)
        lines = process.stderr.splitlines()
        assert process.returncode == 73 and len(lines) < 20 and max(map(len, lines)) < 400, process.stderr
        assert any("does not have the values" in line for line in lines), lines
        assert any("more differences: GET /_sim/models" in line for line in lines), lines


def a_pattern_that_is_not_understood_is_told():
    with tempfile.TemporaryDirectory() as folder:
        _changed(folder, lambda shapes: shapes["ClusterName"].update(pattern="[a-z"))
        with Sim("--models", folder, "--quiet") as sim:
            notes = sim.control("GET", "models")["notes"]
            assert any("pattern of ClusterName is not looked at" in note and "[a-z" in note for note in notes), notes
            assert any(note.startswith("ec2: there is no model") for note in notes), notes


def an_answer_that_the_model_does_not_have_is_told():
    with tempfile.TemporaryDirectory() as folder:
        _changed(folder, lambda shapes: shapes["ListClustersResponse"].update(members={}, required=[]))
        with Sim("--models", folder, "--quiet") as sim:
            sim.client("sagemaker").list_clusters()
            answers = sim.control("GET", "models")["answers"]
            assert any("ListClusters: clusterSummaries" in line for line in answers), answers


def a_botocore_folder_may_be_gzipped_or_plain():
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "sts", "2011-06-15"))
        os.makedirs(os.path.join(folder, "sts", "2009-01-01"))
        with open(os.path.join(folder, "sts", "2011-06-15", "service-2.json"), "w") as file:
            json.dump(_model("sts"), file)
        with gzip.open(os.path.join(folder, "ec2.service-2.json.gz"), "wt") as file:
            json.dump(_model("ec2"), file)
        with Sim("--models", folder, "--quiet") as sim:
            assert set(sim.control("GET", "models")["files"]) == {"sts", "ec2"}
        shutil.rmtree(os.path.join(folder, "sts"))
        with open(os.path.join(folder, "ec2.service-2.json.gz"), "r+b") as file:
            file.truncate(1000)
        done = subprocess.run([world.binary, "--models", folder], capture_output=True, text=True, timeout=20)
        assert done.returncode == 65 and "ec2.service-2.json.gz" in done.stderr, done
