"""Releases of the registry by the browser, and what an editor's value holds back from them."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..imports import uploads
from ..imports.ror.held import held_back, refuse, settle, take
from ..models import City, Country, Standing
from ..models.operation import Operation, operation
from .file_imports import AGAIN_AFTER, ROWS, for_importers, show_twins, start

LARGEST = 300_000_000  # bytes of a release
STATES = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "renamed": gettext_lazy("Renamed"),
    "closed": gettext_lazy("Closed"),
    "held": gettext_lazy("Held back"),
    "twin": gettext_lazy("Perhaps here already"),
}
FIELDS = {
    "name": gettext_lazy("name"),
    "kind": gettext_lazy("kind"),
    "website": gettext_lazy("website"),
    "founded": gettext_lazy("founded"),
    "funds_research": gettext_lazy("funds research"),
    "status": gettext_lazy("registry status"),
    "place": gettext_lazy("place"),
}


class ReleaseForm(forms.Form):
    """A release, and what of it comes in."""

    file = forms.FileField(
        label=gettext_lazy("Release, as ZIP or JSON"), widget=forms.FileInput(attrs={"accept": ".zip,.json"})
    )
    countries = forms.CharField(
        label=gettext_lazy("Only these countries"),
        required=False,
        help_text=gettext_lazy("Codes, as KZ RU. Empty: all."),
    )
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing of new entries"), required=False, choices=[("", "---------"), *Standing.choices]
    )
    bring_back = forms.BooleanField(label=gettext_lazy("Also bring deleted entries back"), required=False)

    def clean_countries(self):
        """Refuse a code that no country has."""
        codes = self.cleaned_data["countries"].upper().replace(",", " ").split()
        if unknown := sorted(set(codes) - set(Country.objects.values_list("code", flat=True))):
            raise forms.ValidationError(_("Unknown country code: %(codes)s") % {"codes": ", ".join(unknown)})
        return codes


class RegistryAdmin:
    """The addresses below the list of institutions by which releases come in, and below an entry what is held back."""

    def get_urls(self):
        """Put these before the admin's own, which end with one that answers every address."""
        guarded = partial(for_importers, self.admin_site)
        return [
            path("registry/", guarded(self.release_view), name="partners_institution_registry"),
            path("registry/<str:token>/", guarded(self.release_preview_view), name="partners_institution_release"),
            path("<int:pk>/registry/", guarded(self.held_view), name="partners_institution_held"),
            *super().get_urls(),
        ]

    def release_view(self, request):
        """Take a release; a process of its own reads it."""
        form = ReleaseForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            wanted = {name: form.cleaned_data[name] for name in ("countries", "standing", "bring_back")}
            upload = uploads.begin(request.user.pk, form.cleaned_data["file"].name, "release", **wanted)
            try:
                upload.put(form.cleaned_data["file"], most=LARGEST)
            except uploads.TooLargeError:
                form.add_error("file", _("The file is larger than %(most)d MB.") % {"most": LARGEST // 10**6})
            else:
                _work(upload, "waiting")
                return redirect("admin:partners_institution_release", upload.token)
        return self._registry_page(request, "release.html", _("Release of the registry"), form=form)

    def release_preview_view(self, request, token):
        """Show what a release would change; a POST writes it."""
        upload = uploads.find(token, request.user.pk)
        if upload is None or upload.kind != "release":
            raise Http404
        upload.notice_stop()
        if request.method == "POST":
            _work(upload, "compared", wanted="write")
            return redirect("admin:partners_institution_release", token)
        if upload.step == "waiting":
            _work(upload, "waiting")
        shown = request.GET.get("show") if request.GET.get("show") in STATES else ""
        page = request.GET.get("p", "1")
        page = max(int(page), 1) if page.isdecimal() and len(page) < 7 else 1
        rows, count = upload.rows({shown} if shown else None, (page - 1) * ROWS, ROWS)
        show_twins(rows, self.model)
        for row in rows:
            row["words"] = [STATES[state] for state in row["states"]]
        counts = [(state, words, upload.summary.get(state, 0)) for state, words in STATES.items()]
        response = self._registry_page(
            request,
            "release_preview.html",
            _("Release “%(file)s”") % {"file": upload.name},
            upload=upload,
            rows=rows,
            counts=[one for one in counts if one[2]],
            shown=shown,
            page=page,
            pages=range(1, -(-count // ROWS) + 1) if count > ROWS else [],
        )
        if upload.is_at_work:
            response.headers["Refresh"] = AGAIN_AFTER
        return response

    def held_view(self, request, pk):
        """Show what the registry says instead of an editor's values; a POST takes or refuses one of them."""
        entry = get_object_or_404(self.model, pk=pk)
        if request.method == "POST":
            act, field = (
                (take, request.POST["take"]) if "take" in request.POST else (refuse, request.POST.get("refuse"))
            )
            try:
                with operation(Operation.Kind.FORM, _("value of the registry"), request.user):
                    act(entry, field)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            except (KeyError, ObjectDoesNotExist):
                messages.error(request, _("Nothing is held back there any more."))
            else:
                done = _("The registry's value was taken.") if act is take else _("The value stays, whatever it says.")
                messages.success(request, done)
            return redirect("admin:partners_institution_held", pk)
        rows = [
            (field, FIELDS.get(field, field), _in_words(old), _in_words(new)) for field, old, new in held_back(entry)
        ]
        return self._registry_page(request, "held.html", _("What the registry says"), entry=entry, rows=rows)

    def save_model(self, request, obj, form, change):
        """Save an entry, and forget what the registry said that it says now."""
        super().save_model(request, obj, form, change)
        if change:
            settle(obj)

    def registry_says(self, entry):
        """Return the way to what is held back, or nothing."""
        rows = held_back(entry) if entry and entry.pk else []
        if not rows:
            return "–"
        words = ", ".join(f"{FIELDS.get(field, field)}: {_in_words(new)}" for field, _old, new in rows)
        return format_html('<a href="{}">{}</a>', reverse("admin:partners_institution_held", args=[entry.pk]), words)

    registry_says.short_description = gettext_lazy("held back by an editor's value")

    def _registry_page(self, request, template, title, **context):
        frame = self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return render(request, f"admin/partners/{template}", frame | context)


def _in_words(value):
    """Return a value in words; a place is a country and a city, by its GeoNames id or its address."""
    if isinstance(value, list):
        country, city = value
        known = City.objects.filter(geonames_id=city) if isinstance(city, int) else City.objects.filter(slug=city)
        return str(known.first() or " · ".join(str(part) for part in (country, city) if part)) or "–"
    return "–" if value in (None, "") else str(value)


def _work(upload, step, **changes):
    """Let a process compare or write a release, unless another request did."""
    with upload.claimed(step, problem="", **changes) as is_ours:
        if is_ours:
            start(upload)
