"""The database: does it answer, is it new enough, are its tables those of this version, what time is it there?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lti_tool.cli.acting import now
from lti_tool.cli.doctor.finding import Finding, bad, good, hint
from lti_tool.db.engine import is_full, is_read_only
from lti_tool.db.revision import newest, present

_POSTGRESQL = range(15, 18)
_SQLITE_FROM = (3, 35)
_SMALL_SKEW = timedelta(seconds=5)
_PROBE = "CREATE TEMPORARY TABLE room ON COMMIT DROP AS SELECT generate_series(1, 100000)"  # 3.5 MB


def examine_database(session: Session) -> Iterator[Finding]:
    """Yield what there is to say; only called once the database answers."""
    if session.get_bind().dialect.name == "sqlite":
        yield from _sqlite(session)
    else:
        yield from _postgresql(session)
        yield from _writes(session.get_bind().engine)
    yield _migrations(session)


def _sqlite(session: Session) -> Iterator[Finding]:
    version = str(session.scalar(text("SELECT sqlite_version()")))
    if tuple(int(part) for part in version.split(".")[:2]) < _SQLITE_FROM:
        yield bad("database.version", f"SQLite {version} ist zu alt.", "Nötig ist SQLite 3.35 oder neuer.")
    else:
        yield good("database.version", f"SQLite {version} antwortet.")
    mode = str(session.scalar(text("PRAGMA journal_mode")))
    if mode == "wal":
        yield good("database.journal", "Die Datenbank schreibt im WAL-Modus.")
    else:
        yield bad(
            "database.journal",
            f"Die Datenbank schreibt im Modus „{mode}“ statt WAL.",
            "Legen Sie die Datei auf eine lokale Platte; Netzlaufwerke können WAL nicht.",
        )


def _postgresql(session: Session) -> Iterator[Finding]:
    number = int(session.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if number < _POSTGRESQL.start:
        yield bad("database.version", f"PostgreSQL {number} ist zu alt.", "Erprobt sind die Versionen 15 bis 17.")
    elif number not in _POSTGRESQL:
        yield hint(
            "database.version", f"PostgreSQL {number} ist nicht erprobt.", "Erprobt sind die Versionen 15 bis 17."
        )
    else:
        yield good("database.version", f"PostgreSQL {number} antwortet.")
    skew = abs(session.scalars(text("SELECT clock_timestamp()")).one() - now())
    if skew > _SMALL_SKEW:
        yield bad(
            "clock.database",
            f"Die Uhr der Datenbank geht {skew.total_seconds():.0f} Sekunden anders als die dieses Rechners.",
            "Gleichen Sie beide mit einem Zeitserver ab (timedatectl, chrony).",
        )
    else:
        yield good("clock.database", "Die Uhren von Datenbank und Rechner stimmen überein.")


def _writes(engine: Engine) -> Iterator[Finding]:
    """Write something that is gone at once, as only the server knows how much room it has."""
    try:
        with engine.begin() as connection:
            connection.execute(text(_PROBE))
    except DBAPIError as error:
        if is_full(error):
            yield bad(
                "database.writable",
                "Die Datenbank kann nichts mehr speichern: Ihre Platte ist voll.",
                "Schaffen Sie Platz auf dem Rechner der Datenbank; danach geht alles von selbst weiter.",
            )
        elif is_read_only(error):
            yield bad(
                "database.writable",
                "Die Datenbank lässt sich nur lesen.",
                "Ist sie eine Kopie, setzen Sie in SMARTCITY_DATABASE_URL die Adresse des Originals. Sonst hat sie "
                "jemand gesperrt; manche Anbieter tun das, wenn die Platte voll ist.",
            )
        return  # anything else says only that the role may make no temporary tables
    yield good("database.writable", "In die Datenbank lässt sich schreiben.")


def _migrations(session: Session) -> Finding:
    stands, wanted = present(session.connection()), newest()
    if stands == wanted:
        return good("database.migrations", f"Alle Migrationen sind ausgeführt (Stand {wanted}).")
    if stands is not None and stands > wanted:
        return hint(
            "database.migrations",
            f"Die Datenbank ist neuer (Stand {stands}) als diese Version (Stand {wanted}).",
            "Das darf während einer Aktualisierung so sein; bringen Sie danach alle Rechner auf die neue Version.",
        )
    return bad(
        "database.migrations",
        f"Die Datenbank hat {f'den Stand {stands}' if stands else 'noch keine Tabellen'}; nötig ist Stand {wanted}.",
        "Führen Sie `smartcity db upgrade` aus.",
    )
