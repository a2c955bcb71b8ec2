"""Faults on order."""

import email.utils
import json
import time
import urllib.error

import botocore.exceptions
import botocore.parsers

from world import Sim, group, refused, status


def _groups(ec2):
    return len(ec2.describe_security_groups()["SecurityGroups"])


def throttling_speaks_each_service_s_language():
    with Sim() as sim:
        sim.fault("throttle")
        with refused("RequestLimitExceeded", status=503):
            sim.client("ec2").describe_vpcs()
        with refused("Throttling", status=400):
            sim.client("sts").get_caller_identity()
        with refused("ThrottlingException", status=400):
            sim.client("sagemaker").list_clusters()
        sim.control("DELETE", "faults")
        sim.client("ec2").describe_vpcs()


def a_fault_may_spare_the_first_and_end_after_some():
    with Sim() as sim:
        sts = sim.client("sts")
        sim.fault("throttle", service="sts", operation="GetCallerIdentity", after=2, times=1)
        results = []
        for _ in range(5):
            try:
                sts.get_caller_identity()
                results.append("good")
            except botocore.exceptions.ClientError as error:
                results.append(error.response["Error"]["Code"])
        assert results == ["good", "good", "Throttling", "good", "good"], results
        sim.client("ec2").describe_vpcs()


def a_share_of_faults_is_the_same_for_the_same_seed():
    def pattern(seed):
        with Sim() as sim:
            sts = sim.client("sts")
            sim.fault("throttle", share=0.5, seed=seed)
            result = ""
            for _ in range(40):
                try:
                    sts.get_caller_identity()
                    result += "."
                except botocore.exceptions.ClientError:
                    result += "x"
            return result

    first = pattern(1)
    assert first == pattern(1) and first != pattern(2)
    assert 8 < first.count("x") < 32, first


def botocore_s_retries_get_through_throttling():
    with Sim() as sim:
        sim.fault("throttle", times=2)
        sim.client("ec2", attempts=3).describe_vpcs()
        assert [call["status"] for call in sim.calls()] == [503, 503, 200]


def an_error_has_the_status_and_the_code_that_were_ordered():
    with Sim() as sim:
        sim.fault("error", service="ec2")
        with refused("InternalError", status=500):
            sim.client("ec2").describe_vpcs()
        sim.control("DELETE", "faults")
        sim.fault("error", status=403, code="AccessDeniedException", message="no sagemaker:ListClusters")
        with refused("AccessDeniedException", "no sagemaker:ListClusters", status=403):
            sim.client("sagemaker").list_clusters()


def a_lost_answer_was_carried_out():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        sim.fault("lost", operation="CreateSecurityGroup", times=1)
        try:
            ec2.create_security_group(GroupName="g", Description="d")
            raise AssertionError("an answer came")
        except (botocore.exceptions.ConnectionClosedError, botocore.exceptions.HTTPClientError):
            pass
        with refused("InvalidGroup.Duplicate"):
            ec2.create_security_group(GroupName="g", Description="d")
        assert sim.calls()[0]["fault"] == "lost" and sim.calls()[0]["status"] == 0


def a_reset_call_was_not_carried_out():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        sim.fault("reset", operation="CreateSecurityGroup", times=1)
        try:
            ec2.create_security_group(GroupName="g", Description="d")
            raise AssertionError("an answer came")
        except (botocore.exceptions.ConnectionClosedError, botocore.exceptions.HTTPClientError) as error:
            assert "reset" in str(error).lower() or "closed" in str(error).lower(), error
        assert _groups(ec2) == 1
        ec2.create_security_group(GroupName="g", Description="d")


def a_cut_answer_ends_in_the_middle():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        sim.fault("cut", operation="DescribeVpcs", times=1)
        try:
            ec2.describe_vpcs()
            raise AssertionError("a whole answer came")
        except (botocore.exceptions.BotoCoreError, botocore.parsers.ResponseParserError):
            pass
        assert len(ec2.describe_vpcs()["Vpcs"]) == 1


def a_slow_answer_comes():
    with Sim() as sim:
        sim.fault("slow", delay_ms=700, times=1)
        began = time.monotonic()
        sim.client("sts").get_caller_identity()
        assert 0.6 < time.monotonic() - began < 5


def a_slow_answer_does_not_hold_up_the_end():
    with Sim() as sim:
        import threading

        sim.fault("slow", delay_ms=60000, times=1)

        def call():
            try:
                sim.client("sts").get_caller_identity()
            except botocore.exceptions.BotoCoreError:
                pass

        thread = threading.Thread(target=call)
        thread.start()
        time.sleep(0.5)
        began = time.monotonic()
        assert sim.end() == 0 and time.monotonic() - began < 5
        thread.join()


def _in_a_thread(call):
    import threading

    def quietly():
        try:
            call()
        except botocore.exceptions.BotoCoreError:
            pass

    thread = threading.Thread(target=quietly)
    thread.start()
    return thread


def _await_a_hit(sim):
    until = time.monotonic() + 10
    while not any(fault["hits"] for fault in sim.control("GET", "faults")):
        assert time.monotonic() < until, "no fault hit a call"
        time.sleep(0.01)


def a_held_call_is_never_carried_out():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        sim.fault("held", operation="CreateSecurityGroup", times=1)
        thread = _in_a_thread(lambda: ec2.create_security_group(GroupName="g", Description="d"))
        _await_a_hit(sim)
        assert thread.is_alive() and _groups(sim.client("ec2")) == 1
        sim.control("DELETE", "faults")
        thread.join(timeout=10)
        assert not thread.is_alive() and _groups(ec2) == 1
        assert sim.calls()[-2]["fault"] == "held" and sim.calls()[-2]["status"] == 0


def a_mute_call_is_carried_out_at_once():
    with Sim() as sim:
        ec2 = sim.client("ec2")
        sim.fault("mute", operation="CreateSecurityGroup", times=1)
        thread = _in_a_thread(lambda: ec2.create_security_group(GroupName="g", Description="d"))
        _await_a_hit(sim)
        until = time.monotonic() + 10
        while _groups(sim.client("ec2")) == 1:
            assert time.monotonic() < until, "it was not carried out"
        assert thread.is_alive()
        assert sim.end() == 0
        thread.join(timeout=10)
        assert not thread.is_alive()


def a_skewed_server_takes_the_time_for_wrong():
    with Sim() as sim:
        sim.fault("skew")
        with refused("SignatureDoesNotMatch", "Signature expired"):
            sim.client("sts").get_caller_identity()
        with refused("RequestExpired"):
            sim.client("ec2").describe_vpcs()
        with refused("InvalidSignatureException", "Signature expired"):
            sim.client("sagemaker").list_clusters()


def a_skewed_server_says_its_time():
    with Sim() as sim:
        sim.fault("skew", delay_ms=7200000)
        try:
            sim.client("sts").get_caller_identity()
            raise AssertionError("it was let in")
        except botocore.exceptions.ClientError as error:
            date = error.response["ResponseMetadata"]["HTTPHeaders"]["date"]
        ahead = email.utils.parsedate_to_datetime(date).timestamp() - time.time()
        assert 7190 < ahead < 7210, date


def a_token_may_expire():
    with Sim() as sim:
        sim.fault("expired")
        with refused("ExpiredToken"):
            sim.client("sts").get_caller_identity()
        with refused("ExpiredTokenException"):
            sim.client("sagemaker").list_clusters()


def a_creation_may_fail_later():
    with Sim() as sim:
        sagemaker = sim.client("sagemaker")
        words = "We currently do not have sufficient capacity to launch new ml.c5.large instances."
        sim.fault("fail", operation="CreateCluster", message=words, times=1)
        sagemaker.create_cluster(ClusterName="c", InstanceGroups=[group()])
        assert status(sagemaker) == "Creating"
        sim.advance(400)
        assert status(sagemaker) == "RollingBack"
        sim.advance(400)
        cluster = sagemaker.describe_cluster(ClusterName="c")
        assert cluster["ClusterStatus"] == "Failed" and cluster["FailureMessage"] == words
        with refused("ValidationException", "Failed"):
            sagemaker.update_cluster(ClusterName="c", InstanceGroups=[group()])
        sagemaker.delete_cluster(ClusterName="c")


def a_fault_may_hit_one_kind_of_caller_only():
    with Sim() as sim:
        sim.fault("throttle", user_agent="Botocore/")
        with refused("Throttling"):
            sim.client("sts").get_caller_identity()
        sim.control("DELETE", "faults")
        sim.fault("throttle", user_agent="hp-aws")
        sim.client("sts").get_caller_identity()
        (fault,) = sim.control("GET", "faults")
        assert fault["seen"] == fault["hits"] == 0, fault


def nonsense_is_no_fault():
    with Sim() as sim:
        for members, word in (
            ({"kind": "explode"}, "kind is one of"),
            ({"kind": "throttle", "share": 2}, "share is 0 to 1"),
            ({"kind": "throttle", "often": True}, "no member often"),
            ({"kind": "slow", "delay_ms": 1.5}, "no member delay_ms of this type"),
            ({"kind": "slow", "times": 1e300}, "no member times of this type"),
            ({"kind": "throttle", "operation": "Describecluster"}, "no such operation as Describecluster"),
            ({"kind": "throttle", "service": "s3"}, "no such service as s3"),
        ):
            try:
                sim.control("POST", "faults", members)
            except urllib.error.HTTPError as error:
                assert error.code == 400 and word in json.loads(error.read())["message"], members
                continue
            raise AssertionError(f"{members} was taken")
        assert sim.control("GET", "faults") == []


def there_is_an_end_to_faults():
    with Sim() as sim:
        for _ in range(1000):
            sim.fault("throttle", service="ec2")
        try:
            sim.fault("throttle", service="ec2")
        except urllib.error.HTTPError as error:
            assert error.code == 400 and "there can be 1000 faults" in json.loads(error.read())["message"]
        else:
            raise AssertionError("one more was taken")


def a_fault_is_listed_as_it_was_told():
    told = {"kind": "slow", "service": "ec2", "operation": "DescribeVpcs", "share": 0.25, "after": 2, "times": 9}
    told |= {"seed": 7, "delay_ms": 50, "user_agent": "hp-aws"}
    with Sim() as sim:
        sim.control("POST", "faults", told)
        assert sim.control("GET", "faults") == [{**told, "seen": 0, "hits": 0}]
        sim.control("DELETE", "faults")
        sim.control("POST", "faults", {"kind": "slow"})
        (usual,) = sim.control("GET", "faults")
        assert usual == {"kind": "slow", "service": "", "operation": "", "seen": 0, "hits": 0}
        sim.control("POST", "faults", {name: usual[name] for name in ("kind", "service", "operation")})


def a_session_may_be_ended_early():
    with Sim() as sim:
        session = {"access_key": "ASIAONE", "secret_key": "s", "session_token": "t"}
        sim.control("POST", "credentials", {**session, "valid_seconds": 600})
        sts = sim.client("sts", key="ASIAONE", secret="s", token="t")
        sts.get_caller_identity()
        sim.control("POST", "credentials", {**session, "valid_seconds": -1})
        with refused("ExpiredToken"):
            sts.get_caller_identity()
