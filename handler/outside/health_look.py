"""Whether the app answers at its public address."""

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

SECONDS = 15


def health_fault(public_url: str, *, seconds: float = SECONDS) -> str:
    """What is wrong with GET /health, in a few words; "" when all is well."""
    try:
        with urlopen(Request(f"{public_url}/health"), timeout=seconds) as answer:
            told = json.load(answer)
    except HTTPError as error:
        with error:
            return f"it answers with status {error.code}"
    except (OSError, HTTPException) as error:
        return f"it does not answer ({type(error).__name__})"
    except ValueError:
        return "something else answers there"
    return "" if isinstance(told, dict) and told.get("status") == "ok" else "something else answers there"
