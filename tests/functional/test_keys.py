"""The tool's own keys: published before they sign, and until the last token they signed is over (rows K1 to K3)."""

from __future__ import annotations

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import func, select

from lti_tool.db.models import AuditEntry, ToolKey
from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.ports import Answer
from lti_tool.lti.scopes import SCORE
from lti_tool.services.housekeeping import Housekeeping
from lti_tool.services.tool_keys import FRESH_SECONDS, KeyRing, ToolKeys, UnreadableKey
from tests.factories.network import Network, reply
from tests.factories.visit import BASE_URL


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


def secret(tool):
    return tool.settings.secret_key.get_secret_value()


def rotate(tool, extension, **how):
    with extension.sessions.begin() as session:
        life = KeyRing(session, tool.clock, secret(tool)).rotate(**how)
    extension.tool_keys.forget()
    return life


def published(tool):
    tool.app.extensions["smartcity"].tool_keys.forget()
    answer = tool.client.get("/lti/jwks", base_url=BASE_URL)
    return answer.json["keys"]


def kids(tool):
    return [key["kid"] for key in published(tool)]


def assertion(tool, extension):
    """What the worker would send to a platform's token endpoint at this moment."""
    network = Network()
    registration = extension.registrations.by_id(tool.platform.registration_id)
    network.serve(registration.auth_token_url, reply({"access_token": "t", "token_type": "bearer", "expires_in": 3600}))
    tokens = AccessTokens(network, extension.tool_keys, tool.clock)
    tokens.authorised(registration, SCORE, lambda _: Answer(200, {}, b""))
    return network.calls[0].form["client_assertion"]


def opens(tool, token):
    """Whether a platform that fetches the key set now can verify a token."""
    keys = KeySet.import_key_set({"keys": published(tool)})
    try:
        return bool(jwt.decode(token, keys, algorithms=["RS256"]).claims)
    except JoseError:
        return False


@pytest.mark.parametrize("row", [pytest.param("K1", id="K1")])
def test_a_token_in_flight_stays_verifiable_after_its_key_was_replaced(tool, extension, row):
    before = kids(tool)
    rotate(tool, extension)
    tool.clock.turn(hours=23, minutes=59, seconds=55)
    in_flight = assertion(tool, extension)
    tool.clock.turn(minutes=1)
    assert extension.tool_keys.signing_key().kid not in before
    assert opens(tool, in_flight)
    tool.clock.turn(hours=23)
    assert opens(tool, in_flight)
    tool.clock.turn(hours=1)
    assert not opens(tool, in_flight)
    assert opens(tool, assertion(tool, extension))


@pytest.mark.parametrize("row", [pytest.param("K2", id="K2")])
def test_the_key_set_shows_public_members_only_and_may_be_kept(tool, extension, row):
    rotate(tool, extension)
    keys = published(tool)
    assert len(keys) == 2
    for key in keys:
        assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
        assert len(key["n"]) * 6 >= 3072
    answer = tool.client.get("/lti/jwks", base_url=BASE_URL)
    assert answer.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("row", [pytest.param("K3", id="K3")])
def test_keys_stored_with_another_secret_are_refused(tool, extension, row):
    with pytest.raises(UnreadableKey, match="SMARTCITY_SECRET_KEY"):
        ToolKeys(extension.sessions, tool.clock, "another secret, long enough to be one")


def test_the_next_key_is_published_a_day_before_it_signs(tool, extension):
    (old,) = kids(tool)
    life = rotate(tool, extension)
    assert kids(tool) == [old, life.kid]
    assert extension.tool_keys.signing_key().kid == old
    tool.clock.turn(hours=23, minutes=59)
    assert extension.tool_keys.signing_key().kid == old
    tool.clock.turn(minutes=1)
    assert extension.tool_keys.signing_key().kid == life.kid


def test_only_one_next_key_waits_and_now_brings_it_forward(tool, extension):
    life = rotate(tool, extension)
    with pytest.raises(Refusal) as refused:
        rotate(tool, extension)
    assert refused.value.code is Code.KEYS_NEXT_WAITING
    assert rotate(tool, extension, now=True).kid == life.kid
    tool.clock.turn(minutes=1)
    assert len(kids(tool)) == 2
    assert extension.tool_keys.signing_key().kid == life.kid


def test_now_still_lets_every_process_publish_the_key_before_one_signs_with_it(tool, extension):
    (old,) = kids(tool)
    life = rotate(tool, extension, now=True)
    assert kids(tool) == [old, life.kid]
    tool.clock.turn(seconds=FRESH_SECONDS)
    assert extension.tool_keys.signing_key().kid == old


def test_a_running_process_learns_of_a_rotation_within_half_a_minute(tool, extension):
    elapsed = 0.0
    keys = ToolKeys(extension.sessions, tool.clock, secret(tool), lambda: elapsed)
    life = rotate(tool, extension)
    elapsed = FRESH_SECONDS - 1
    assert life.kid not in [key["kid"] for key in keys.public_jwks()["keys"]]
    elapsed = FRESH_SECONDS + 1
    assert life.kid in [key["kid"] for key in keys.public_jwks()["keys"]]


def test_a_process_keeps_its_keys_while_the_database_holds_one_it_cannot_read(tool, extension):
    before = kids(tool)
    with extension.sessions.begin() as session:
        row = session.scalars(select(ToolKey)).one()
        session.add(ToolKey(kid="foreign", private_key=b"x" * 32, created_at=row.created_at, signs_from=row.signs_from))
    assert kids(tool) == before


def test_the_worker_deletes_a_key_once_it_is_no_longer_published(tool, extension):
    rotate(tool, extension)
    for hours, left in ((47, 2), (2, 1)):
        tool.clock.turn(hours=hours)
        with extension.sessions.begin() as session:
            Housekeeping(session, tool.clock).sweep()
            assert session.scalar(select(func.count()).select_from(ToolKey)) == left
    (left,) = kids(tool)
    assert extension.tool_keys.signing_key().kid == left


def test_a_clock_that_was_set_back_leaves_a_key_to_sign_with(tool, extension):
    tool.clock.turn(days=-3)
    assert extension.tool_keys.signing_key().kid in kids(tool)


def test_keys_lie_encrypted_in_the_database(tool, extension):
    with extension.sessions() as session:
        assert b"PRIVATE KEY" not in session.scalars(select(ToolKey.private_key)).one()
        assert session.scalars(select(AuditEntry)).all() == []
