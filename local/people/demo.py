"""The made-up people, with groups as templates/organisation.toml names them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Demo:
    """`does` tells a newcomer what this person may do."""

    id: str
    name: str
    does: str
    groups: tuple[str, ...] = ()

    @property
    def claims(self) -> dict[str, object]:
        return {"sub": self.id, "name": self.name, "groups": list(self.groups)}


PEOPLE = (
    Demo("sanna", "Sanna Sovittaja", "lähettää kyselyjä Kotkassa", ("kuulolla-kotka-lahettajat",)),
    Demo("pirjo", "Pirjo Päällikkö", "on esihenkilö Kotkassa", ("kuulolla-kotka-esihenkilot",)),
    Demo(
        "kaisa",
        "Kaisa Kouvolasta",
        "lähettää kyselyjä ja on esihenkilö Kouvolassa",
        ("kuulolla-kouvola-lahettajat", "kuulolla-kouvola-esihenkilot"),
    ),
    Demo("ylermi", "Ylermi Ylläpitäjä", "ylläpitää Kuulollaa", ("kuulolla-yllapito",)),
    Demo("outi", "Outi Oikeudeton", "ei ole saanut oikeuksia"),
)


def person_of(demo_id: str | None) -> Demo | None:
    return next((demo for demo in PEOPLE if demo.id == demo_id), None)
