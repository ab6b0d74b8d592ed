"""What an operator types, what comes back: one clear German sentence for each thing that goes wrong."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.request

import pytest

from lti_tool.db.upgrade import check_drift

PLATFORM = (
    "platform", "add", "--name", "Moodle", "--municipality", "Stadt Olpe", "--issuer", "https://moodle.example.org",
    "--client-id", "abc123", "--auth-url", "https://moodle.example.org/mod/lti/auth.php",
    "--token-url", "https://moodle.example.org/mod/lti/token.php",
    "--jwks-url", "https://moodle.example.org/mod/lti/certs.php", "--deployment-id", "1", "--deployment-id", "2",
)  # fmt: skip


def test_help_is_german_and_names_every_command(smartcity):
    done = smartcity("--help")
    assert done.code == 0
    assert "Aufruf: " in done.out
    for command in ("run", "serve", "worker", "db", "platform", "content"):
        assert f"\n  {command} " in done.out
    assert not {"Usage", "Options", "Commands", "Show this message"} & set(done.out.split())


def test_help_loads_neither_web_framework_nor_database(smartcity, bare_environment, tmp_path):

    program = "import sys, lti_tool.cli; print({'flask', 'sqlalchemy', 'pydantic', 'requests'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["servee"], "Den Befehl „servee“ gibt es nicht. Meinten Sie serve?"),
        (
            ["run", "--prt", "1"],
            "Die Option --prt gibt es nicht. Meinten Sie --port oder --lms-port? Hilfe: smartcity run --help",
        ),
        (["run", "--port", "many"], "Der Wert für --port passt nicht"),
        (["run", "--port", "70000"], "Der Wert für --port passt nicht"),
        (["platform", "add", "--name", "x"], "Die Angabe --issuer fehlt."),
    ],
)
def test_a_wrong_use_is_explained_in_one_line(smartcity, arguments, sentence):
    done = smartcity(*arguments)
    assert done.code == 2
    assert done.err.startswith(f"Fehler: {sentence}")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["db", "upgrade"], ["platform", "list"]])
def test_without_settings_each_command_lists_all_that_is_missing(smartcity, command):
    done = smartcity(*command, LOG_LEVEL="loud")
    assert done.code == 1
    assert "Traceback" not in done.err
    for name in ("BASE_URL", "DATABASE_URL", "SECRET_KEY", "LOG_LEVEL"):
        assert f"  SMARTCITY_{name}: " in done.err


def test_the_database_is_brought_up_to_date(smartcity, complete, tmp_path):
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    done = smartcity("db", "upgrade", **complete | {"DATABASE_URL": url})
    assert (done.code, done.out) == (0, "Die Datenbank ist auf dem neuesten Stand.\n")
    check_drift(url)


def test_a_database_that_cannot_be_opened_is_one_sentence(smartcity, complete):
    done = smartcity("db", "upgrade", **complete | {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"})
    assert done.code == 1
    assert done.err.startswith("Fehler: Die Datenbank antwortet nicht wie erwartet (unable to open database file)")
    assert len(done.err.splitlines()) == 1


def test_a_server_that_refuses_is_told_without_the_password(smartcity, complete):
    url = "postgresql://smartcity:geheim@127.0.0.1:9/smartcity"
    done = smartcity("db", "upgrade", **complete | {"DATABASE_URL": url})
    assert done.code == 1
    assert "geheim" not in done.err
    assert len(done.err.splitlines()) == 1


def test_an_older_database_is_told_how_to_be_mended(smartcity, complete, tmp_path):
    done = smartcity("platform", "list", **complete | {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"})
    assert done.code == 1
    assert "smartcity db upgrade" in done.err


@pytest.mark.both_databases
def test_a_platform_that_was_added_is_listed_with_its_deployments(smartcity, complete):
    assert "Noch ist kein LMS angebunden" in smartcity("platform", "list", **complete).out

    added = smartcity(*PLATFORM, **complete)
    assert added.code == 0, added.err
    assert "https://lernen.example.org/lti/login" in added.out
    smartcity(*PLATFORM, **complete)

    listed = smartcity("platform", "list", **complete).out
    assert listed.count("https://moodle.example.org, Client-ID abc123, Deployments 1, 2") == 1
    assert "Moodle (Stadt Olpe), aktiv" in listed


def test_a_platform_with_unusable_addresses_is_refused_naming_the_options(smartcity, complete):
    faulty = [word.replace("https://moodle.example.org/mod/lti/", "http://moodle.example.org/") for word in PLATFORM]
    done = smartcity(*faulty, **complete)
    assert done.code == 1
    assert "--auth-url und --token-url und --jwks-url: keine https-Adresse" in done.err
    assert "Noch ist kein LMS" in smartcity("platform", "list", **complete).out


def test_the_packaged_content_is_free_of_errors(smartcity):
    done = smartcity("content", "check")
    assert done.code == 0, done.out


def test_broken_content_is_reported_with_file_and_line_also_as_json(smartcity, tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "catalogue.yaml").write_text("modules: [\n")
    text = smartcity("content", "check", str(folder))
    assert text.code == 1
    assert "catalogue.yaml:" in text.out
    found = json.loads(smartcity("content", "check", str(folder), "--json").out)
    assert {"file", "line", "column", "severity", "what", "mend"} == set(found[0])


def test_a_missing_content_folder_is_one_sentence(smartcity):
    done = smartcity("content", "check", "nirgends")
    assert done.code == 1
    assert done.err.startswith("Fehler: Den Ordner nirgends gibt es nicht.")


def test_a_taken_port_is_one_sentence(smartcity):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = smartcity("run", "--port", port)
        assert done.code == 1
        assert done.err == (
            f"Fehler: Port {port} ist nicht frei (Address already in use). Wählen Sie mit --port einen anderen.\n"
        )
        assert "--lms-port" in smartcity("run", "--port", "0", "--lms-port", port).err


def test_a_folder_that_cannot_be_written_is_one_sentence(smartcity, tmp_path):
    (tmp_path / "var").write_text("a file, not a folder")
    done = smartcity("run", "--port", "0", "--lms-port", "0")
    assert done.code == 1
    assert done.err.startswith("Fehler: In den Ordner var lässt sich nicht schreiben")
    assert len(done.err.splitlines()) == 1


def test_faulty_content_stops_the_server_with_all_problems_and_no_traceback(smartcity, complete, tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "catalogue.yaml").write_text("modules: [\n")
    done = smartcity("serve", **complete | {"CONTENT_DIR": str(folder), "BIND": "127.0.0.1:0"})
    assert done.code != 0
    assert "catalogue.yaml:" in done.err
    assert "Traceback" not in done.err


@pytest.mark.both_databases
def test_serve_answers_and_ends_cleanly_when_told(complete, bare_environment, tmp_path):
    settings = {f"SMARTCITY_{name}": value for name, value in (complete | {"BIND": "127.0.0.1:0"}).items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "lti_tool.cli", "serve"],
        cwd=tmp_path,
        env=bare_environment | settings,
        stderr=subprocess.PIPE,
        text=True,
    )
    listening = next(record for line in process.stderr if "Listening" in (record := json.loads(line)["event"]))
    with urllib.request.urlopen(f"{re.search(r'http://[0-9.:]+', listening).group()}/healthz") as answer:
        assert answer.status == 200
    process.terminate()
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 0
    assert {json.loads(line)["level"] for line in rest.splitlines()} == {"info"}


def test_rosters_are_read_only_where_switched_on_and_shown_without_names(smartcity, complete):
    smartcity(*PLATFORM, **complete)
    off = "Teilnehmendenlisten werden nicht gelesen."
    assert off in smartcity("platform", "rosters", "1", **complete).out
    smartcity(*PLATFORM, "--roster", **complete)
    smartcity(*PLATFORM, **complete)
    assert smartcity("platform", "rosters", "1", **complete).out.startswith("Noch keine Liste."), "left as it is"
    smartcity(*PLATFORM, "--no-roster", **complete)
    assert off in smartcity("platform", "rosters", "1", **complete).out


def test_rosters_of_a_platform_that_does_not_exist_are_explained(smartcity, complete):
    done = smartcity("platform", "rosters", "7", **complete)
    assert done.code == 1
    assert "Ein LMS mit der Nummer 7 gibt es nicht." in done.err
