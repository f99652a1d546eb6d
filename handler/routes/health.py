"""Whether the parts that the function stands on answer."""

from flask import Blueprint, Response, jsonify
from pynamodb.exceptions import PynamoDBException

from handler.routes.rules import public
from handler.tables import limits
from handler.work.parts import Parts


def health_routes(parts: Parts) -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/health")
    @public
    def health() -> Response:
        try:
            limits.stands("health", now=parts.clock())
        except PynamoDBException:
            answer = jsonify(status="failing", tables="unreachable")
            answer.status_code = 503
            return answer
        return jsonify(status="ok", tables="ok", surveys=len(parts.library.surveys))

    return routes
