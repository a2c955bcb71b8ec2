"""Secrets

Marked wherever they are, and repeated nowhere.
"""

from row import by_client, on_wire, says, slip

THING = "contrary_thing"


@by_client(
    "secret-hidden",
    "A secret is marked as one, inside nested attributes and blocks too: the client shows none",
    slip("src/wire/schema.c", "    message->sensitive = (attr->flags & TF_SENSITIVE) != 0;\n"),
)
def _(w):
    def text(secret):
        return f"""
resource "contrary_thing" "it" {{
  name   = "a"
  secret = "{secret}"
  items  = [{{ hidden = "{secret}" }}]
  one {{
    hidden = "{secret}"
  }}
}}
"""

    stack = w.stack(text("hunter2"))
    for args in (("plan", "-input=false"), ("apply", "-input=false", "-auto-approve")):
        run = stack.run(*args)
        assert run.code == 0 and "hunter2" not in run.out and "contrary_thing" in run.out
    stack.write(text("hunter3"))
    run = stack.run("plan", "-input=false")
    assert run.code == 0 and "hunter" not in run.out and "1 to change" in run.out


@on_wire(
    "secret-complaint",
    "A complaint about a secret does not repeat it",
    slip(
        "src/tf/validate_value.c",
        "    return (attr->flags & (TF_SENSITIVE | TF_WRITE_ONLY)) != 0;",
        "    return (attr->flags & TF_WRITE_ONLY) != 0;",
    ),
)
def _(w):
    session = w.session()
    answer = says(session.validate(THING, session.object(THING, name="a", pin="hunter2")), "four digits")
    assert "hunter2" not in str(answer.message)
