"""Cards of ideas for the practice LMS, so that the exchange is not empty on the first day. No town, nobody is real."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.models import Context, Idea, IdeaVersion, PublishedIdea, Registration
from lti_tool.domain.idea_cards import Card, Cost, Effort, Link, Signed, Theme
from lti_tool.domain.idea_states import Reach
from lti_tool.domain.ids import new_id
from lti_tool.services.idea_rows import columns_of

_COURSE = ("kurs-1", "SC-1", "Lehrgang Smart City (Übung)")
_TOWN = "Musterstadt"

_TREES = Card(
    title="Stadtbäume gießen, wenn der Boden trocken ist",
    problem="Junge Bäume wurden nach Wochenplan gegossen: nach Regen umsonst, in heißen Wochen zu wenig.",
    solution=(
        "An vierzig Standorten messen Sensoren die Feuchte im Boden und funken sie zweimal am Tag. Eine Karte zeigt "
        "dem Team morgens, welche Bäume Wasser brauchen. Begonnen wurde mit zehn Sensoren in einer Straße."
    ),
    effect="Etwa ein Drittel weniger Fahrten im ersten Sommer. Zwei Sensoren waren nach dem Winter defekt.",
    needs="Funknetz (LoRaWAN), eine Person im Grünflächenamt, die die Karte pflegt, 90 Euro je Sensor.",
    law="Keine personenbezogenen Daten. Unter der Wertgrenze direkt beauftragt; die Standorte sind veröffentlicht.",
    effort=Effort.MONTHS,
    cost=Cost.BELOW_10000,
    links=(Link("https://example.org/stadtbaeume", "Ablauf und Musterkarte (Beispiel)"),),
    themes=(Theme.CLIMATE, Theme.DATA),
    competences=("SC-04", "SC-11"),
    signed=Signed.ROLE,
    author_line="Grünflächenamt",
)
_VIDEO = Card(
    title="Beratung per Video im Bürgerbüro",
    problem="Wer in den Ortsteilen wohnt, fährt für eine Auskunft von zehn Minuten eine Stunde mit dem Bus.",
    solution=(
        "Einmal in der Woche gibt es Videotermine zu Wohngeld und Elterngeld. Gebucht wird wie vor Ort; Unterlagen "
        "werden in die Kamera gehalten und nicht gespeichert."
    ),
    effect="In drei Monaten 120 Termine. Die Hälfte der Befragten hätte sonst Urlaub genommen.",
    needs="Ein ruhiger Raum, zwei Kameras, ein Videodienst mit Auftragsverarbeitung, eine halbe Stunde Schulung.",
    law="Einwilligung vor dem Termin, keine Aufzeichnung, Vertrag zur Auftragsverarbeitung, Personalrat beteiligt.",
    effort=Effort.WEEKS,
    cost=Cost.BELOW_10000,
    themes=(Theme.ADMINISTRATION, Theme.SOCIAL),
    competences=("SC-03", "SC-05"),
)
_DATA_SHEET = Card(
    title="Ein Datenblatt für jeden offenen Datensatz",
    problem="Niemand wusste, wer einen Datensatz pflegt und wie alt er ist.",
    solution="Jeder Datensatz bekommt eine Seite mit zehn Angaben, die das Fachamt in einer Viertelstunde ausfüllt.",
    effect="Rückfragen sind seltener; vier veraltete Datensätze wurden entfernt.",
    effort=Effort.DAYS,
    cost=Cost.NONE,
    themes=(Theme.DATA, Theme.ORGANISATION),
    competences=("SC-04",),
    signed=Signed.ROLE,
    author_line="Stabsstelle Digitalisierung",
)
_WALK = Card(
    title="Rundgang mit Rollstuhl und Kinderwagen",
    problem="Pläne für die Innenstadt entstanden am Schreibtisch.",
    solution="Vor jedem Umbau geht das Team mit Menschen, die es betrifft, eine Stunde durch die Straße.",
    effect="Drei Bordsteine und eine Ampel wurden noch vor dem Bau geändert.",
    effort=Effort.DAYS,
    cost=Cost.NONE,
    themes=(Theme.PARTICIPATION, Theme.MOBILITY),
    competences=("SC-09",),
)
_VACANCY = Card(
    title="Leerstand melden per Postkarte und QR-Code",
    problem="Die Stadt erfährt von leeren Läden erst nach Monaten.",
    solution="Postkarten in Geschäften führen zu einem Formular mit drei Fragen.",
    effect="Läuft seit vier Wochen: 23 Meldungen, davon 9 neu.",
    effort=Effort.WEEKS,
    cost=Cost.BELOW_1000,
    themes=(Theme.ECONOMY,),
    competences=("SC-12",),
)
_SHELF: tuple[tuple[Card, Reach | None, Reach | None], ...] = (
    (_VACANCY, None, Reach.COURSE),
    (_WALK, Reach.COURSE, None),
    (_DATA_SHEET, Reach.TOWN, Reach.ALL),
    (_VIDEO, Reach.ALL, None),
    (_TREES, Reach.ALL, None),
)
"""Card, how far it is released, how far it shall go: one waits for an instructor, one for the operator."""


def lay_out_ideas(session: Session, issuer: str, client_id: str, deployment_id: str) -> None:
    """Write the cards once; afterwards they are whatever people made of them."""
    found = select(Registration.id).where(Registration.issuer == issuer, Registration.client_id == client_id)
    registration_id = session.scalars(found).one()
    if session.scalar(select(Idea.id).where(Idea.registration_id == registration_id).limit(1)):
        return
    course = _course(session, registration_id, deployment_id)
    for card, reach, asked in _SHELF:
        _lay_out(session, course, card, reach, asked)


def _course(session: Session, registration_id: int, deployment_id: str) -> Context:
    platform_id, label, title = _COURSE
    found = session.scalar(
        select(Context).where(
            Context.registration_id == registration_id,
            Context.deployment_id == deployment_id,
            Context.platform_id == platform_id,
        )
    )
    if found is not None:
        return found
    course = Context(
        registration_id=registration_id,
        id=new_id(),
        deployment_id=deployment_id,
        platform_id=platform_id,
        label=label,
        title=title,
    )
    session.add(course)
    session.flush()
    return course


def _lay_out(session: Session, course: Context, card: Card, reach: Reach | None, asked: Reach | None) -> None:
    now, here = datetime.now(UTC), {"registration_id": course.registration_id}
    released = 1 if reach else None
    idea = Idea(
        **here,
        id=new_id(),
        context_id=course.id,
        number=1,
        released_number=released,
        reach=reach,
        asked=asked,
        asked_at=now if asked else None,
        stays=True,
        created_at=now,
        changed_at=now,
    )
    session.add(idea)
    session.flush()
    text = columns_of(card)
    session.add(
        IdeaVersion(
            **here,
            idea_id=idea.id,
            number=1,
            revision=1,
            licence_agreed_at=now,
            saved_at=now,
            released_at=now if reach else None,
            **text,
        )
    )
    if reach:
        shown = {"context_id": course.id, "number": 1, "reach": reach, "town": _TOWN, "released_at": now}
        session.add(PublishedIdea(**here, id=idea.id, **shown, **text))
    session.flush()
