"""Other commands of the client

Tests, mocks, forgetting, and what else starts a provider.
"""

from row import by_client
from rows.functions import UNCONFIGURED
from rows.upgrades import SAME_VERSION
from rows.validation import VALIDATED


@by_client(
    "command-test",
    "`test` makes, changes and destroys with a process for each run, and calls functions",
    UNCONFIGURED,
    needs="functions",
)
def _(w):
    # OpenTofu 1.12.6 crashes where an assertion itself calls a function.
    stack = w.stack("""
variable "text" {
  default = "one"
}
resource "contrary_thing" "it" {
  name = "a"
  text = var.text
}
output "all" {
  value = provider::contrary::join("-", contrary_thing.it.zone, contrary_thing.it.text)
}
""")
    stack.write(
        """
run "made" {
  assert {
    condition     = output.all == "zone-a-one"
    error_message = "it is not as it should be"
  }
}
run "changed" {
  variables {
    text = "two"
  }
  assert {
    condition     = contrary_thing.it.revision == 2 && output.all == "zone-a-two"
    error_message = "it was not changed in place"
  }
}
""",
        "main.tftest.hcl",
    )
    run = stack.run("test")
    assert run.code == 0 and "2 passed" in run.out, run.out
    assert not stack.objects()


@by_client(
    "command-mock",
    "A mocked provider needs no configuration and no credentials, and validates all the same",
    VALIDATED,
    needs="mocks",
    ours=True,
)
def _(w):
    stack = w.stack(
        """
resource "hyperpod_efa_security_group" "nodes" {
  name   = "efa"
  vpc_id = "vpc-0a1b2c3d4e5f60718"
}
""",
        provider="hyperpod",
    )
    stack.write(
        """
mock_provider "hyperpod" {}
run "mocked" {
  assert {
    condition     = hyperpod_efa_security_group.nodes.id != ""
    error_message = "it was not mocked"
  }
}
""",
        "main.tftest.hcl",
    )
    run = stack.run("test")
    assert run.code == 0 and "1 passed" in run.out, run.out


@by_client(
    "command-forget",
    "What a removed block forgets is left as it is, and nobody is asked to destroy it",
    SAME_VERSION,
    needs="removed blocks",
)
def _(w):
    stack = w.stack('resource "contrary_thing" "it" {\n  name = "a"\n}\n')
    stack.apply().fine()
    stack.write("removed {\n  from = contrary_thing.it\n  lifecycle {\n    destroy = false\n  }\n}\n")
    stack.apply().fine()
    assert stack.instance() is None and len(stack.objects()) == 1
    stack.write("")
    assert not stack.plan().fine().actions
