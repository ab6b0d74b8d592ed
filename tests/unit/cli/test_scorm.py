"""`smartcity scorm`: packages on disk, and one German sentence for each thing that goes wrong."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import zipfile

from lti_tool.packaged import PACKAGED_CONTENT


def test_a_package_is_built_told_and_passes_the_check(smartcity, tmp_path):
    done = smartcity("scorm", "build", "datenrecht", "--out", "pakete", "--json")
    assert done.code == 0, done.err
    (row,) = json.loads(done.out)
    data = (tmp_path / row["file"]).read_bytes()
    assert row == {
        "file": "pakete/datenrecht-scorm12.zip",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    checked = smartcity("scorm", "verify", row["file"])
    assert (checked.code, checked.out) == (0, "0 Fehler, 0 Warnungen in 1 Dateien\n")


def test_every_module_and_a_certification_can_be_built_in_both_editions(smartcity, tmp_path):
    done = smartcity("scorm", "build", "--all", "--edition", "2004", "--lang", "en")
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == len(list(tmp_path.glob("*-scorm2004-en.zip"))) >= 2
    done = smartcity("scorm", "build", "--certification", "manager")
    assert done.code == 0, done.err
    with zipfile.ZipFile(tmp_path / "manager-scorm12.zip") as packed:
        assert {"m01/index.html", "m02/index.html"} <= set(packed.namelist())


def test_cmi5_packages_and_signposts_are_built_and_pass_the_check(smartcity, tmp_path):
    place = "https://lernen.stadt.example/{module}"
    assert smartcity("scorm", "build", "--certification", "manager", "--edition", "cmi5").code == 0
    assert smartcity("scorm", "build", "datenrecht", "--edition", "2004-3", "--thin", place).code == 0
    checked = smartcity("scorm", "verify", "manager-cmi5.zip", "datenrecht-scorm2004-3-thin.zip")
    assert (checked.code, checked.out) == (0, "0 Fehler, 0 Warnungen in 2 Dateien\n")


def test_wrong_wishes_are_one_sentence_each(smartcity, tmp_path):
    (tmp_path / "datei").touch()
    smartcity("scorm", "build", "datenrecht")
    for arguments, said in {
        ("quatsch",): "Das Modul quatsch gibt es nicht. Es gibt: ",
        ("--certification", "quatsch"): "Die Zertifizierung quatsch gibt es nicht. Es gibt: ",
        (): "Nennen Sie Module, oder geben Sie --all oder --certification an.",
        ("datenrecht", "--all"): "Nennen Sie Module, oder geben Sie --all oder --certification an.",
        ("datenrecht", "--edition", "3"): "--edition kennt „3“ nicht; möglich sind 1.2, 2004, 2004-3, cmi5.",
        ("datenrecht", "--reporting", "ja"): "--reporting kennt „ja“ nicht; möglich sind passed-incomplete, ",
        ("datenrecht", "--thin", "http://a.example"): "--thin http://a.example: Die Adresse muss mit https:// beginnen",
        ("datenrecht", "--lang", "fr"): "--lang kennt „fr“ nicht; möglich sind de, en.",
        ("datenrecht", "--mastery", "0"): "Der Wert für --mastery passt nicht",
        ("datenrecht", "--content", "fehlt"): "Den Ordner fehlt gibt es nicht.",
        ("datenrecht",): "datenrecht-scorm12.zip gibt es schon. Mit --force wird die Datei ersetzt.",
        ("datenrecht", "--out", "datei"): "In den Ordner datei lässt sich nicht schreiben",
    }.items():
        done = smartcity("scorm", "build", *arguments)
        assert done.code != 0
        assert done.err.startswith("Fehler: ")
        assert said in done.err
        assert len(done.err.splitlines()) == 1


def test_content_with_errors_is_not_packed(smartcity, tmp_path):
    (tmp_path / "inhalt").mkdir()
    (tmp_path / "inhalt" / "catalogue.yaml").write_text("modules: [fehlt]\n")
    done = smartcity("scorm", "build", "--all", "--content", "inhalt")
    assert done.code == 1
    assert "smartcity content check inhalt nennt sie" in done.err


def test_a_module_is_packed_whatever_is_wrong_with_another_one(smartcity, tmp_path):
    shutil.copytree(PACKAGED_CONTENT, tmp_path / "inhalt")
    (tmp_path / "inhalt" / "modules" / "ki-kommune" / "quiz.yaml").write_text("questions: kaputt\n")
    done = smartcity("scorm", "build", "datenrecht", "--content", "inhalt")
    assert done.code == 0, done.err
    done = smartcity("scorm", "build", "ki-kommune", "--content", "inhalt")
    assert done.code == 1
    assert "modules/ki-kommune/quiz.yaml" in done.err


def test_nothing_is_built_where_one_of_the_files_is_there_already(smartcity, tmp_path):
    (tmp_path / "datenrecht-scorm12.zip").write_bytes(b"alt")
    done = smartcity("scorm", "build", "vergabe-vertraege", "datenrecht")
    assert done.code == 1
    assert done.err == "Fehler: datenrecht-scorm12.zip gibt es schon. Mit --force wird die Datei ersetzt.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["datenrecht-scorm12.zip"]


def _limited(folder, limits):
    """Build where a file may not grow beyond 100 KiB, as on a disk that is full."""
    build = ["scorm", "build", "datenrecht", "--out", "pakete"]
    program = f"import resource, signal, sys; {limits}; sys.argv[1:] = {build}; from lti_tool.cli import main; main()"
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)


FULL = "resource.setrlimit(resource.RLIMIT_FSIZE, (102400, 102400))"
KILLED = f"{FULL}; signal.signal(signal.SIGXFSZ, signal.SIG_DFL)"


def test_a_disk_that_is_full_is_one_sentence_and_leaves_nothing(tmp_path):
    done = _limited(tmp_path, FULL)
    assert done.returncode == 1
    assert done.stderr.startswith("Fehler: pakete/datenrecht-scorm12.zip ließ sich nicht schreiben: ")
    assert len(done.stderr.splitlines()) == 1
    assert list((tmp_path / "pakete").iterdir()) == []


def test_a_build_killed_while_it_writes_leaves_no_archive_and_the_next_one_tidies_up(smartcity, tmp_path):
    assert _limited(tmp_path, KILLED).returncode == -signal.SIGXFSZ
    assert [path.suffix for path in (tmp_path / "pakete").iterdir()] == [".part"]
    done = smartcity("scorm", "build", "datenrecht", "--out", "pakete")
    assert done.code == 0, done.err
    assert [path.name for path in (tmp_path / "pakete").iterdir()] == ["datenrecht-scorm12.zip"]


def test_a_day_that_is_none_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "gestern")
    done = _limited(tmp_path, "0")
    assert done.stderr == "Fehler: SOURCE_DATE_EPOCH ist keine Zahl von Sekunden seit 1970.\n"


def test_findings_in_a_package_are_told_with_reason_and_mend(smartcity, tmp_path):
    with zipfile.ZipFile(tmp_path / "fremd.zip", "w") as packed:
        packed.writestr("index.html", "<p>x</p>")
    done = smartcity("scorm", "verify", "fremd.zip")
    assert done.code == 1
    assert "Fehler:   fremd.zip: imsmanifest.xml: imsmanifest.xml fehlt – die Datei klein geschrieben" in done.out
    rows = json.loads(smartcity("scorm", "verify", "fremd.zip", "--json").out)
    assert {"package", "file", "severity", "what", "mend"} == set(rows[0])
    assert "lässt sich nicht lesen" in smartcity("scorm", "verify", "fehlt.zip").err
