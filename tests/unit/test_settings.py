"""The settings: every fault is named at once, with its variable and what to do."""

from __future__ import annotations

import pytest

from lti_tool.settings import PACKAGED_CONTENT, SettingsError, load_settings, variables

COMPLETE = {
    "SMARTCITY_BASE_URL": "https://lernen.example.org",
    "SMARTCITY_DATABASE_URL": "sqlite:////var/lib/smartcity/x.sqlite3",
    "SMARTCITY_SECRET_KEY": "k" * 32,
}


def faults(**changed):
    environ = COMPLETE | {f"SMARTCITY_{name}": value for name, value in changed.items()}
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return caught.value.faults


def test_three_variables_are_enough():
    settings = load_settings(COMPLETE | {"PATH": "/bin"})
    assert settings.base_url == "https://lernen.example.org"
    assert settings.secret_key.get_secret_value() == "k" * 32
    assert (settings.session_hours, settings.log_format, settings.login_rate) == (12, "json", "3000/minute")
    assert settings.content_dir == PACKAGED_CONTENT


def test_all_faults_are_reported_together_each_with_its_variable(tmp_path):
    with pytest.raises(SettingsError) as caught:
        load_settings(
            {
                "SMARTCITY_BASE_URL": "http://lernen.example.org",
                "SMARTCITY_SECRET_KEY": "short",
                "SMARTCITY_SESSION_HOURS": "0",
                "SMARTCITY_TRUSTED_PROXIES": "99",
                "SMARTCITY_WEB_THREADS": "many",
                "SMARTCITY_WORKER_INTERVAL": "1,5",
                "SMARTCITY_LOG_LEVEL": "loud",
                "SMARTCITY_LOGIN_RATE": "often",
                "SMARTCITY_CONTENT_DIR": str(tmp_path / "missing"),
                "SMARTCITY_OPERATR_NAME": "x",
            },
        )
    named = [fault.partition(":")[0].removeprefix("SMARTCITY_") for fault in caught.value.faults]
    assert named == [
        "BASE_URL", "CONTENT_DIR", "DATABASE_URL", "LOGIN_RATE", "LOG_LEVEL", "OPERATR_NAME", "SECRET_KEY",
        "SESSION_HOURS", "TRUSTED_PROXIES", "WEB_THREADS", "WORKER_INTERVAL",
    ]  # fmt: skip
    assert all(fault in str(caught.value) for fault in caught.value.faults)


def test_there_is_no_default_secret():
    with pytest.raises(SettingsError, match="SMARTCITY_SECRET_KEY: fehlt"):
        load_settings({name: value for name, value in COMPLETE.items() if name != "SMARTCITY_SECRET_KEY"})


@pytest.mark.parametrize(
    "url",
    [
        "https://lernen.example.org",
        "https://lernen.example.org:8443",
        "http://127.0.0.1:8000",
        "http://localhost",
        "http://[::1]:8000",
    ],
)
def test_an_origin_browsers_can_use_is_accepted(url):
    assert load_settings(COMPLETE | {"SMARTCITY_BASE_URL": url}).base_url == url


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("http://lernen.example.org", "Nötig ist https"),
        ("http://127.0.0.1.example.org", "Nötig ist https"),
        ("https://lernen.example.org/", "mehr als"),
        ("https://lernen.example.org/tool", "mehr als"),
        ("https://lernen.example.org?x=1", "mehr als"),
        ("https://me@lernen.example.org", "mehr als"),
        ("lernen.example.org", "keine Adresse"),
        ("ftp://lernen.example.org", "keine Adresse"),
        ("https://lernen.example.org:port", "keine Adresse"),
        ("https://[::1", "keine Adresse"),
    ],
)
def test_any_other_base_url_is_refused_with_the_reason(url, part):
    assert [part in fault for fault in faults(BASE_URL=url)] == [True]


def test_the_usual_spellings_of_postgresql_are_understood():
    for given in ("postgresql://u:p@h/d", "postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"):
        settings = load_settings(COMPLETE | {"SMARTCITY_DATABASE_URL": given})
        assert settings.database_url == "postgresql+psycopg://u:p@h/d"


@pytest.mark.parametrize("url", ["mysql://u:geheim@h/d", "sqlite://", "sqlite:///", "sqlite:///:memory:", "nonsense"])
def test_other_databases_are_refused_without_repeating_a_password(url):
    (fault,) = faults(DATABASE_URL=url)
    assert fault.startswith("SMARTCITY_DATABASE_URL: ")
    assert "geheim" not in fault


def test_private_hosts_are_a_list_separated_by_commas():
    settings = load_settings(COMPLETE | {"SMARTCITY_ALLOWED_PRIVATE_HOSTS": " Moodle.intern, ilias.intern ,"})
    assert settings.allowed_private_hosts == {"moodle.intern", "ilias.intern"}


def test_a_secret_can_come_from_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("s" * 40 + "\n")
    environ = {name: value for name, value in COMPLETE.items() if name != "SMARTCITY_SECRET_KEY"}
    settings = load_settings(environ | {"SMARTCITY_SECRET_KEY_FILE": str(file)})
    assert settings.secret_key.get_secret_value() == "s" * 40


def test_a_file_that_cannot_be_read_is_a_fault_of_its_own_and_named_once(tmp_path):
    environ = {name: value for name, value in COMPLETE.items() if name != "SMARTCITY_SECRET_KEY"}
    with pytest.raises(SettingsError) as caught:
        load_settings(environ | {"SMARTCITY_SECRET_KEY_FILE": str(tmp_path / "none")})
    (fault,) = caught.value.faults
    assert fault.startswith("SMARTCITY_SECRET_KEY: ")
    assert str(tmp_path / "none") in fault


def test_a_value_given_twice_is_refused(tmp_path):
    file = tmp_path / "name"
    file.write_text("Musterstadt")
    (fault,) = faults(OPERATOR_NAME="Musterdorf", OPERATOR_NAME_FILE=str(file))
    assert "SMARTCITY_OPERATOR_NAME_FILE" in fault


def test_an_unknown_variable_is_refused_with_the_name_that_was_meant():
    assert faults(SESION_HOURS="3") == [
        "SMARTCITY_SESION_HOURS: diese Einstellung gibt es nicht. Meinten Sie SMARTCITY_SESSION_HOURS?",
    ]
    assert faults(XYZ="3") == ["SMARTCITY_XYZ: diese Einstellung gibt es nicht. Entfernen Sie die Variable."]


def test_an_empty_variable_counts_as_absent():
    assert load_settings(COMPLETE | {"SMARTCITY_SESSION_HOURS": " "}).session_hours == 12


def test_neither_the_settings_nor_a_fault_show_the_secret():
    secret = "streng-geheimer-wert"
    assert secret not in " ".join(faults(SECRET_KEY=secret))
    assert secret not in repr(load_settings(COMPLETE | {"SMARTCITY_SECRET_KEY": secret * 2}))


def test_every_setting_says_what_it_is_for():
    assert all(len(description) > 20 for _, _, description in variables())


def test_a_contact_for_weaknesses_needs_an_address_and_a_day():
    assert faults(SECURITY_CONTACT="mailto:a@example.org") == [
        (
            "SMARTCITY_SECURITY_EXPIRES: fehlt. Nennen Sie den Tag, bis zu dem die Kontaktadresse gilt, "
            "zum Beispiel 2027-06-30."
        )
    ]
    assert "mailto:" in faults(SECURITY_CONTACT="a@example.org", SECURITY_EXPIRES="2027-06-30")[0]
    assert "kein Datum" in faults(SECURITY_EXPIRES="30.06.2027")[0]


def test_former_addresses_are_judged_like_the_present_one():
    given = {"SMARTCITY_FORMER_BASE_URLS": "https://a.example, https://b.example:8443"}
    assert load_settings(COMPLETE | given).former_base_urls == {"https://a.example", "https://b.example:8443"}
    assert "mehr als" in faults(FORMER_BASE_URLS="https://a.example/tool")[0]


S3 = {
    "S3_ENDPOINT": "https://s3.example.org",
    "S3_BUCKET": "lernen",
    "S3_ACCESS_KEY": "who",
    "S3_SECRET_KEY": "a secret of the store",
}


def test_an_object_store_is_set_wholly_or_not_at_all():
    settings = load_settings(COMPLETE | {f"SMARTCITY_{name}": value for name, value in S3.items()})
    assert (settings.s3_bucket, settings.s3_addressing, settings.files_store) == ("lernen", "path", "folder")
    assert "a secret of the store" not in repr(settings)
    assert [fault.partition(":")[0] for fault in faults(S3_ENDPOINT="https://s3.example.org")] == [
        "SMARTCITY_S3_ACCESS_KEY",
        "SMARTCITY_S3_BUCKET",
        "SMARTCITY_S3_SECRET_KEY",
    ]
    assert faults(FILES_STORE="s3")[0].startswith("SMARTCITY_FILES_STORE: ist s3, aber SMARTCITY_S3_ENDPOINT fehlt.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("S3_ENDPOINT", "http://s3.example.org"),
        ("S3_ENDPOINT", "https://s3.example.org/bucket"),
        ("S3_BUCKET", "Lernen/Abgaben"),
        ("S3_CA", "/etc/ssl/ca.pem"),
        ("S3_ADDRESSING", "dns"),
        ("FILES_STORE", "tape"),
    ],
)
def test_an_object_store_that_cannot_be_is_refused(name, value):
    found = faults(**{**S3, name: value})
    assert [fault.partition(":")[0] for fault in found] == [f"SMARTCITY_{name}"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"DATABASE_REPLICA_URL": "sqlite:////tmp/x.sqlite3"}, "nennt kein PostgreSQL"),
        ({"DATABASE_REPLICA_URL": "mysql://standby/x"}, "nennt keine unterstützte Datenbank"),
        ({"DATABASE_REPLICA_URL": "postgresql://standby/x"}, "gehört zu einer SMARTCITY_DATABASE_URL mit PostgreSQL"),
    ],
)
def test_only_a_postgresql_beside_a_postgresql_is_a_standby(changed, sentence):
    [fault] = faults(**changed)
    assert fault.startswith("SMARTCITY_DATABASE_REPLICA_URL: ")
    assert sentence in fault


def test_the_standby_is_named_as_the_database_is():
    both = {"SMARTCITY_DATABASE_URL": "postgres://a/x", "SMARTCITY_DATABASE_REPLICA_URL": "postgres://b/x"}
    assert load_settings(COMPLETE | both).database_replica_url == "postgresql+psycopg://b/x"
