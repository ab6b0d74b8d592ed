"""Pictures on cards: made harmless when they come, shown to whoever may read the card, gone with it."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
from hashlib import sha256

import pytest
from PIL import Image
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from lti_tool.cli.backup.views import view_of
from lti_tool.db.models import DoomedFile, IdeaPicture
from lti_tool.services.doomed_files import BATCH, DoomedFiles
from lti_tool.services.known_files import KnownFiles
from tests.factories.files import PDF, _chunk
from tests.factories.visit import BASE_URL
from tests.functional.conftest import running_tool
from tests.functional.test_ideas import ASK_COURSE, GONE, come, come_from_siegen, release, session_of, write

ALT = "Ein Sensor im Boden"


@pytest.fixture
def tool(database_url, tmp_path):
    with running_tool(database_url, SMARTCITY_FILES_DIR=str(tmp_path / "files")) as running:
        yield running


@pytest.fixture
def stored(tmp_path):
    return lambda: [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def photo(kind="JPEG", size=(2000, 1000)):
    """Lying on its side, with the place where it was taken."""
    image, out = Image.new("RGB", size, "green"), io.BytesIO()
    exif = image.getexif()
    exif[0x0112] = 6
    exif[0x010E] = "geheim"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(out, kind, exif=exif)
    return out.getvalue()


def png_of(width, height):
    """A header that promises pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", b"") + _chunk(b"IEND", b"")


def add(visit, idea, data, alt=ALT):
    visit.go(f"ideas/own/{idea}/pictures/")
    return send(visit, data, alt)


def send(visit, data, alt=ALT):
    """As one piece: the client's own form would leave a file open where it is refused unread."""
    form = {"picture": FileStorage(io.BytesIO(data), filename="bild.jpg"), "csrf": visit.csrf, "alt": alt}
    boundary, body = encode_multipart(form)
    visit.page = visit.client.post(
        visit.path, data=body, content_type=f"multipart/form-data; boundary={boundary}", base_url=BASE_URL,
        follow_redirects=True,
    )  # fmt: skip
    return visit.page


def picture_in(visit):
    """The address of the first picture of a page."""
    return re.search(r'<img class="idea__picture" src="([^"]+)"', visit.page.text)[1]


def fetch(visit, path):
    return visit.client.get(path, base_url=BASE_URL)


def rows(tool, table):
    with session_of(tool) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_picture_is_shown_upright_and_small_without_its_place_to_whoever_may_read_the_card(tool, stored):
    lea, ines, tom = come(tool), come(tool, "ines", role="Instructor"), come(tool, "tom")
    idea = write(lea)
    assert add(lea, idea, photo()).status_code == 200
    own = picture_in(lea)
    lea.go(f"ideas/own/{idea}")
    lea.press(ASK_COURSE)
    assert fetch(tom, f"{tom.landing}ideas/{idea}/pictures/{own.rpartition('/')[2]}").status_code == 404
    ines.go(f"class/ideas/{idea}")
    assert fetch(ines, picture_in(ines)).status_code == 200, "whoever releases has seen it"
    release(ines, idea)
    tom.go(f"ideas/{idea}")
    assert re.search(rf'<img [^>]*alt="{ALT}" width="800" height="1600" loading="lazy">', tom.page.text)
    shown = fetch(tom, picture_in(tom))
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"].startswith("private")
    image = Image.open(io.BytesIO(shown.data))
    assert (image.size, dict(image.getexif()), image.info.get("exif")) == ((800, 1600), {}, None)
    assert b"geheim" not in shown.data
    there = picture_in(tom).rpartition("/")[2]
    sina = come_from_siegen(tool)
    for path in (f"ideas/{idea}/pictures/{there}", f"ideas/own/{idea}/pictures/{there}"):
        assert fetch(sina, sina.landing + path).status_code == 404
    with session_of(tool) as session:
        [(key, _)] = KnownFiles(session).page("")
        assert KnownFiles(session).knows(key)
    with view_of(tool.settings) as view:
        assert list(view.files()) == [key]
    assert len(stored()) == 1


def test_what_is_no_good_picture_is_told_and_nothing_typed_is_lost(tool, stored):
    lea = come(tool)
    idea = write(lea)
    for data, alt, status, words in (
        (PDF, ALT, 400, "Bitte wählen Sie ein Bild als JPEG, PNG oder WebP"),
        (b"", ALT, 400, "Bitte wählen Sie ein Bild aus."),
        (photo()[:800], ALT, 400, "Das Bild ist beschädigt."),
        (png_of(30_000, 30_000), ALT, 400, "Das Bild ist zu groß."),
        (png_of(8_000, 4_000), ALT, 400, "Das Bild ist zu groß."),
        (photo(), " ", 400, "Bitte beschreiben Sie das Bild"),
        (photo() + bytes(22 * 1024 * 1024), "", 413, "Das Bild ist zu groß."),
    ):
        assert add(lea, idea, data, alt).status_code == status, words
        assert words in lea.text
        assert not alt.strip() or f'value="{ALT}"' in lea.page.text
        assert ("Ihre Beschreibung ist nicht angekommen." in lea.text) == (status == 413)
    assert (rows(tool, IdeaPicture), rows(tool, DoomedFile), stored()) == (0, 0, [])
    for kind in ("PNG", "WEBP", "JPEG"):
        add(lea, idea, photo(kind, (30, 20)))
    assert "3 von höchstens 3 Bildern." in lea.text
    assert send(lea, photo()).status_code == 400, "no fourth"
    assert len(stored()) == 3


def test_a_new_version_keeps_them_a_withdrawn_card_shows_none_and_an_erased_person_leaves_none(tool, stored):
    lea, ines, tom = come(tool), come(tool, "ines", role="Instructor"), come(tool, "tom")
    idea = write(lea, stays="no")
    add(lea, idea, photo())
    lea.go(f"ideas/own/{idea}")
    lea.press(ASK_COURSE)
    release(ines, idea)
    add(lea, idea, photo("PNG"), "Neu")
    assert "2 von höchstens 3" in lea.text
    lea.press("Bild entfernen")
    assert "1 von höchstens 3" in lea.text
    tom.go(f"ideas/{idea}")
    shown = picture_in(tom)
    assert fetch(tom, shown).status_code == 200, "the released version keeps what the new one does not show"
    assert len(stored()) == 2
    lea.go(f"ideas/own/{idea}")
    lea.press("Karte zurückziehen")
    answer = fetch(tom, shown)
    assert (answer.status_code, GONE in answer.text) == (410, True)
    lea.go("my-data/erase")
    lea.press("Endgültig löschen", sure="yes", proofs="keep")
    assert (rows(tool, IdeaPicture), rows(tool, DoomedFile), stored()) == (0, 0, [])


def test_a_deleted_draft_takes_its_pictures_along(tool, stored):
    lea = come(tool)
    idea = write(lea)
    add(lea, idea, photo())
    assert len(stored()) == 1
    lea.go(f"ideas/own/{idea}")
    lea.press("Karte löschen")
    assert (rows(tool, IdeaPicture), stored()) == (0, [])


def test_nobody_waits_for_the_files_that_a_night_left_behind(tool):
    lea = come(tool)
    add(lea, write(lea), photo())
    with session_of(tool) as session:
        DoomedFiles(session, tool.clock).note(
            [f"{tool.platform.registration_id}/{number:032}" for number in range(150)]
        )
        session.commit()
    assert lea.press("Bild entfernen").status_code == 200
    assert rows(tool, DoomedFile) == 151 - BATCH


def test_other_words_for_a_picture_wait_for_their_release_and_no_file_is_lost_or_left(tool, stored):
    lea, ines, tom = come(tool), come(tool, "ines", role="Instructor"), come(tool, "tom")
    idea = write(lea)
    add(lea, idea, photo("PNG"), "Erstes")
    tool.clock.turn(seconds=1)
    add(lea, idea, photo(), ALT)
    lea.press("Beschreibung speichern", alt="Ein  Sensor")
    assert re.findall(r'name="alt" value="([^"]*)"', lea.page.text) == ["Ein Sensor", ALT, ""], (
        "it stays where it stood"
    )
    assert len(stored()) == 2
    for words, told in ((" ", "Bitte beschreiben Sie das Bild"), ("x" * 301, "höchstens 300 Zeichen")):
        assert lea.press("Beschreibung speichern", alt=words).status_code == 400
        assert (told in lea.text, words.strip() in lea.page.text) == (True, True)
    lea.go(f"ideas/own/{idea}")
    lea.press(ASK_COURSE)
    release(ines, idea)
    lea.go(f"ideas/own/{idea}/pictures/")
    lea.press("Beschreibung speichern", alt="Ein Sensor")
    assert len(stored()) == 2, "the same words are no new version"
    lea.press("Beschreibung speichern", alt="Sensor in der Erde")
    tom.go(f"ideas/{idea}")
    assert 'alt="Ein Sensor"' in tom.page.text, "nobody reads what was not released"
    assert fetch(tom, picture_in(tom)).status_code == 200
    assert fetch(lea, picture_in(lea)).status_code == 200
    assert len(stored()) == 3
    sina = come_from_siegen(tool)
    foreign = f"{picture_in(lea)}/alt".replace(lea.landing, sina.landing)
    assert sina.post(foreign, alt="x", csrf=sina.csrf).status_code == 404
    lea.go("my-data/erase")
    lea.press("Endgültig löschen", sure="yes", proofs="keep")
    tom.go(f"ideas/{idea}")
    assert fetch(tom, picture_in(tom)).status_code == 200, "what was released stays, with its own file"
    assert (rows(tool, IdeaPicture), rows(tool, DoomedFile), len(stored())) == (2, 0, 2)


def test_a_store_that_is_away_is_told_as_one_of_pictures(tool, tmp_path):
    lea = come(tool)
    idea = write(lea)
    (tmp_path / "files").write_text("no folder")
    page = add(lea, idea, photo())
    assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
    assert "Der Speicher für Bilder ist gerade nicht erreichbar" in lea.text
    assert rows(tool, IdeaPicture) == 0


def test_the_files_name_the_pictures_of_the_released_version(tool, stored):
    lea, ines, tom = come(tool), come(tool, "ines", role="Instructor"), come(tool, "tom")
    idea, other = write(lea), write(lea, title="Ohne Bild")
    add(lea, idea, photo())
    for one in (idea, other):
        lea.go(f"ideas/own/{one}")
        lea.press(ASK_COURSE)
        release(ines, one)
    add(lea, idea, photo("PNG"), "Noch nicht zu lesen")
    document = json.loads(tom.go("ideas/export", query_string={"form": "json"}).data)
    pictures = {one["title"]: one["pictures"] for one in document["ideas"]}
    [picture] = pictures["Bäume gießen nach Sensor"]
    assert (pictures["Ohne Bild"], picture["alt"], picture["media_type"]) == ([], ALT, "image/webp")
    tom.go(f"ideas/{idea}")
    data = fetch(tom, picture_in(tom)).data
    assert picture["sha256"] == sha256(data).hexdigest()
    file = tom.go("ideas/export", query_string={"form": "csv"}).data.decode("utf-8-sig")
    told = [list(row.values())[-2:] for row in csv.DictReader(io.StringIO(file), delimiter=";")]
    assert sorted(told) == [["", ""], [ALT, picture["sha256"]]]
