"""Sessions of roles, as boto3 gets and uses them."""

import base64
import datetime
import hashlib
import json
import time

import botocore
import botocore.config

from world import Sim, refused

ROLE = "arn:aws:iam::111122223333:role/path/terraform"


def _assume(sim, by=None, role=ROLE, **more):
    answer = (by or sim.client("sts")).assume_role(RoleArn=role, RoleSessionName="me", **more)
    return answer, answer["Credentials"]


def _with(sim, service, keys, **more):
    return sim.client(service, key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["SessionToken"], **more)


def _sessions(sim):
    return sim.control("GET", "state")["sessions"]


def _policy(*actions, effect="Allow"):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": list(actions), "Resource": "*"}]})


def a_session_works_with_its_token_only():
    with Sim() as sim:
        answer, keys = _assume(sim)
        assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::111122223333:assumed-role/terraform/me"
        assert "PackedPolicySize" not in answer
        assert _with(sim, "sts", keys).get_caller_identity()["Arn"].endswith(":assumed-role/terraform/me")
        assert _with(sim, "ec2", keys).describe_vpcs()["Vpcs"]
        with refused("InvalidClientTokenId"):
            sim.client("sts", key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token="other").get_caller_identity()


def a_session_ends():
    with Sim() as sim:
        sim.control("POST", "credentials", {"access_key": "ASIAOVER", "secret_key": "s", "session_token": "t", "valid_seconds": 4})
        over = {"AccessKeyId": "ASIAOVER", "SecretAccessKey": "s", "SessionToken": "t"}
        _with(sim, "sts", over).get_caller_identity()
        time.sleep(4.2)
        with refused("ExpiredToken", status=403):
            _with(sim, "sts", over).get_caller_identity()
        with refused("ExpiredToken", status=403):
            _assume(sim, _with(sim, "sts", over))
        with refused("RequestExpired"):
            _with(sim, "ec2", over).describe_vpcs()
        with refused("ExpiredTokenException"):
            _with(sim, "sagemaker", over).list_clusters()


def its_length_has_limits():
    with Sim() as sim:
        sim.control("POST", "roles", {"name": "short", "max_session_seconds": 3600})
        for seconds, role in ((899, ROLE), (43201, ROLE), (7200, ROLE.replace("terraform", "short"))):
            with refused("ValidationError"):
                _assume(sim, sim.client("sts", parameter_validation=False), role, DurationSeconds=seconds)
        _, keys = _assume(sim, DurationSeconds=43200)
        left = keys["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
        assert 43000 < left.total_seconds() <= 43200


def a_role_assumed_by_a_role_lasts_an_hour():
    with Sim() as sim:
        _, first = _assume(sim, DurationSeconds=7200)
        by = _with(sim, "sts", first)
        with refused("ValidationError", "role chaining"):
            _assume(sim, by, DurationSeconds=3601)
        _, second = _assume(sim, by, role=ROLE + "-2", DurationSeconds=3600)
        assert _with(sim, "sts", second).get_caller_identity()["Arn"].endswith("/terraform-2/me")


def a_role_that_asks_for_an_external_id_takes_no_other():
    with Sim() as sim:
        sim.control("POST", "roles", {"name": "terraform", "external_id": "partner-7"})
        for wrong in ({}, {"ExternalId": "partner-8"}):
            with refused("AccessDenied", "sts:AssumeRole", ROLE, status=403):
                _assume(sim, **wrong)
        _assume(sim, ExternalId="partner-7")
        _assume(sim, role=ROLE + "-2", ExternalId="anything")


def tags_of_a_session_have_limits():
    with Sim() as sim:
        fine = [{"Key": f"k{i}", "Value": ""} for i in range(50)]
        answer, _ = _assume(sim, Tags=fine)
        assert answer["PackedPolicySize"] == 100
        for code, more in (
            ("ValidationError", {"Tags": fine + [{"Key": "one more", "Value": ""}]}),
            ("ValidationError", {"Tags": [{"Key": "k" * 129, "Value": ""}]}),
            ("ValidationError", {"Tags": [{"Key": "k", "Value": "v" * 257}]}),
            ("InvalidParameterValue", {"Tags": [{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}]}),
            ("InvalidParameterValue", {"Tags": [{"Key": "a", "Value": ""}], "TransitiveTagKeys": ["b"]}),
        ):
            with refused(code):
                _assume(sim, **more)


def transitive_tags_go_on_and_cannot_be_set_again():
    with Sim() as sim:
        _, first = _assume(
            sim, Tags=[{"Key": "team", "Value": "ml"}, {"Key": "run", "Value": "7"}], TransitiveTagKeys=["team"]
        )
        by = _with(sim, "sts", first)
        with refused("InvalidParameterValue", "transitive"):
            _assume(sim, by, Tags=[{"Key": "team", "Value": "other"}])
        _assume(sim, by, role=ROLE + "-2", Tags=[{"Key": "run", "Value": "8"}])
        second = _sessions(sim)[-1]
        assert second["tags"] == {"team": "ml", "run": "8"}, second
        assert second["transitive_tag_keys"] == ["team"]


def who_stands_behind_a_session_stays():
    with Sim() as sim:
        answer, first = _assume(sim, SourceIdentity="ada")
        assert answer["SourceIdentity"] == "ada"
        by = _with(sim, "sts", first)
        with refused("AccessDenied", "ada"):
            _assume(sim, by, SourceIdentity="bob")
        answer, _ = _assume(sim, by, role=ROLE + "-2")
        assert answer["SourceIdentity"] == "ada"


def a_policy_lets_a_session_do_less():
    with Sim() as sim:
        answer, keys = _assume(sim, Policy=_policy("ec2:Describe*"))
        assert answer["PackedPolicySize"] > 0
        assert _with(sim, "ec2", keys).describe_vpcs()["Vpcs"]
        _with(sim, "sts", keys).get_caller_identity()
        with refused("UnauthorizedOperation", "ec2:CreateSecurityGroup", status=403):
            _with(sim, "ec2", keys).create_security_group(GroupName="g", Description="d", VpcId="vpc-0a1b2c3d4e5f60718")
        with refused("AccessDeniedException", "sagemaker:ListClusters"):
            _with(sim, "sagemaker", keys).list_clusters()
        with refused("AccessDenied", "sts:AssumeRole"):
            _assume(sim, _with(sim, "sts", keys))


def what_is_no_policy_is_refused():
    with Sim() as sim:
        with refused("MalformedPolicyDocument"):
            _assume(sim, Policy="{}")
        with refused("PackedPolicyTooLarge"):
            _assume(sim, Policy=_policy("ec2:" + "a" * 2000))
        with refused("ValidationError"):
            _assume(sim, PolicyArns=[{"arn": "arn:aws:iam::aws:role/x/aaaaaaaaaaa"}])
        with refused("ValidationError"):
            _assume(sim, PolicyArns=[{"arn": f"arn:aws:iam::aws:policy/P{i}"} for i in range(11)])
        _assume(sim, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}])


def a_web_identity_s_session_is_one_like_the_others():
    def token(seconds):
        claims = json.dumps({"sub": "job-one", "iss": "https://idp", "aud": "sts.amazonaws.com", "exp": int(time.time()) + seconds}).encode()
        return "e30." + base64.urlsafe_b64encode(claims).decode().rstrip("=") + ".c2ln"

    with Sim() as sim:
        sts = sim.client("sts", signature_version=botocore.UNSIGNED)
        wanted = {"RoleArn": ROLE, "RoleSessionName": "job-one"}
        answer = sts.assume_role_with_web_identity(WebIdentityToken=token(600), Policy=_policy("sts:*"), **wanted)
        assert answer["SubjectFromWebIdentityToken"] == "job-one"
        assert (answer["Provider"], answer["Audience"]) == ("https://idp", "sts.amazonaws.com")
        _assume(sim, _with(sim, "sts", answer["Credentials"]), role=ROLE + "-2", DurationSeconds=3600)
        with refused("AccessDeniedException"):
            _with(sim, "sagemaker", answer["Credentials"]).list_clusters()
        with refused("ExpiredTokenException"):
            sts.assume_role_with_web_identity(WebIdentityToken=token(-600), **wanted)
        with refused("InvalidIdentityToken"):
            sts.assume_role_with_web_identity(WebIdentityToken="word", **wanted)


PROVIDER = "arn:aws:iam::111122223333:saml-provider/corp"
SAML = "https://aws.amazon.com/SAML/Attributes/"


def _moment(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _response(issued=0, until=300, session=7200, status="Success", audience="urn:amazon:webservices", roles=None, **attributes):
    """A SAML response; attributes without value are left out."""
    attributes = {"RoleSessionName": "mary", "Role": roles or f"{ROLE},{PROVIDER}", **attributes}
    values = "".join(
        f'<Attribute Name="{SAML}{name}">' + "".join(f"<AttributeValue>{v}</AttributeValue>" for v in value.split("|")) + "</Attribute>"
        for name, value in attributes.items()
        if value
    )
    text = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">
      <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:Status>
      <Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" IssueInstant="{_moment(issued)}">
        <Issuer>https://idp.example.com/saml</Issuer>
        <Subject><NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">mary.jane</NameID><SubjectConfirmation>
          <SubjectConfirmationData NotOnOrAfter="{_moment(until)}" Recipient="https://signin.aws.amazon.com/saml"/>
        </SubjectConfirmation></Subject>
        <Conditions><AudienceRestriction><Audience>{audience}</Audience></AudienceRestriction></Conditions>
        <AuthnStatement SessionNotOnOrAfter="{_moment(session)}"/>
        <AttributeStatement>{values}</AttributeStatement>
      </Assertion></samlp:Response>"""
    return base64.b64encode(text.encode()).decode()


def an_identity_provider_s_session_is_one_like_the_others():
    with Sim() as sim:
        sts = sim.client("sts", signature_version=botocore.UNSIGNED)

        def assume(assertion=None, role=ROLE, provider=PROVIDER, **more):
            return sts.assume_role_with_saml(RoleArn=role, PrincipalArn=provider, SAMLAssertion=assertion or _response(), **more)

        tags = {"PrincipalTag:team": "ml", "PrincipalTag:run": "7", "TransitiveTagKeys": "team", "SourceIdentity": "ada"}
        answer = assume(_response(roles=f"x,y|{PROVIDER}, {ROLE}", **tags), Policy=_policy("sts:*"))
        assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::111122223333:assumed-role/terraform/mary"
        assert (answer["Subject"], answer["SubjectType"], answer["Issuer"]) == ("mary.jane", "persistent", "https://idp.example.com/saml")
        assert answer["Audience"] == "https://signin.aws.amazon.com/saml" and answer["SourceIdentity"] == "ada" and answer["PackedPolicySize"] > 0
        digest = hashlib.sha1(b"https://idp.example.com/saml111122223333/corp").digest()
        assert answer["NameQualifier"] == base64.b64encode(digest).decode()
        session = _sessions(sim)[-1]
        assert session["tags"] == {"team": "ml", "run": "7"} and session["transitive_tag_keys"] == ["team"], session
        with refused("AccessDeniedException"):
            _with(sim, "sagemaker", answer["Credentials"]).list_clusters()
        ends = assume(_response(session=1000), DurationSeconds=3600)["Credentials"]["Expiration"]
        left = (ends - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        assert 900 < left <= 1000, f"the session ends when the provider's does: {left}"

        encode = base64.b64encode
        for code, words, wrong in (
            ("InvalidIdentityToken", "Invalid base64", {"assertion": "<xml>"}),
            ("InvalidIdentityToken", "1:", {"assertion": encode(b"<a>").decode()}),
            ("InvalidIdentityToken", "declaration", {"assertion": encode(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>').decode()}),
            ("InvalidIdentityToken", "no assertion", {"assertion": encode(b"<Response/>").decode()}),
            ("InvalidIdentityToken", "RoleSessionName is required", {"assertion": _response(RoleSessionName="")}),
            ("InvalidIdentityToken", "must match", {"assertion": _response(RoleSessionName="m e")}),
            ("InvalidIdentityToken", "Source Identity", {"assertion": _response(SourceIdentity="aws:x")}),
            ("InvalidIdentityToken", "audience", {"assertion": _response(audience="https://example.com")}),
            ("InvalidIdentityToken", "provider", {"provider": "arn:aws:iam::999999999999:saml-provider/corp"}),
            ("ExpiredTokenException", "5 minutes", {"assertion": _response(issued=-400)}),
            ("ExpiredTokenException", "NotOnOrAfter", {"assertion": _response(until=-1)}),
            ("ExpiredTokenException", "SessionNotOnOrAfter", {"assertion": _response(session=-1)}),
            ("ValidationError", "invalid", {"provider": ROLE + "-not-a-provider"}),
            ("ValidationError", "durationSeconds", {"DurationSeconds": 43201}),
            ("MalformedPolicyDocument", "policy", {"Policy": "{}"}),
        ):
            with refused(code, words):
                assume(**wrong)
        with refused("AccessDenied", "AssumeRoleWithSAML", status=403):
            assume(role=ROLE + "-2")
        with refused("IDPRejectedClaim", "AuthnFailed", status=403):
            assume(_response(status="AuthnFailed"))
