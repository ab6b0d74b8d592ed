"""A platform's services as AGS and NRPS use them: an access token, trusted addresses, pages (rows G11, G27, G28)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.registration import Registration
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.endpoints import is_trusted
from lti_tool.lti.link_header import next_url
from lti_tool.lti.ports import Answer, Outgoing
from lti_tool.lti.service_calls import call, refuse_transient

MOST_PAGES = 100


class PlatformService:
    """Sends authorised requests to platforms; safe to share between threads."""

    def __init__(self, http: Outgoing, tokens: AccessTokens) -> None:
        self._http = http
        self._tokens = tokens

    def send(
        self,
        registration: Registration,
        scope: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Answer:
        """Return the answer of a platform that is neither down nor busy, whatever else its status says.

        Raises:
            DeliveryFailed: the address is not this platform's, no token is given, no answer came.
        """
        if not is_trusted(registration, url):
            raise DeliveryFailed(FailureKind.PERMANENT, Reason.UNTRUSTED_ENDPOINT)

        def request(token: str) -> Answer:
            with_token = {**headers, "Authorization": f"Bearer {token}"}
            return call(self._http, registration, method, url, headers=with_token, body=body)

        answer = self._tokens.authorised(registration, scope, request)
        refuse_transient(answer)
        return answer

    def pages(self, registration: Registration, scope: str, url: str, *, accept: str) -> Iterator[Answer]:
        """Yield the pages of a container; stops at a loop and after a hundred, refuses a foreign host (G28).

        The reader looks at each answer's status before it asks for the next page.

        Raises:
            DeliveryFailed: as `send`.
        """
        seen: set[str] = set()
        page: str | None = url
        while page is not None and page not in seen and len(seen) < MOST_PAGES:
            seen.add(page)
            answer = self.send(registration, scope, "GET", page, headers={"Accept": accept})
            yield answer
            page = next_url(answer, page)
