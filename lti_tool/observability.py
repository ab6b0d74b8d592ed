"""Structured logs that can be handed to anybody: request and registration id, never a person or a token.

Every record of the tool, of gunicorn and of the libraries runs through the same chain and ends with `redacted`, which
is the last line of defence; code should not log such values in the first place.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Mapping
from logging.config import dictConfig
from typing import Any, Literal

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars
from structlog.typing import EventDict, Processor

SECRET_KEYS = frozenset(
    {
        "access_token", "assertion", "authorization", "client_assertion", "cookie", "cookies", "csrf_token",
        "id_token", "login_hint", "lti_message_hint", "lti_storage_target", "nonce", "password", "private_key",
        "secret", "secret_key", "set_cookie", "state", "token",
    },
)  # fmt: skip
PERSONAL_KEYS = frozenset(
    {
        "email", "family_name", "full_name", "given_name", "middle_name", "name", "person_name", "picture", "sub",
        "subject", "username",
    },
)  # fmt: skip
ADDRESS_KEYS = frozenset({"client", "client_address", "ip", "remote_addr", "x_forwarded_for"})

_JWT = re.compile(r"\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)*")
_INVITATION = re.compile(r"(/register/)[\w-]{16,}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PARAMETER = re.compile(rf"\b({'|'.join(sorted(SECRET_KEYS | {'code'}))})=[^&\s\"'>]+", re.IGNORECASE)
_PASSWORD_IN_URL = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@")
_IPV4 = re.compile(r"\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def configure_logging(level: str, form: Literal["json", "text"]) -> None:
    """Send the records of structlog and of `logging` to standard error, one line each."""
    dictConfig(logging_config(level, form))
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(level: str, form: Literal["json", "text"]) -> dict[str, Any]:
    """Return the configuration for `logging`, in the shape that gunicorn takes as well."""
    final: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, redacted]
    final.append(
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "chain": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": final,
                "foreign_pre_chain": [*_shared(), structlog.stdlib.ExtraAdder()],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chain"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"handlers": [], "propagate": True},
            "gunicorn.access": {
                "handlers": [],
                "propagate": False,
            },  # it holds addresses of people
            "urllib3": {"level": "WARNING"},  # its debug lines hold whole query strings
        },
    }


def _shared() -> list[Processor]:
    return [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def start_request(given_id: str = "") -> str:
    """Forget the last request of this thread and bind this one's id; return the id.

    Args:
        given_id: the id a trusted proxy gave (`X-Request-ID`); replaced if it is not a plain short word.
    """
    request_id = given_id if _REQUEST_ID.fullmatch(given_id) else secrets.token_hex(8)
    clear_contextvars()
    bind_contextvars(request_id=request_id)
    return request_id


def concern_registration(registration_id: int) -> None:
    """Add the registration to every later record of this request or delivery."""
    bind_contextvars(registration_id=registration_id)


def redacted(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Drop or shorten whatever could be a credential, a person or a whole client address."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: object) -> Any:
    plain = key.lower().replace("-", "_")
    if plain in SECRET_KEYS or plain in PERSONAL_KEYS:
        return "[removed]"
    if plain in ADDRESS_KEYS:
        return shortened(str(value))
    if isinstance(value, Mapping):
        return {str(inner): _clean(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(key, item) for item in value]
    return _clean_text(value) if isinstance(value, str) else value


def _clean_text(text: str) -> str:
    text = _JWT.sub("eyJ…[removed]", text)
    text = _PARAMETER.sub(r"\1=[removed]", text)
    text = _PASSWORD_IN_URL.sub(r"\1[removed]@", text)
    text = _INVITATION.sub(r"\1[removed]", text)
    text = _EMAIL.sub("[e-mail removed]", text)
    return _IPV4.sub(_short_ipv4, text)


def _short_ipv4(match: re.Match[str]) -> str:
    network = match.group(1)
    return match.group(0) if network in {"127.0.0", "0.0.0"} else f"{network}.0"


def shortened(address: str) -> str:
    """Return the network of a client address: /24 of IPv4, /48 of IPv6; "" for anything else."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    prefix = 24 if parsed.version == 4 else 48  # noqa: PLR2004 -- the version of the Internet Protocol
    return str(ipaddress.ip_network((parsed, prefix), strict=False).network_address)
