"""The country's rows, table by table, as text for COPY: the prototype's rows with other keys and days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from benchmarks.scale.country import ATTEMPT, COLUMN, CONTEXT, COURSE, LINK, MODULES_EACH, SESSION, USER, Town, uuid
from benchmarks.scale.prototype import STORIES, Prototype

MOST_TRIES = 4
DAYS = tuple(tuple(range(300 - 60 * half, 240 - 60 * half, -10)) for half in range(MODULES_EACH))
"""Days ago on which the first to fifth module was taken: all towns take turns, so rows of one person lie apart."""
IDLE_EVERY, IN_SESSION_EVERY, STATE_EVERY = 1000, 20, 1000
"""One learner in so many was last here five years ago, is in a session, has just logged in."""


class Country:
    """Writes the rows of all towns."""

    def __init__(self, towns: Sequence[Town], modules: Sequence[str], rows: Prototype, answers_every: int) -> None:
        self._towns = towns
        self._modules = modules
        self._rows = rows
        self._answers_every = answers_every
        self._links = {row["id"]: row["module_id"] for row in rows["resource_link"]}
        self._users = [row["id"] for row in sorted(rows["lti_user"], key=lambda row: row["subject"])]

    def columns(self, table: str) -> str:
        return ", ".join(self._rows[table][0].columns)

    @property
    def tables(self) -> dict[str, Callable[[], Iterator[str]]]:
        """Everything but attempts, which fill a connection of their own."""
        return {
            "municipality": self._municipalities,
            "registration": self._registrations,
            "deployment": self._deployments,
            "lti_user": self._people,
            "context": self._courses,
            "membership": self._memberships,
            "resource_link": self._activities,
            "line_item": self._columns,
            "launch_session": self._sessions,
            "burnt_state": self._states,
            "score_delivery": self._deliveries,
            "module_progress": self._progress,
            "page_visit": self._visits,
            "response": self._answers,
        }

    def attempts(self) -> Iterator[str]:
        """All attempts of a module and person at a time; the newest modules come last, as they would have."""
        patterns = self._patterns("attempt")
        for half, town, learner, story, module in self._tries():
            day = learner % len(DAYS[half])
            user, link = uuid(USER, learner), self._link(town, learner, module)
            lines = patterns[story][module][half][day]
            first = (learner * MODULES_EACH + half) * MOST_TRIES
            for number, line in enumerate(lines):
                yield line % (town.number, uuid(ATTEMPT, first + number), user, link)

    def _answers(self) -> Iterator[str]:
        owners = {row["id"]: (row["user_id"], row["module_id"], int(row["number"])) for row in self._rows["attempt"]}
        lines: dict[tuple[int, int], list[tuple[int, str]]] = {}
        for row in self._rows["response"]:
            user, module, number = owners[row["attempt_id"]]
            key = (self._users.index(user), self._modules.index(module))
            lines.setdefault(key, []).append((number - 1, row.template(30)))
        for half, town, learner, story, module in self._tries():
            if learner % self._answers_every == 0:
                first = (learner * MODULES_EACH + half) * MOST_TRIES
                for number, line in lines[story, module]:
                    yield line % (town.number, uuid(ATTEMPT, first + number))

    def _progress(self) -> Iterator[str]:
        patterns = self._patterns("module_progress")
        for half, town, learner, story, module in self._tries():
            for line in patterns[story][module][half][learner % len(DAYS[half])]:
                yield line % (town.number, uuid(USER, learner))

    def _visits(self) -> Iterator[str]:
        patterns = self._patterns("page_visit")
        for half, town, learner, story, module in self._tries():
            owner = (town.number, uuid(USER, learner))
            for line in patterns[story][module][half][0]:
                yield line % owner

    def _deliveries(self) -> Iterator[str]:
        patterns = self._patterns("score_delivery")
        for half, town, learner, story, module in self._tries():
            for line in patterns[story][module][half][learner % len(DAYS[half])]:
                yield line % (town.number, self._link(town, learner, module, COLUMN), uuid(USER, learner))

    def _tries(self) -> Iterator[tuple[int, Town, int, int, int]]:
        """Who takes which module in which half year, and how it goes."""
        count = len(self._modules)
        for half in range(MODULES_EACH):
            for town in self._towns:
                for learner in range(town.first, town.first + town.learners):
                    story = 2 if learner % 10 == 0 else learner % 2
                    yield half, town, learner, story, (learner + half * 2) % count

    def _patterns(self, table: str) -> list[list[list[list[list[str]]]]]:
        """Lines by story, module, half year and day."""
        lines: list[list[list[list[list[str]]]]] = [
            [[[[] for _ in days] for days in DAYS] for _ in self._modules] for _ in STORIES
        ]
        columns = {row["id"]: row["resource_link_id"] for row in self._rows["line_item"]}
        ordered = (
            sorted(self._rows[table], key=lambda row: int(row["number"])) if table == "attempt" else self._rows[table]
        )
        for row in ordered:
            story = self._users.index(row["user_id"])
            name = self._links[columns[row["line_item_id"]]] if table == "score_delivery" else row["module_id"]
            for half, days in enumerate(DAYS):
                for at, day in enumerate(days):
                    line = row.template(day)
                    lines[story][self._modules.index(name)][half][at].append(line)
        return lines

    def _municipalities(self) -> Iterator[str]:
        line = self._rows["municipality"][0].template()
        for town in self._towns:
            yield line % (town.number, f"Stadt Nr. {town.number}")

    def _registrations(self) -> Iterator[str]:
        row = self._rows["registration"][0]
        line = row.template()
        for town in self._towns:
            issuer = issuer_of(town.number)
            yield line % (town.number, town.number, f"Moodle {town.number}", issuer, f"{issuer}/mod/lti/certs.php")

    def _deployments(self) -> Iterator[str]:
        line = self._rows["deployment"][0].template()
        for town in self._towns:
            yield line % town.number

    def _people(self) -> Iterator[str]:
        row = self._rows["lti_user"][0]
        line = row.template(300, seen_in=row["seen_in"])
        idle = row.template(1900)
        for town in self._towns:
            for learner in range(town.first, town.first + town.learners):
                number = learner - town.first
                wanted = idle if learner % IDLE_EVERY == 7 else line
                yield wanted % (town.number, uuid(USER, learner), number, f"Lea Lernfeld {number}")

    def _courses(self) -> Iterator[str]:
        line = self._rows["context"][0].template()
        for town in self._towns:
            for course in range(town.courses):
                yield line % (town.number, uuid(CONTEXT, town.first_course + course), course)

    def _memberships(self) -> Iterator[str]:
        line = self._rows["membership"][0].template()
        for town in self._towns:
            for number in range(town.learners):
                context = uuid(CONTEXT, town.first_course + number // COURSE)
                yield line % (town.number, context, uuid(USER, town.first + number))

    def _activities(self) -> Iterator[str]:
        lines = {self._modules.index(row["module_id"]): row.template() for row in self._rows["resource_link"]}
        for town in self._towns:
            for course in range(town.courses):
                for module, line in lines.items():
                    number = (town.first_course + course) * len(self._modules) + module
                    context = uuid(CONTEXT, town.first_course + course)
                    yield line % (town.number, uuid(LINK, number), f"{course}-{module}", context)

    def _columns(self) -> Iterator[str]:
        lines = {
            self._modules.index(self._links[row["resource_link_id"]]): row.template() for row in self._rows["line_item"]
        }
        for town in self._towns:
            for course in range(town.courses):
                for module, line in lines.items():
                    number = (town.first_course + course) * len(self._modules) + module
                    yield line % (town.number, uuid(COLUMN, number), uuid(LINK, number))

    def _sessions(self) -> Iterator[str]:
        line = self._rows["launch_session"][0].template()
        for town in self._towns:
            for learner in range(town.first, town.first + town.learners):
                if learner % IN_SESSION_EVERY == 1:
                    context = uuid(CONTEXT, town.first_course + (learner - town.first) // COURSE)
                    link = self._link(town, learner, 0)
                    yield line % (
                        town.number,
                        uuid(SESSION, learner),
                        uuid(USER, learner),
                        context,
                        link,
                        f"{learner:064}",
                    )

    def _states(self) -> Iterator[str]:
        line = self._rows["burnt_state"][0].template()
        for town in self._towns:
            for learner in range(town.first, town.first + town.learners):
                if learner % STATE_EVERY == 1:
                    yield line % (town.number, f"state-{learner}")

    def _link(self, town: Town, learner: int, module: int, kind: int = LINK) -> str:
        course = town.first_course + (learner - town.first) // COURSE
        return uuid(kind, course * len(self._modules) + module)


def issuer_of(town: int) -> str:
    return f"https://lms-{town}.example"
