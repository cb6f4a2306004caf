"""Lists that editors bring in by the browser: the upload, the preview, what is written, what can be undone."""

import csv
import io
from functools import wraps

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..entries.twins import REASONS
from ..host import started
from ..imports import uploads
from ..imports.edited_list.file import ListFileError
from ..imports.edited_list.preview import STATES, ChangedError, corrected_lines, mistaken_lines, work
from ..models import Institution, Lab
from ..models.deadline import unhurried

AT_ONCE = {b"PK\x03\x04": 200_000}  # bytes of a file that is compared within the request: of XLSX, and of any other
AT_ONCE_OTHERWISE = 1_500_000  # more than a thousand rows
ROWS = 200  # of a page of the preview
AGAIN_AFTER = 2  # seconds after which a page that shows progress is asked for again
NEEDED = [
    f"partners.{action}_{model}" for model in ("institution", "lab", "participation") for action in ("add", "change")
]
SHOWN = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "mistake": gettext_lazy("Mistakes"),
    "twin": gettext_lazy("Perhaps here already"),
    "meanwhile": gettext_lazy("Edited since by others"),
}


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json,.txt"})
    )

    def clean_file(self):
        """Refuse what is larger than any list."""
        file = self.cleaned_data["file"]
        if file.size > uploads.LARGEST:
            raise forms.ValidationError(_("The file is larger than %(most)d MB.") % {"most": uploads.LARGEST // 10**6})
        return file


class CorrectedForm(FileForm):
    """A file of corrected lines."""

    def clean_file(self):
        """Return {line: its cells by column}."""
        try:
            return corrected_lines(super().clean_file())
        except ListFileError as error:
            raise forms.ValidationError(error.mistakes.sentences) from error


def may_import(user):
    """Say whether somebody may write all that a list may say."""
    return user.has_perms(NEEDED)


def for_importers(site, view):
    """Return a view of the admin for those who may write all that a list may say."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_import(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return site.admin_view(guarded)


class FileImportAdmin:
    """The addresses below a list by which files come in; the columns of a file say which list it is."""

    change_list_template = "admin/partners/change_list.html"

    def get_urls(self):
        """Put these before the admin's own, which end with one that answers every address."""
        name = f"partners_{self.opts.model_name}_import"
        return [
            path("import/", for_importers(self.admin_site, self.import_view), name=name),
            path("import/<str:token>/", for_importers(self.admin_site, self.preview_view), name=f"{name}_preview"),
            path(
                "import/<str:token>/mistakes.csv",
                for_importers(self.admin_site, self.mistakes_view),
                name=f"{name}_mistakes",
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """Tell the template whether files may be brought in here."""
        address = reverse(f"admin:partners_{self.opts.model_name}_import")
        context = {"may_import": may_import(request.user), "import_url": address}
        return super().changelist_view(request, context | (extra_context or {}))

    def import_view(self, request):
        """Take a file, and lead to its preview."""
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            upload = uploads.begin(request.user.pk, file.name, "list")
            upload.put(file)
            self._work(upload, request.user, "waiting")
            return redirect(self._address(upload))
        return self._page(request, "admin/partners/import.html", _("Bring a file in"), form=form)

    def preview_view(self, request, token):
        """Show what a file would change; a POST writes it, or brings corrected lines."""
        upload = self._upload(request, token)
        form = CorrectedForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and not request.FILES:
            self._write(request, upload)
            return redirect(self._address(upload))
        if request.method == "POST" and form.is_valid():
            if upload.step == "compared":
                upload.correct(form.cleaned_data["file"])
                self._work(upload, request.user, "compared", wanted="compare")
            return redirect(self._address(upload))
        if upload.step == "waiting":
            self._work(upload, request.user, "waiting")
        return self._preview(request, upload, form)

    def _preview(self, request, upload, form):
        shown = request.GET.get("show") if request.GET.get("show") in STATES else ""
        page = request.GET.get("p", "1")
        page = int(page) if page.isdecimal() and 0 < len(page) < 7 else 1
        rows, count = upload.rows({shown} if shown else None, (max(page, 1) - 1) * ROWS, ROWS)
        model = Lab if upload.summary.get("is_of_labs") else Institution
        for row in rows:
            row["url"] = row.get("key") and _change_url(model, row["key"])
        show_twins(rows, model)
        counts = [("", _("All"), None)] + [(state, SHOWN[state], upload.summary.get(state, 0)) for state in STATES]
        response = self._page(
            request,
            "admin/partners/import_preview.html",
            _("Bring “%(file)s” in") % {"file": upload.name},
            upload=upload,
            form=form,
            rows=rows,
            counts=[one for one in counts if one[2] is None or one[2]],
            shown=shown,
            page=page,
            pages=range(1, -(-count // ROWS) + 1) if count > ROWS else [],
            may_write=upload.step == "compared" and upload.summary.get("mistake") == 0,
            mistakes_url=reverse(f"admin:partners_{self.opts.model_name}_import_mistakes", args=[upload.token]),
        )
        if upload.is_at_work:
            response.headers["Refresh"] = AGAIN_AFTER
        return response

    def mistakes_view(self, request, token):
        """Send the lines with mistakes as a file to correct."""
        upload = self._upload(request, token)
        if not upload.summary.get("correctable"):
            raise Http404
        text = io.StringIO(newline="")
        csv.writer(text).writerows(mistaken_lines(upload))
        response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="mistakes.csv"'
        return response

    def _write(self, request, upload):
        """Write what was shown, once, unless something stands against it."""
        if upload.summary.get("mistake") != 0:
            return
        replaced = [value.split(":", 1) for value in request.POST.getlist("replace") if ":" in value]
        options = {
            "replaced": [[int(line), column] for line, column in replaced if line.isdecimal()],
            "set_aside": "set_aside" in request.POST,
        }
        self._work(upload, request.user, "compared", wanted="write", options=options)

    def _work(self, upload, user, step, **changes):
        """Compare or write, unless another request does: a small file at once, another by a process of its own."""
        with upload.claimed(step, problem="", **changes) as is_ours:
            if not is_ours:
                return
            if not _is_small(upload):
                start(upload)
                return
            try:
                with unhurried():
                    work(upload, user)
            except ChangedError:
                upload.save(problem="changed")
            except OperationalError:
                upload.save(problem="busy", step="compared" if upload.summary else "failed", wanted="compare")

    def _upload(self, request, token):
        upload = uploads.find(token, request.user.pk)
        if upload is None or upload.kind != "list":
            raise Http404
        upload.notice_stop()
        return upload

    def _address(self, upload):
        return reverse(f"admin:partners_{self.opts.model_name}_import_preview", args=[upload.token])

    def _page(self, request, template, title, **context):
        frame = self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return render(request, template, frame | context)


def show_twins(rows, model):
    """Let the twins of stored rows be (way to it, slug, reasons in words)."""
    for row in rows:
        row["twins"] = [
            (key and _change_url(model, key), slug, [REASONS[reason] for reason in reasons])
            for key, slug, reasons in row.get("twins", ())
        ]


def _change_url(model, key):
    return reverse(f"admin:partners_{model._meta.model_name}_change", args=[key])


def start(upload):
    """Let a process work on a claimed upload; where another one is at work, it waits for the next look."""
    try:
        if started(uploads.LANE, "import_upload", upload.token) is None:
            upload.save(step="waiting")
    except OSError:
        upload.save(step="failed")


def _is_small(upload):
    with upload.file.open("rb") as file:
        most = AT_ONCE.get(file.read(4), AT_ONCE_OTHERWISE)
    return upload.file.stat().st_size <= most
