"""What there is to do today: lists of the admin, narrowed by filters, each with the number of its rows."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..models import Institution, Role


@dataclass(frozen=True)
class Task:
    """A list to work through: its words, its model, and the filters that narrow it."""

    words: Any
    model: type
    filters: dict[str, str]

    @property
    def url(self):
        return reverse(f"admin:partners_{self.model._meta.model_name}_changelist", query=self.filters)


PARTNERS = {"partner": "yes", "is_published__exact": "1"}
TASKS = [
    Task(_("Agreements due: overdue or expired"), Institution, {"due": "due"}),
    Task(_("Agreements that expire soon"), Institution, {"due": "expiring"}),
    Task(_("Partners that nobody ever verified"), Institution, PARTNERS | {"verified": "never"}),
    Task(_("Partners verified more than a year ago"), Institution, PARTNERS | {"verified": "older"}),
    Task(_("Partners without contact"), Institution, PARTNERS | {"contact": "none"}),
    Task(_("Drafts, which only editors see"), Institution, {"is_published__exact": "0"}),
    Task(_("Possible twins"), Institution, {"twin": "yes"}),
    Task(_("The registry says something else"), Institution, {"held": "yes"}),
    Task(_("Roles of the chain that nobody has in some target country, not even a prospect"), Role, {"gap": "yes"}),
]


def worklist(request):
    """Return [(Task, number of its rows)] of the lists that somebody may see; a query or two for each."""
    admins = [(task, admin.site.get_model_admin(task.model)) for task in TASKS]
    return [(task, _count(task, of, request)) for task, of in admins if of.has_view_permission(request)]


def _count(task, model_admin, request):
    filters = {one.parameter_name: one for one in model_admin.list_filter if isinstance(one, type)}
    rows = task.model.objects.order_by()
    for name, value in task.filters.items():
        if name in filters:
            rows = filters[name](request, {name: [value]}, task.model, model_admin).queryset(request, rows)
        else:
            rows = rows.filter(**{name: value})
    return rows.count()
