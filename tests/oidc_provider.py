"""A provider to sign in with, on this machine: OpenID Connect as far as a test needs it. It asks nothing."""

from __future__ import annotations

import base64
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "atlas", "a secret of this test"
_CODES_S = 60


@dataclass
class Provider:
    """Signs in whoever `claims` describes; a test sets them before. address: of the provider, also its issuer."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    n_sign_ins: int = 0
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}))
    _codes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/jwks", self._keys),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/end", lambda _request: PlainTextResponse("signed out")),
        ]

    async def _metadata(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked, code = request.query_params, secrets.token_urlsafe(16)
        if asked.get("client_id") != CLIENT or not asked.get("code_challenge"):
            return PlainTextResponse("not the client of this test, or without a challenge", 400)
        self._codes[code] = (asked.get("nonce", ""), asked["redirect_uri"])
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        given = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        nonce, redirect = self._codes.pop(str(form.get("code")), ("", ""))
        if not redirect or redirect != form.get("redirect_uri") or not given.startswith(f"{CLIENT}:"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        stated = {"iss": self.address, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + _CODES_S, "nonce": nonce}
        token = jwt.encode({"alg": "RS256", "kid": "1"}, stated | self.claims, self._key)
        self.n_sign_ins += 1
        return JSONResponse({"access_token": secrets.token_hex(8), "token_type": "Bearer", "id_token": token})


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider on a free port of this machine while the block runs."""
    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=provider.routes()), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.address = f"http://127.0.0.1:{port}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(20)
