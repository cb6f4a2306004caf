"""The questions that every server is asked: mixed filters, the same in each run over the same directory."""

import random
from urllib.parse import urlencode

NUMBER = 50
MANY = 1_000_000  # institutions, from which on slow peers are asked only some of the questions
FACETS = ["partner", "country", "role", "state", "kind", "standing", "city", "verified"]
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
