"""A person who launches, reads and takes a quiz, or a forger; both tell what was answered."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from bad_launches import BAD, Attack
from launch import first_page
from platform_double import Platform

from lti_tool.curriculum.model import Quiz
from tests.faults.crowd import Answer, Learner, answers_of

COOKIE = "lti-login"


class WrongAnswerError(Exception):
    """The tool answered otherwise than it must."""


class Visitor:
    """One person of one platform; each launch begins in a browser without cookies."""

    def __init__(self, platform: Platform, tool_url: str, subject: str, module: str) -> None:
        self._platform = platform
        self._tool_url = tool_url
        self.subject = subject
        self._module = module
        self.browser = Learner(subject, platform.url)

    def launch(self) -> None:
        """Login, the platform's page, launch, first page."""
        self.browser = Learner(self.subject, self._platform.url)
        form, _ = self._message()
        answer = self._expect(200, self.browser.post(self._target, form))
        self.browser.launch_url = answer.url

    def read(self) -> None:
        """The first page of the module, and the overview again."""
        for page in (f"modules/{self._module}/{first_page()}", ""):
            self._expect(200, self.browser.get(self.browser.launch_url + page))

    def take_quiz(self, quiz: Quiz, number: int) -> None:
        """Answer and hand in; returns once the tool has said that it has the result."""
        self.browser.begin_quiz(self._module)
        self.browser.answer(answers_of(number, quiz))
        self._expect(200, self.browser.submit())

    def attack(self, kind: str) -> None:
        """Launch in a bad way; raises unless the tool refuses with the right code and opens nothing."""
        self.browser = Learner(self.subject, self._platform.url)
        code, spoil = BAD[kind]
        attack = Attack(self._platform, {}, {})
        if code.startswith("login."):
            spoil(attack)
            answer = self.browser.post(f"{self._tool_url}/lti/login", self._login() | attack.login)
        else:
            attack.form, attack.claims = self._message(names_deployment=kind != "unknown deployment")
            spoil(attack)
            if attack.first:
                self._expect(200, self.browser.post(self._target, attack.form))
                self._forget("launch")
            self._take_cookie(attack.cookie)
            answer = self.browser.post(self._target, attack.form)
        opened = [name for _, _, name in self.browser.jar if name == "launch"]
        if opened or (attack.cookie != "none" and (answer.status < 400 or code not in answer.text)):
            raise WrongAnswerError(f"{kind}: {answer.status}, opened {opened}, wanted {code}: {answer.text[:300]}")

    @property
    def _target(self) -> str:
        return f"{self._tool_url}/lti/launch"

    def _login(self) -> dict[str, str]:
        return {
            "iss": self._platform.url,
            "client_id": self._platform.client_id,
            "login_hint": self.subject,
            "lti_message_hint": "1",
            "target_link_uri": self._target,
            "lti_deployment_id": "1",
        }

    def _message(self, *, names_deployment: bool = True) -> tuple[dict[str, str], dict[str, object]]:
        login = self._login()
        if not names_deployment:
            del login["lti_deployment_id"]  # or the token would be said to belong to another login
        answer = self._expect(200, self.browser.post(f"{self._tool_url}/lti/login", login))
        asked = parse_qs(urlsplit(answer.url).query)
        claims = self._platform.claims(asked["nonce"][0], self._target, self.subject)
        return {"state": asked["state"][0], "id_token": self._platform.signed(claims)}, claims

    def _take_cookie(self, which: str) -> None:
        if which == "none":
            self._forget(COOKIE)
        if which == "wrong":
            self.browser.jar = {key: "w" * 32 if key[2] == COOKIE else value for key, value in self.browser.jar.items()}

    def _forget(self, name: str) -> None:
        self.browser.jar = {key: value for key, value in self.browser.jar.items() if key[2] != name}

    def _expect(self, status: int, answer: Answer) -> Answer:
        if answer.status != status:
            raise WrongAnswerError(f"{answer.url}: {answer.status} {answer.text[:300]}")
        return answer
