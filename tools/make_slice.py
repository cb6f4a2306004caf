"""Make ``ror-slice.json``: ``python tools/make_slice.py RELEASE.json``.

Takes records as they are, so that tests meet what the registry really holds. Which ones is decided by rules and
by the order of the ids alone: the same release gives the same file, byte by byte.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "tests/data/ror-slice.json"
SMALL = 4_000  # bytes; a few records name a thousand relatives
# Kazan Federal University, the National Center for Biotechnology, Nazarbayev University, a hospital that stands twice.
NAMED = ["05256ym39", "00xhcc696", "052bx8q98", "004pq5c76", "04qtnm446"]

Record = dict[str, Any]


def choose(records: dict[str, Record]) -> set[str]:
    """Return the ids of the slice; `records` are in the order of their ids."""
    chosen = {f"https://ror.org/{name}" for name in NAMED} & records.keys()
    names = Counter(display(record) for record in records.values())
    longest = sorted(records, key=lambda ror_id: -max(len(name["value"]) for name in records[ror_id]["names"]))[:3]

    def take(number: int, rule: Callable[[Record], Any]) -> list[str]:
        found = [ror_id for ror_id, record in records.items() if rule(record)][:number]
        chosen.update(found)
        return found

    for country, number in {"KZ": 80, "BY": 30, "XK": 10, "RU": 75, "CN": 75, "US": 15, "IN": 10, "RS": 5}.items():
        take(number, lambda record, country=country: country_of(record) == country)
    take(25, lambda record: "company" in record["types"] and display(record).endswith(")"))
    take(10, lambda record: record["types"] == ["funder"])
    take(15, lambda record: len(record["types"]) > 2)
    take(10, lambda record: record["status"] == "withdrawn" and not related(record, "successor"))
    take(10, lambda record: record["status"] == "inactive" and not related(record, "successor"))
    replaced = take(10, lambda record: len(present(records, record["id"], "successor")) == 1)
    replaced += take(10, lambda record: len(present(records, record["id"], "successor")) > 1)
    replaced += take(9, lambda record: len(list(chain(records, record["id"]))) > 2)
    for ror_id in replaced:
        chosen.update(present(records, ror_id, "successor"), chain(records, ror_id))
    for ror_id in take(10, lambda record: len(present(records, record["id"], "parent")) > 1):
        chosen.update(present(records, ror_id, "parent"))
    take(8, lambda record: display(record) == "Ministry of Health")
    take(20, lambda record: names[display(record)] > 1)
    take(10, lambda record: any(is_wrongly_tagged(name) for name in record["names"]))
    take(10, lambda record: re.fullmatch(r"\d+e\d+", bare(record["id"])))
    take(10, lambda record: bare(record["id"]).isdigit())
    take(10, lambda record: record["locations"][0]["geonames_details"].get("continent_code") is None)
    take(10, lambda record: len(record["locations"]) > 1)
    take(3, lambda record: len(websites(record)) > 1)
    take(5, lambda record: record["established"] and record["established"] < 1400)
    return chosen.union(longest)


def display(record: Record) -> str:
    return next(name["value"] for name in record["names"] if "ror_display" in name["types"])


def bare(ror_id: str) -> str:
    return ror_id.removeprefix("https://ror.org/")


def country_of(record: Record) -> str:
    return record["locations"][0]["geonames_details"]["country_code"]


def websites(record: Record) -> list[str]:
    return [link["value"] for link in record["links"] if link["type"] == "website"]


def related(record: Record, kind: str) -> list[str]:
    return [relation["id"] for relation in record["relationships"] if relation["type"] == kind]


def present(records: dict[str, Record], ror_id: str, kind: str) -> list[str]:
    return [relative for relative in related(records[ror_id], kind) if relative in records]


def chain(records: dict[str, Record], ror_id: str) -> Iterator[str]:
    """Yield a record that is gone and those that followed it, one by one."""
    seen = set()
    while ror_id not in seen:
        seen.add(ror_id)
        yield ror_id
        if records[ror_id]["status"] != "active" and len(found := present(records, ror_id, "successor")) == 1:
            ror_id = found[0]


def is_wrongly_tagged(name: dict[str, Any]) -> bool:
    """Say whether a name that is tagged as Russian, Chinese, Japanese or Arabic holds Latin letters only."""
    return name["lang"] in {"ru", "zh", "ja", "ar"} and name["value"].isascii()


def main(source: Path) -> None:
    records = {record["id"]: record for record in json.loads(source.read_text(encoding="utf-8"))}
    records = {
        ror_id: record
        for ror_id, record in sorted(records.items())
        if len(json.dumps(record, ensure_ascii=False).encode()) <= SMALL
    }
    lines = [json.dumps(records[ror_id], ensure_ascii=False) for ror_id in sorted(choose(records))]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
