"""Random text is hardly ever a web address: half of it becomes the path of one, so that the model runs."""

import schemathesis

# Shorter and longer text is kept: it is what must be refused, or what is just allowed.
LENGTHS = range(1, 2001, 2)


def address(value):
    if isinstance(value, str) and len(value) in LENGTHS:
        return f"https://a.example/{value}"
    return value


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, dict):
        return body
    if "url" in body:
        return {**body, "url": address(body["url"])}
    if isinstance(body.get("urls"), list):
        return {**body, "urls": [address(url) for url in body["urls"]]}
    return body
