"""Where German compounds can be cut: „Bürgerserviceportal“ ends with „Serviceportal“ and with „Portal“.

A full text finds words by their beginning. With the ends of compounds beside them, „Portal“ finds this word, too. Cuts
are made by a list of words that towns write about, and nowhere else: no search for „Rat“ finds „Beratung“.
"""

from __future__ import annotations

_SHORTEST_WORD = 7
_LONGEST_WORD = 60
_SHORTEST_PART = 3
_LONGEST_PART = 16
_SHORTEST_NAME = 5
_AFTER_A_NAME = 6
"""What the list does not know may stand in front, as names do: so long at least, and the first part after it."""
_LINKS = ("", "e", "s", "n", "en", "er", "es")
_ENDINGS = frozenset({"", "e", "n", "s", "en", "er", "es", "ern", "nen", "innen"})
# Each as `search_words` writes it, without what may follow: „schul“ stands for Schule, Schulen and Schulhof.
_LIST = """
abend abfall abgabe ablauf absicht abstand abstimmung abwasser adresse agentur akademie akte aktion alarm alltag alter
ampel amt analyse anbieter angebot anlage anleitung anliegen anmeldung anruf anschluss antrag anwendung anzahl anzeige
app arbeit archiv artikel arzt assistent aufgabe aufsicht auftrag auge ausbau ausbildung ausfall auskunft auslastung
ausschreibung ausschuss ausstattung ausweis auto automat azubi bach bad bahn bank barriere bau bauhof baum baustelle
beamte bedarf beet beforderung begrunung behinderung behorde beirat beitrag beleuchtung beratung bericht beruhigung
beschaffung bescheid beschwerde bestand besuch beteiligung betreuung betrieb bewasserung bezirk bibliothek bild
bildung biotop blatt boden boje bonus boot borse bote brand brief briefkasten bruck brunnen buch buchung budget bund
burger buro bus chat check container dach dachbegrunung daten datenschutz denk denkmal dialog dienst dienststell
digital dokument dorf drohne druck ehrenamt eingang einkauf einsatz einwohner eltern emission energie entsorgung
entwasserung erfassung erzieher fach fahr fahrer fahrrad fahrt fahrzeug familie farb fassade fehler feld fenster
ferien fest feuer feuerwehr finanz firma flach fluss flut folge forder forderung formular forschung forst forum foto
frage freibad freiwillig freizeit friedhof frist fuhrerschein fuhrung fundburo funk fuss garten gas gast gebaude
gebiet gebuhr gefahr gegen gehalt gehweg geld gemeinde gemeinschaft gerat gericht gesamt geschaft geschicht gesetz
gesprach gestaltung gesundheit gewasser gewerbe giess gipfel grad grenz gross grossstadt grun grund grundschul
grundstuck grundwasser gruppe hafen haftung halle handel handwerk handy haupt haus haushalt hausmeister heim heizung
herausforderung hilfe himmel hinweis hitze hoch hochwasser hof holz hotel hund hydrant idee impf industrie information
infrastruktur innenstadt internet inventar jahr jahreszeit jobcenter jubilaum jugend kalender kamera kanal kandidat
karte karten kasse kataster katastrophe katze kehricht kennzahl kette kind kirch kita klasse klima kommune kompetenz
konferenz konflikt konto kontrolle konzept kosten kraft krankenhaus kreis krise kuche kultur kunst kurs labor lade
laden ladesaule ladung lager land landkreis landschaft landwirtschaft larm laub lauf leben leerstand lehr lehrer leih
leihe leistung leit leitung lern licht liefer linie link liste lizenz lkw logistik lohn lotse luft luftqualitat
mahlzeit mail management mangel markt meister melder meldung menge mensch messe messung metall miet mieter mitarbeit
mitglied mitte mittel mobil mobilitat modell moder modul monat mull museum musik musterung nachbar nachricht nachweis
nahverkehr natur netz netzwerk notfall nutz nutzer nutzung obst offen online ordnung ort paket papier park parkhaus
parkplatz parkraum partner pass patient pause pegel pendler personal personalrat pfad pfand pflanz pflege pflicht
pilot plakat plan planung platte plattform platz politik polizei portal post praxis preis presse problem programm
projekt protokoll prozess prufung pumpe punkt qualitat quartier quote rad radar radweg rand rasen rat rathaus raum
rechner recht recycling rede regel regen region register reinigung reise rente reparatur reservierung rettung
richtlinie ring risiko rohr rohstoff rolle route rucken ruf saal sach saison sammel sammlung sand sanierung satellit
satzung saule schaden schalter schatten schicht schiff schild schlamm schlange schloss schlussel schlusselubergabe
schnee schnitt schrank schreib schrott schul schuler schutz schwelle schwimmbad see seite selbst senior sensor service
sicherheit siedlung signal sitz sitzplatz sitzung software solar sommer sonder sonne spende spender sperrmull spiel
spielplatz sport sprache sprech sprechstunde stab stadt stadtteil stadtwerk stall stamm stand standard standort
starkregen station statistik stau stelle steuer steuerung stiftung stoff strasse strategie strecke streit streu strom
studie stunde sturm system szenario tabelle tafel tag tank tarif tasche tausch taxi team technik teich teil telefon
termin test text theater them thema ticket tier tisch toilette tonne tour tourismus trager training transaktion
transfer transport trasse treff treffpunkt treppe trink trinkwasser tur turm ubergabe uberwachung ufer uhr umfrage
umgebung umsatz umwelt unfall unterkunft unternehmen unterricht urlaub verarbeiter verarbeitung verband verbrauch
verein vereinbarung vereinfach verfahren verfassung vergabe verkehr verleih vermietung vermittlung verordnung
versammlung versicherung versorgung vertrag vertretung verwaltung verzeichnis video viertel vogel volk vorgang vorlage
vorschlag vorsorge wache wahl wald wand wander warme warn warnung warteschlange wartung wasser wechsel weg wegweis
wegweiser weiher weihnacht weiterbildung werbung werk werkstatt werkzeug wert wettbewerb wetter wetterdienst wiese
wind winter winterdienst wirkung wirtschaft wissen wohn wohnraum wohnung zahl zahler zaun zebra zeit zeitung zelt
zentrum zertifikat ziel zivil zone zufahrt zugang zugriff zukunft zustand zweck zwischen
"""
_PARTS = frozenset(_LIST.split())


def tails(word: str) -> tuple[str, ...]:
    """Return what a compound ends with, the longest first; () for one that the list cannot cut."""
    if not _SHORTEST_WORD <= len(word) <= _LONGEST_WORD:
        return ()
    cuts = _cuts(word, 0)
    if cuts is None:
        cuts = _after_a_name(word)
    return tuple(word[cut:] for cut in cuts)


def _after_a_name(word: str) -> tuple[int, ...]:
    for start in range(_SHORTEST_NAME, len(word) - _AFTER_A_NAME + 1):
        cuts = _cuts(word, start, _AFTER_A_NAME)
        if cuts is not None:
            return (start, *cuts)
    return ()


def _cuts(word: str, start: int, shortest: int = _SHORTEST_PART) -> tuple[int, ...] | None:
    """Return where parts begin after the one at `start`; None if not all of the rest is known."""
    for end in range(min(len(word), start + _LONGEST_PART), start + shortest - 1, -1):
        if word[start:end] not in _PARTS:
            continue
        if word[end:] in _ENDINGS:
            return ()
        for link in _LINKS:
            begin = end + len(link)
            if word.startswith(link, end) and (more := _cuts(word, begin)) is not None:
                return (begin, *more)
    return None
