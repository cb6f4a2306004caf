"""The questions that every server is asked: mixed filters, the same in each run over the same directory."""

import random
from urllib.parse import urlencode

NUMBER = 50
ADDRESSES = 2_000  # of a day
LONGEST = 200  # letters of a text
MANY = 1_000_000  # institutions, from which on slow peers are asked only some of the questions
FACETS = ["partner", "country", "role", "state", "kind", "standing", "city", "verified"]
SORTS = ["name", "newest", "verified", "country"]
ARRAYS = {"role": "roles", "state": "states"}  # an institution has several: how Datasette's table calls them

Question = dict[str, list[str]]


def mixed(values: Question) -> list[Question]:
    """Return different questions of up to three facets, the first without any; `values` are the codes to draw from."""
    draw = random.Random(NUMBER)
    questions = [{}]
    while len(questions) < NUMBER:
        facets = draw.sample(FACETS, draw.choice([1, 1, 2, 2, 3]))
        number = {facet: 1 if facet in ARRAYS else draw.choice([1, 1, 1, 2]) for facet in facets}
        question = {facet: draw.sample(values[facet], min(number[facet], len(values[facet]))) for facet in facets}
        if question not in questions:
            questions.append(question)
    return questions


def kinds(facts: dict) -> dict[str, list[str]]:
    """Return the addresses of every kind of page, of those with parameters some."""
    values, slugs = facts["values"], facts["slugs"]
    lists = [our_path(question) for question in mixed(values)[:20]]
    last = -(-facts["institutions"] // 25)
    return {
        "list": lists,
        "list in Russian": [f"/ru{path}" for path in lists],
        "list in Chinese": [f"/zh-hans{path}" for path in lists],
        "list, deep": [f"/institutions/?page={page}" for page in range(last // 2, last // 2 + 10)],
        "labs": ["/labs/"],
        "text search": [f"/institutions/?{urlencode({'q': name[:LONGEST]})}" for name in facts["searched"]],
        "suggestion": [f"/suggest/?{urlencode({'q': name[:5]})}" for name in facts["searched"]],
        "detail": [f"/institutions/{slug}/" for slug in slugs[:20]],
        "lab": facts["labs"],
        "role": [f"/roles/{code}/" for code in values["role"]],
        "roles": ["/roles/"],
        "country": [f"/countries/{code}/" for code in values["country"]],
        "countries": ["/countries/"],
        "coverage": ["/coverage/", *(f"/coverage/?country={code}" for code in values["country"][:5])],
        "home": ["/"],
        "home in Russian": ["/ru/"],
        "pipeline": ["/pipeline/"],
        "changes": ["/changes/"],
        "compare": [f"/compare/?i={one}&i={other}" for one, other in zip(slugs[:10], slugs[10:20], strict=True)],
        "map": ["/map/"],
        "map of everything": ["/map/?partner=partner&partner=registry"],
        "about": ["/about/"],
    }


def pages_of_list(facts: dict) -> list[str]:
    """Return the address of each page of the list, in orders that make many of few."""
    last = -(-facts["institutions"] // 25)
    return [f"/institutions/?page={page}&sort={sort}" for sort in SORTS for page in range(1, last + 1)]


def of_a_day(facts: dict) -> tuple[list[str], list[float]]:
    """Return addresses, and how often each is asked for: the second half as often as the first, and so on (Zipf)."""
    pages = [address for addresses in kinds(facts).values() for address in addresses]
    details = [f"/institutions/{slug}/" for slug in facts["slugs"]]
    addresses = list(dict.fromkeys([*pages, *details]))[:ADDRESSES]
    random.Random(NUMBER).shuffle(addresses)
    return addresses, [1 / rank for rank in range(1, len(addresses) + 1)]


def files(facts: dict, number: int) -> list[str]:
    """Return the address of a different large file for each of a number of clients."""
    codes = facts["values"]["kind"]
    paths = [
        f"/{name}?kind={code}" for code in codes for name in ("institutions.xlsx", "institutions.csv", "changes.csv")
    ]
    return paths[:number]


def some(questions: list[Question], number: int, institutions: int) -> list[Question]:
    """Return all questions, or of many institutions a number of them, spread evenly, the first one included."""
    return questions if institutions < MANY else questions[:: max(1, len(questions) // number)]


def our_path(question: Question, **others) -> str:
    """Return the address of our list's page."""
    return f"/institutions/?{urlencode(question | others, doseq=True)}"


def datasette_path(question: Question) -> str:
    """Return the address of the same rows and the same facets with counts in Datasette."""
    pairs = [("_facet_array" if facet in ARRAYS else "_facet", ARRAYS.get(facet, facet)) for facet in FACETS]
    for facet, codes in question.items():
        if facet in ARRAYS:
            pairs += [(f"{ARRAYS[facet]}__arraycontains", code) for code in codes]
        else:
            pairs.append((f"{facet}__in", ",".join(codes)))
    return f"/datasette/institutions?{urlencode([*pairs, ('_sort', 'sort_key'), ('_size', 25)])}"


def adding_up_to(rows: int, counts: dict[str, int]) -> Question:
    """Return a question of countries that together have about a number of rows, or all where there are fewer."""
    chosen, total = [], 0
    for country, number in counts.items():
        if total + number <= rows:
            chosen.append(country)
            total += number
    return {} if len(chosen) == len(counts) else {"country": chosen[:100]}
