"""The provider's addresses: its metadata and keys, the page of people, the tokens, and the way out."""

from secrets import token_hex
from typing import Any

from authlib.oauth2 import OAuth2Error
from flask import Flask, Response, jsonify, redirect, render_template, request, session
from joserfc.jwk import RSAKey

from local.people.demo import PEOPLE, person_of
from local.people.grant import Client, add_code_flow

# Cookies know no ports: the application's own lies beside it.
COOKIE = "kuulolla_people"


def people_app(issuer: str, client: Client, out: str) -> Flask:
    """The provider at this address. `out` is where signing out leads back to."""
    app = Flask(__name__, template_folder="pages", static_folder="static")
    app.secret_key = token_hex(32)
    app.config.update(SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_SAMESITE="Lax")
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    server = add_code_flow(app, client, key, issuer)

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        return jsonify(metadata(issuer))

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(keys=[key.as_dict(private=False)])

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        """Whoever was chosen stays chosen until signing out, as at any provider."""
        try:
            grant = server.get_consent_grant(end_user=None)
        except OAuth2Error as error:
            return Response(f"{error.error}: {error.description}", 400, content_type="text/plain; charset=utf-8")
        chosen = person_of(request.form.get("person") or session.get("person"))
        if chosen is None:
            return render_template("choose.html", people=PEOPLE)
        session["person"] = chosen.id
        return server.create_authorization_response(grant=grant, grant_user=chosen)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/end")
    def end() -> Any:
        session.clear()
        return redirect(out)

    app.after_request(_in_our_frame_alone)
    return app


def _in_our_frame_alone(response: Response) -> Response:
    ancestors = "http://127.0.0.1:* http://localhost:*"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors {ancestors}"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def metadata(issuer: str) -> dict[str, object]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
        "end_session_endpoint": f"{issuer}/end",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }
