"""A form of the admin as a browser would send it."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """The fields of the form with an id: `pairs` of names and values, which `filled()` changes."""

    def __init__(self, page, form_id):
        super().__init__()
        self.form_id = form_id
        self.pairs = []
        self._is_inside = False
        self._select = self._text = None
        self.feed(page)

    def filled(self, **values):
        """Return the pairs with other values."""
        return [pair for pair in self.pairs if pair[0] not in values] + list(values.items())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._is_inside = attrs.get("id") == self.form_id
        elif not self._is_inside:
            return
        elif tag == "select":
            self._select, self._options, self._is_multiple = attrs.get("name"), [], "multiple" in attrs
        elif tag == "option" and self._select:
            self._options.append((attrs.get("value", ""), "selected" in attrs))
        elif tag == "textarea":
            self._text = (attrs.get("name"), [])
        elif tag == "input" and _is_sent(attrs):
            self.pairs.append((attrs["name"], attrs.get("value") or ("on" if attrs.get("type") == "checkbox" else "")))

    def handle_data(self, data):
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_inside = False
        elif tag == "select" and self._select:
            chosen = [value for value, is_selected in self._options if is_selected]
            if not chosen and not self._is_multiple:
                chosen = [value for value, _is_selected in self._options[:1]]  # what a browser shows then
            self.pairs += [(self._select, value) for value in chosen]
            self._select = None
        elif tag == "textarea" and self._text:
            name, parts = self._text
            self.pairs.append((name, "".join(parts).removeprefix("\n")))
            self._text = None


def _is_sent(attrs):
    """Say whether a browser sends an input that nobody touched."""
    kind = attrs.get("type")
    is_chosen = kind not in ("checkbox", "radio") or "checked" in attrs
    return bool(attrs.get("name")) and kind not in ("submit", "button", "file") and is_chosen
