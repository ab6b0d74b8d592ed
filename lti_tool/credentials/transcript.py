"""A transcript as one signed file: a Comprehensive Learner Record 2.0 (1EdTech) of Open Badges 3.0, as VC-JWT.

The parts have no signatures of their own: nobody shall take one out and present it without the code that binds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_OID, UUID, uuid5

from lti_tool.credentials.badge import KeyPair, did_of, signer_of
from lti_tool.domain.transcripts import PassedModule, Transcript

CODE_KIND = "ext:transcriptCode"
CODE_DIGEST = "scrypt$"
TOWN_KIND = "ext:town"
MEDIA_TYPE = "application/vc+jwt"

_PASSED = "Das Modul wurde bestanden."


class TranscriptFiles:
    """Makes and signs the transcripts of one tool."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self.did = did_of(base_url)

    def list_address(self, number: int) -> str:
        """Return the address of a list of revoked transcripts."""
        return f"{self._base_url}/v/transcripts/status/{number}"

    def token(self, transcript: Transcript, key: KeyPair) -> str:
        """Return the file; the same bytes each time."""
        from openbadgeslib.ob3.clr import build_clr_credential
        from openbadgeslib.ob3.status_list import status_entry

        document = build_clr_credential(
            {
                **self._profile(transcript.town.name),
                "url": self._base_url,
                "otherIdentifier": [
                    {"type": "IdentifierEntry", "identifier": transcript.town.id, "identifierType": TOWN_KIND}
                ],
            },
            [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": CODE_DIGEST + transcript.code.digest,
                    "identityType": CODE_KIND,
                    "salt": transcript.code.salt,
                }
            ],
            [self._part(transcript, module) for module in transcript.modules],
            credential_id=transcript.id,
            valid_from=transcript.issued_at,
            valid_until=transcript.valid_until,
            status=status_entry(transcript.status_list, "revocation", transcript.status_index),
        )
        claims = {
            "iss": self.did,
            "jti": transcript.id,
            "nbf": int(transcript.issued_at.timestamp()),
            "exp": int(transcript.valid_until.timestamp()),
        }
        return signer_of(key).sign_payload({**document, "name": "Lernnachweis", **claims})

    def _part(self, transcript: Transcript, module: PassedModule) -> Mapping[str, Any]:
        from openbadgeslib.ob3.clr import OB_V3_CONTEXT, VCDM_V2_CONTEXT

        return {
            "@context": [VCDM_V2_CONTEXT, OB_V3_CONTEXT],
            "id": f"urn:uuid:{uuid5(UUID(transcript.id), module.id)}",
            "type": ["VerifiableCredential", "AchievementCredential"],
            "name": module.title,
            "issuer": self._profile(transcript.town.name),
            "validFrom": _start(module.passed_on),
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "source": {
                    "id": f"urn:uuid:{uuid5(NAMESPACE_OID, module.town)}",
                    "type": ["Profile"],
                    "name": module.town,
                },
                "achievement": self._achievement(module),
                "result": [{"type": ["Result"], "status": "Completed"}],
            },
        }

    def _achievement(self, module: PassedModule) -> Mapping[str, Any]:
        return {
            "id": f"{self._base_url}/v/achievements/module/{quote(module.id)}",
            "type": ["Achievement"],
            "achievementType": "Course",
            "name": module.title,
            "description": module.title,
            "criteria": {"narrative": _PASSED},
            "humanCode": module.id,
            **({"version": module.version} if module.version else {}),
            "creditsAvailable": module.minutes / 60,
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetName": one.name,
                    "targetUrl": f"{self._base_url}/v/competences#{quote(one.tag)}",
                    "targetCode": one.tag,
                    "targetDescription": str(one.level),
                }
                for one in module.competences
            ],
        }

    def _profile(self, name: str) -> dict[str, Any]:
        return {"id": self.did, "type": ["Profile"], "name": name}


def _start(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat().replace("+00:00", "Z")
