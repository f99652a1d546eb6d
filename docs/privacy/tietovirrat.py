"""Draws the data flows for the impact assessment, one A4 across: `.venv/bin/python -m docs.privacy.tietovirrat`."""

from pathlib import Path

from docs.privacy.drawing import (
    ABSENT,
    CLEAR,
    HASHED,
    SEALED,
    Box,
    Flow,
    Row,
    boundary,
    boxed,
    led,
    legend,
    numbered,
    page,
    table,
    told,
)

DRAWING = Path(__file__).resolve().parent / "tietovirrat.svg"
MARKS = {
    CLEAR: "numero sellaisenaan",
    SEALED: "numero salattuna (KMS)",
    HASHED: "numeron avaimellinen tiiviste",
    ABSENT: "ei numeroa missään muodossa",
}
BOUNDARIES = (
    Box(10, 52, 208, 320, "Viestien kulku"),
    Box(10, 384, 208, 284, "Henkilökunta"),
    Box(258, 52, 616, 616, "AWS, alue eu-north-1 (Tukholma): Kuulolla rekisterinpitäjän omalla tilillä"),
    Box(912, 52, 200, 616, "Muut"),
)
BOXES = (
    Box(20, 78, 188, 60, "Vastaajan puhelin", ("lukee ja kirjoittaa viestit:", "nuori, huoltaja, asiakas"), CLEAR),
    Box(20, 164, 188, 44, "Teleyritys", ("välittää viestin numeroon",), CLEAR),
    Box(
        20,
        234,
        188,
        128,
        "Twilio (käsittelijä)",
        (
            "USA-konserni; käsittelyalue",
            "päätettävä (Irlanti: beeta);",
            "viestit numeroineen. Kun",
            "keskustelu päättyy, sen",
            "viestit poistetaan; avaus jää",
            "Twilion säilytysajaksi",
        ),
        CLEAR,
    ),
    Box(20, 408, 188, 60, "Lähettäjän selain", ("numero vain kirjoittaessa;", "ei jää selaimeen"), CLEAR),
    Box(20, 486, 188, 60, "Esihenkilön selain", ("summat ≥ 5 vastausta,", "kommentit peitettyinä"), ABSENT),
    Box(20, 562, 188, 30, "Pääkäyttäjän selain", (), ABSENT),
    Box(20, 612, 188, 46, "Toinen järjestelmä", ("rajapinta-avaimella",), CLEAR),
    Box(270, 80, 170, 60, "sms", ("ottaa vastaan viestin ja", "vastaa; numero muistissa"), CLEAR),
    Box(
        270,
        160,
        170,
        74,
        "fallback, rescue",
        ("jos sms ei vastaa: viesti", "salattuna jonoon, enintään", "vuorokaudeksi"),
        CLEAR,
    ),
    Box(270, 258, 170, 60, "deliver", ("avaa salatun numeron;", "lähettää ja poistaa"), CLEAR),
    Box(270, 340, 170, 46, "tick", ("panee ajallaan jonoon",), HASHED),
    Box(270, 408, 170, 76, "web", ("sivut ja rajapinta; numero", "muistissa, tiivistetään ja", "salataan heti"), CLEAR),
    Box(270, 612, 170, 46, "report", ("kuukausiraportit",), ABSENT),
    Box(464, 80, 142, 60, "CloudWatch", ("lokit 30 pv, mittarit:", "ei numeroita, tekstejä"), ABSENT),
    Box(464, 160, 142, 74, "SQS rescue", ("salattu viesti ja", "numeron tiiviste,", "enintään 24 h"), SEALED + HASHED),
    Box(464, 258, 142, 60, "SQS sending", ("pelkkä tiiviste,", "enintään 14 pv"), HASHED),
    Box(464, 340, 142, 60, "KMS", ("avaimet salaukseen;", "deliver yksin avaa"), SEALED),
    Box(464, 420, 142, 74, "SSM (salattu)", ("pippuri, tunnukset;", "pippurin kopio", "kassakaapissa"), ABSENT),
    Box(464, 612, 142, 46, "SES", ("raportit sähköpostiin",), ABSENT),
    Box(
        922,
        80,
        182,
        74,
        "Tunnistuspalvelu",
        ("Entra ID tai Cognito: nimi,", "ryhmät, toinen tekijä;", "vain henkilökunta"),
        ABSENT,
    ),
    Box(
        922,
        180,
        182,
        74,
        "AWS-konsoli",
        ("pääkäyttäjä: laskurit ja", "mittarit; ei vastauksia,", "ei kommentteja"),
        ABSENT,
    ),
    Box(
        922,
        280,
        182,
        74,
        "Yleisö",
        ("yksikön sivu ja juliste:", "“Sanoitte – teimme”,", "luvut ≥ 20 vastausta"),
        ABSENT,
    ),
    Box(922, 598, 182, 60, "Raportin saajat", ("omat sähköpostit: summia,", "ei kommentteja"), ABSENT),
)
TABLES = (
    Row("conversations", SEALED + HASHED, ("auki oleva kysely vastauksineen;", "päätyttyä viikko ilman niitä")),
    Row("throttle", HASHED, ("yhteydenoton päivä;", "kolme kuukautta")),
    Row("opt_outs", HASHED, ("kielto ja sen kuukausi;", "kunnes perutaan")),
    Row("limits", HASHED, ("rajoja ja merkkejä;", "minuuteista vuoteen")),
    Row("invitations", HASHED, ("lähetyksen tila (tiiviste vain", "jonossa); keep_months, 36 kk")),
    Row("deletions", SEALED, ("mitä Twiliosta on poistettava;", "kunnes poistettu, minuutteja")),
    Row("responses", ABSENT, ("vastaukset, yksikkö, ryhmä,", "kuukausi; keep_months, 36 kk")),
    Row("comments", ABSENT, ("peitetty teksti, ryhmä,", "kuukausi; keep_months, 36 kk")),
    Row("counts", ABSENT, ("summat kuukausittain;", "pysyvä")),
    Row("actions", ABSENT, ("toimenpiteet;", "kunnes poistetaan")),
    Row("staff_keys", ABSENT, ("rajapinta-avainten tiivisteet;", "vuosi päättymisestä")),
    Row("audit", ABSENT, ("kuka teki mitä ja milloin;", "24 kk")),
    Row("sessions", ABSENT, ("henkilökunnan istunnot;", "enintään 10 h")),
)
TABLES_BOX = Box(622, 80, 240, 503, "DynamoDB: taulut ja säilytysajat")
FLOWS = (
    Flow(1, ((112, 138), (112, 164)), (130, 151), both_ways=True),
    Flow(2, ((112, 208), (112, 234)), (130, 221), both_ways=True),
    Flow(3, ((208, 258), (232, 258), (232, 110), (270, 110)), (232, 134), both_ways=True),
    Flow(4, ((208, 284), (248, 284), (248, 197), (270, 197)), (248, 236)),
    Flow(5, ((270, 297), (208, 297)), (223, 296)),
    Flow(6, ((270, 311), (208, 311)), (243, 311)),
    Flow(7, ((208, 432), (270, 432)), (238, 432)),
    Flow(8, ((208, 635), (246, 635), (246, 476), (270, 476)), (246, 606)),
    Flow(9, ((270, 458), (230, 458), (230, 516), (208, 516)), (230, 492)),
    Flow(10, ((440, 284), (464, 284)), (452, 302), both_ways=True),
    Flow(11, ((440, 197), (464, 197)), (452, 215), both_ways=True),
    Flow(12, ((440, 120), (452, 120), (452, 150), (614, 150), (614, 116), (622, 116)), (536, 150), both_ways=True),
    Flow(13, ((440, 470), (452, 470), (452, 526), (622, 526)), (536, 526), both_ways=True),
    Flow(14, ((300, 484), (300, 600), (900, 600), (900, 118), (922, 118)), (900, 400), both_ways=True),
    Flow(15, ((606, 636), (922, 636)), (893, 636)),
    Flow(16, ((340, 484), (340, 591), (887, 591), (887, 317), (922, 317)), (887, 460)),
    Flow(17, ((862, 417), (874, 417), (874, 217), (922, 217)), (874, 300)),
)
TOLD = (
    "1 Viestit puhelimen ja operaattorin välillä: N, tekstit sellaisinaan (SMS ei ole salattu päästä päähän).",
    "2 Operaattori ja Twilio: N ja viestit.",
    "3 Twilio kutsuu sms-toimintoa allekirjoitetusti (TLS) ja saa vastaustekstin: N ja viesti.",
    "4 Jos 3 ei onnistu, Twilio kutsuu varatoimintoa: N ja viesti.",
    "5 deliver antaa Twiliolle numeron ja avaus- tai muistutusviestin: N.",
    "6 Keskustelun päätyttyä deliver poistaa Twiliosta kaikki sen viestit paitsi avauksen: N.",
    "7 Lähettäjä kirjoittaa numeron lomakkeelle tai tuo luettelon (TLS): N.",
    "8 Toinen järjestelmä pyytää lähetystä tai kertoo kiellosta (TLS, avain): N.",
    "9 Tulokset, kommentit ja toimenpiteet henkilökunnalle: 0.",
    "10 Lähetysjonossa kulkee vain numeron tiiviste: T.",
    "11 Odottava viesti salattuna: S, T.",
    "12 Keskustelu luetaan ja kirjoitetaan tiivisteellä; päättyessä vastaus irtoaa siitä: S, T → 0.",
    "13 Kutsu, raja ja kielto tiivisteellä, numero salattuna: S, T.",
    "14 Kirjautuminen selaimen kautta ja palvelinten välillä: nimi ja ryhmät, vain henkilökunta: 0.",
    "15 Raportit sähköpostina, summia: 0.",
    "16 Yksikön sivu kaikille, summia ja toimenpiteitä: 0.",
    "17 Laskurit pääkäyttäjälle; pienetkin solut näkyvät hänelle: 0.",
)
MEANING = (
    "Vastaaja saa tekstiviestejä operaattorin ja Twilion kautta. Numero on sellaisenaan puhelimessa, operaattorilla, "
    "Twiliolla, lähettäjän selaimessa kirjoittamisen ajan ja toimintojen muistissa; salattuna tauluissa vain, kun "
    "siihen on lähdössä viesti tai sen viestejä on poistettava; muuten avaimellisena tiivisteenä tai ei lainkaan. Sama "
    "kerrotaan sanoin vaikutustenarvioinnin luvussa 2."
)


def drawn() -> str:
    parts = [
        *legend(262, MARKS),
        *(line for box in BOUNDARIES for line in boundary(box)),
        *(line for flow in FLOWS for line in led(flow)),
        *(line for box in BOXES for line in boxed(box)),
        *table(TABLES_BOX, TABLES),
        *(line for flow in FLOWS for line in numbered(flow)),
        *told(TOLD, y=684),
    ]
    return page("Kuulolla: tietovirrat", MEANING, parts)


if __name__ == "__main__":
    DRAWING.write_text(drawn(), encoding="utf-8")
