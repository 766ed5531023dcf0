"""Requests to one signing service: its own sign-in, bounded time and size, no redirects, nothing secret told on."""

import base64
import json
import logging
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from meeting_app.domain.key import KeyUnreachable
from meeting_app.signing.csc_services import Authorization, Service

LARGEST_ANSWER: Final = 1024 * 1024  # bytes
_CHUNK = 64 * 1024
_TOKEN_SECONDS = 3600  # a token lives, unless the service says otherwise
_MARGIN_SECONDS = 30  # before its end a token is fetched anew
_LARGEST_TEXT = 500  # characters of an error that are looked at
_TOKEN_REFUSED = frozenset({"invalid_token", "expired_token"})
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the service said: a JSON object under a status below 500."""

    status: int
    fields: Mapping[str, Any]

    @property
    def accepted(self) -> bool:
        return self.status < HTTPStatus.BAD_REQUEST

    def text(self, name: str) -> str:
        """A field of text; empty when it is missing or anything else."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    @property
    def error(self) -> str:
        return self.text("error")[:_LARGEST_TEXT].lower()

    @property
    def description(self) -> str:
        """The service's own words, in lower case: to be matched, never shown; they may quote what was sent."""
        return self.text("error_description")[:_LARGEST_TEXT].lower()

    @property
    def token_refused(self) -> bool:
        return self.status == HTTPStatus.UNAUTHORIZED or self.error in _TOKEN_REFUSED


class _ModernTls(HTTPAdapter):
    def init_poolmanager(self, *sizes: Any, **settings: Any) -> None:
        super().init_poolmanager(*sizes, ssl_minimum_version=ssl.TLSVersion.TLSv1_2, **settings)  # L12


class Channel:
    """Safe to share between threads; keeps the service's access token in memory, and nothing of its holders."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._lock = threading.Lock()
        self._token = ""
        self._token_ends = 0.0
        self._introduction: Answer | None = None
        session = requests.Session()
        session.trust_env = False  # no proxy, certificate or password from the surroundings
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        session.mount("https://", _ModernTls())
        self._session = session

    def ask(self, method: str, fields: Mapping[str, Any]) -> Answer:
        """What the service answers, also when it refuses; KeyUnreachable when that is no answer at all."""
        token = self._access_token()
        answer = self._asked(method, fields, token)
        if answer.token_refused:
            answer = self._asked(method, fields, self._access_token(refused=token))
            if answer.token_refused:
                raise self.unusable(method, "our account is refused")
        return answer

    def introduction(self) -> Answer:
        """The service about itself: `methods` it knows, where its `oauth2` server is, and more."""
        if self._introduction is None:
            answer = self._asked("info", {}, "")
            if not answer.accepted:
                raise self.unusable("info", "refused")
            self._introduction = answer
        return self._introduction

    def knows(self, method: str) -> bool:
        methods = self.introduction().fields.get("methods")
        return isinstance(methods, list) and method in methods

    def unusable(self, method: str, trouble: str) -> KeyUnreachable:
        """To be raised over a request that led to nothing that can be used; the trouble goes into the log."""
        _log.warning("signing service %s, %s: %s", self.service.name, method, trouble)
        return KeyUnreachable()

    def _asked(self, method: str, fields: Mapping[str, Any], token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = json.dumps(dict(fields))
        return self._answer(method, f"{self.service.url}/{method}", body, headers | {"Content-Type": _JSON})

    def _access_token(self, *, refused: str = "") -> str:
        service = self.service
        if service.authorization is Authorization.BEARER:
            return service.client_secret.get_secret_value()
        with self._lock:
            if not self._token or self._token == refused or time.monotonic() >= self._token_ends:
                answer = self._signed_in()
                token, lives = answer.text("access_token"), answer.fields.get("expires_in")
                if not (answer.accepted and token):
                    raise self.unusable("sign-in", "our account is refused")
                seconds = lives if isinstance(lives, int | float) else _TOKEN_SECONDS
                self._token, self._token_ends = token, time.monotonic() + max(seconds - _MARGIN_SECONDS, seconds / 2)
            return self._token

    def _signed_in(self) -> Answer:
        service = self.service
        name, secret = service.client_id, service.client_secret.get_secret_value()
        if service.authorization is Authorization.LOGIN:
            basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
            headers = {"Authorization": f"Basic {basic}", "Content-Type": _JSON}
            return self._answer("auth/login", f"{service.url}/auth/login", "{}", headers)
        form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret, "scope": "service"}
        return self._answer("oauth2/token", self._token_url(), urlencode(form), {"Content-Type": _FORM})

    def _token_url(self) -> str:
        if self.service.token_url:
            return self.service.token_url
        # Our secret goes to no host but the one the operator named.
        base = self.introduction().text("oauth2").rstrip("/")
        if urlsplit(base)[:2] != urlsplit(self.service.url)[:2]:
            raise self.unusable("info", "its token server is on another host; name it by token_url")
        return f"{base}/oauth2/token"

    def _answer(self, method: str, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        trouble = ""
        try:
            return self._exchanged(url, body, headers)
        except (OSError, HTTPError, ValueError, TypeError, RecursionError) as error:
            trouble = type(error).__name__
        # Outside of the block: its error carries the request, and the request the PIN.
        raise self.unusable(method, trouble)

    def _exchanged(self, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        seconds = self.service.timeout_seconds
        ends = time.monotonic() + seconds
        with self._session.post(
            url,
            data=body.encode(),
            headers={"Accept": _JSON, "Accept-Encoding": "identity", **headers},
            timeout=seconds,
            allow_redirects=False,
            stream=True,
            verify=str(self.service.ca_file) if self.service.ca_file else True,
        ) as response:
            raw = _read(response, ends)
            status = response.status_code
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise ValueError("a redirect")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ValueError("an error of the service")
        fields = json.loads(raw) if raw else {}
        if not isinstance(fields, dict):
            raise TypeError("not an object")
        return Answer(status, fields)


def _read(response: requests.Response, ends: float) -> bytes:
    """The whole body, unless it is too long or comes too slowly."""
    raw = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=False):
        raw += chunk
        if len(raw) > LARGEST_ANSWER or time.monotonic() > ends:
            raise ValueError("too much or too slow")
    return bytes(raw)
