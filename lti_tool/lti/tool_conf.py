"""PyLTI1p3's view of our registrations. Its objects are made for one request: it writes fetched keys into them."""

from __future__ import annotations

from typing import Any

from pylti1p3.deployment import Deployment
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lti_tool.domain.registration import Registration
from lti_tool.lti.ports import Registrations
from lti_tool.lti.request import PlainRequest


class OneRegistration(ToolConfAbstract[PlainRequest]):
    """Knows the one registration that a request was proved to belong to.

    PyLTI1p3 asks by issuer and the token's audience; the answer never depends on what a token claims.
    """

    def __init__(self, registration: Registration, registrations: Registrations) -> None:
        self._registration = registration
        self._registrations = registrations

    def check_iss_has_one_client(self, iss: str) -> bool:  # noqa: ARG002 -- PyLTI1p3's signature
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:  # noqa: ARG002 -- PyLTI1p3's signature
        return True

    def find_registration_by_issuer(self, *_args: Any, **_kwargs: Any) -> LibraryRegistration:
        ours = self._registration
        made = LibraryRegistration().set_issuer(ours.issuer).set_client_id(ours.client_id)
        made.set_auth_token_url(ours.auth_token_url).set_key_set_url(ours.jwks_url)
        return made.set_auth_login_url(ours.auth_login_url.partition("?")[0])

    def find_registration_by_params(self, *_args: Any, **_kwargs: Any) -> LibraryRegistration:
        return self.find_registration_by_issuer()

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:  # noqa: ARG002 -- as above
        return Deployment().set_deployment_id(deployment_id) if self.deployment_active(deployment_id) else None

    def find_deployment_by_params(self, iss: str, deployment_id: str, *_args: Any, **_kwargs: Any) -> Deployment | None:
        return self.find_deployment(iss, deployment_id)

    def deployment_active(self, deployment_id: str) -> bool | None:
        """Return what PyLTI1p3 cannot say: approved, switched off, or never heard of (None)."""
        return self._registrations.deployment_active(self._registration, deployment_id)
