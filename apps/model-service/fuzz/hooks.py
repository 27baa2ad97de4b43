"""What the fuzzer cannot know of this service by its document."""

import json

import schemathesis

NDJSON = "application/x-ndjson"
# Shorter and longer text is kept: it is what must be refused, or what is just allowed.
LENGTHS = range(1, 2001, 2)


def address(value):
    if isinstance(value, str) and len(value) in LENGTHS:
        return f"https://a.example/{value}"
    return value


@schemathesis.hook
def map_body(context, body):
    """Random text is hardly ever a web address: half of it becomes the path of one, so that the model runs."""
    if not isinstance(body, dict):
        return address(body)
    if "url" in body:
        return {**body, "url": address(body["url"])}
    if isinstance(body.get("urls"), list):
        return {**body, "urls": [address(url) for url in body["urls"]]}
    return body


@schemathesis.serializer(NDJSON)
def write_lines(context, value):
    """A body of NDJSON: the value as a line, and once more, as there may be any number."""
    line = json.dumps(value)
    return f"{line}\n{line}\n".encode()


@schemathesis.deserializer(NDJSON)
def read_lines(context, response):
    """The schema is that of a line: all must be the same here, so the first stands for them."""
    # Not splitlines(): it also divides at U+0085 and the like, which may stand in a JSON string.
    lines = [json.loads(line) for line in response.content.decode().split("\n") if line]
    assert len(lines) == 2 and lines[0] == lines[1], lines
    return lines[0]
