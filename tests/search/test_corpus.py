"""The corpus: after changes, and with texts that rows share, it finds what one read anew finds."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from partners.search import Corpus, Layer, Shared, find

NOBODY = BitMap()
CITIES = {"kazan": "Казань / Kazan", "almaty": "Алматы / Almaty"}
ROWS = st.dictionaries(
    st.integers(0, 5),
    st.tuples(
        st.sampled_from(["Kazan", "Kazan Clinic", "КФУ"]),
        st.sampled_from(["", "Vector Lab"]),
        st.sampled_from([*CITIES]),
    )
    | st.none(),  # gone
    max_size=6,
)


class InCities:
    """A facet in miniature."""

    def __init__(self, rows):
        self.rows = rows  # {value: keys}

    def having(self, values):
        return BitMap.union(BitMap(), *(BitMap(self.rows[value]) for value in values if value in self.rows))

    def values_of(self, keys):
        return {value for value, of_value in self.rows.items() if keys & BitMap(of_value)}


def layer_of(rows):
    """Return the layer of {key: (name, other text, city) or nothing}."""
    there = {key: texts for key, texts in rows.items() if texts}
    names, others = ([(key, texts[at]) for key, texts in there.items() if texts[at]] for at in (0, 1))
    return Layer(BitMap(there), names, others=others)


def in_cities(rows):
    """Return the facets of such rows; in half of the cities they speak Russian."""
    keys = {city: {key for key, texts in rows.items() if texts and texts[2] == city} for city in CITIES}
    return {"city": InCities(keys), "language": InCities({"ru": keys["kazan"]})}


def texts_of_cities():
    return [(("city", city), text) for city, both in CITIES.items() for text in both.split(" / ")]


@settings(deadline=None, max_examples=50)
@given(ROWS, st.lists(ROWS, max_size=3))
def test_a_changed_corpus_finds_what_a_new_one_finds(now, changes):
    layer, concerned = layer_of(now), {}
    words = ["kazan", "almaty", "clinic", "кфу", "vector", "lab", "russian", "none"]
    texts = Shared([*texts_of_cities(), (("language", "ru"), "Russian")])
    changed = Corpus.of(layer, texts, in_cities(now))
    for some in (*changes, {}):  # then the cities are called otherwise
        changed.weighed(words)
        now, concerned = now | some, concerned | some
        changed = changed.changed(BitMap(concerned) & layer.keys, layer_of(concerned), in_cities(now))
        if not some:
            changed = changed.renamed(texts := Shared([(("city", "kazan"), "Clinic"), (("city", "almaty"), "None")]))
        fresh = Corpus.of(layer_of(now), texts, in_cities(now))

        assert changed.size == fresh.size
        for word in words:
            assert (changed.having([word]), changed.knows(word)) == (fresh.having([word]), fresh.knows(word))
            assert changed.weighed([word])[word] == fresh.weighed([word])[word]
        for text in ["kazan", "lini", "rae", "кфу", "clnic", "vectr kazan"]:
            assert found_by(changed, text) == found_by(fresh, text)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*CITIES, "nobody"]), st.sets(st.integers(0, 2)), max_size=3))
def test_shared_texts_find_as_if_each_row_had_them(rows_of):
    names = [(0, "First Clinic"), (1, "Second Clinic"), (2, "Казань")]
    texts = texts_of_cities()
    own = [(key, text) for (_facet, city), text in texts for key in rows_of.get(city, ())]
    shared = Corpus.of(Layer(BitMap([0, 1, 2]), names), Shared(texts), {"city": InCities(rows_of)})
    by_row = Corpus.of(Layer(BitMap([0, 1, 2]), names, others=own))

    for text in ["kazan", "kazan clinic", "алматы", "almati", "fkvfns", "ala"]:
        assert found_by(shared, text) == found_by(by_row, text)


def found_by(corpus, text):
    found = find(corpus, text, NOBODY)
    return found.match, found.keys, list(found.order)


LETTERS = st.text("a я", min_size=1, max_size=3)
NAMES = st.dictionaries(st.integers(0, 2), st.lists(LETTERS, min_size=1, max_size=2), max_size=3)


@given(NAMES, NAMES, st.lists(LETTERS, max_size=2))
def test_rows_are_found_by_how_a_name_begins_and_by_the_whole_name(now, changes, parts):
    def layer(names):
        first = [(key, of_key[0]) for key, of_key in names.items()]
        return Layer(BitMap(names), first, [(key, name) for key, of_key in names.items() for name in of_key[1:]])

    corpus = Corpus.of(layer(now)).changed(BitMap(changes) & BitMap(now), layer(changes), {})
    names = {key: corpus.names_of(key)[1:-1].split("\n") for key in (now | changes)}

    for is_whole, fits in ((True, str.__eq__), (False, str.startswith)):
        expected = {key for key, of_key in names.items() for name in of_key for part in parts if fits(name, part)}
        assert corpus.named(parts, is_whole=is_whole) == BitMap(expected)
