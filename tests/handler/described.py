"""Whether an answer of the API is as templates/openapi.json describes it: names, types, and nothing undescribed."""

from collections.abc import Iterator, Mapping
from typing import Any

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


def faults(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """What differs, each with its place. `schemas` are those that a $ref names."""
    whole = _whole(schema, schemas)
    kind = whole["type"]
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{at}: {type(value).__name__} is no {kind}"
    elif "enum" in whole and value not in whole["enum"]:
        yield f"{at}: {value!r} is none of {whole['enum']}"
    elif kind == "array":
        for place, each in enumerate(value):
            yield from faults(each, whole["items"], schemas, f"{at}[{place}]")
    elif kind == "object":
        yield from _object_faults(value, whole, schemas, at)


def _object_faults(
    value: Mapping[str, Any], whole: Mapping[str, Any], schemas: Mapping[str, Any], at: str
) -> Iterator[str]:
    yield from (f"{at}.{name} is missing" for name in whole.get("required", ()) if name not in value)
    known, more = whole.get("properties", {}), whole.get("additionalProperties")
    for name, each in value.items():
        if described := known.get(name, more):
            yield from faults(each, described, schemas, f"{at}.{name}")
        else:
            yield f"{at}.{name} is not described"


def _whole(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema with its $ref followed and its allOf joined."""
    if "$ref" in schema:
        return _whole(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "allOf" not in schema:
        return schema
    parts = [_whole(part, schemas) for part in schema["allOf"]]
    return {
        "type": "object",
        "required": [name for part in parts for name in part.get("required", ())],
        "properties": {name: each for part in parts for name, each in part.get("properties", {}).items()},
    }
