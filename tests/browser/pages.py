"""The pages that every judge in this folder looks at, over the data of the seed consortium."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page: its address, the status it answers with, whether an editor must have signed in to see it."""

    address: str
    status: int = 200
    for_editors: bool = False

    def __str__(self) -> str:
        return self.address


PAGES = (
    Page("/"),
    Page("/institutions/"),
    Page("/institutions/?country=KZ"),
    Page("/institutions/?country=ZZ", status=400),
    Page("/institutions/kazan-federal-university/"),
    Page("/institutions/kazan-federal-university/labs/biomedical-technologies/"),
    Page("/labs/"),
    Page("/print/institutions/?country=RU"),
    Page("/zh-hans/print/labs/"),
    Page("/countries/"),
    Page("/countries/KZ/"),
    Page("/roles/"),
    Page("/roles/vector/"),
    Page("/about/"),
    Page("/charts/"),
    Page("/be/charts/"),
    Page("/about/api/"),
    Page("/kk/about/api/"),
    Page("/embed/board/"),
    Page("/ru/embed/map/?country=KZ"),
    Page("/embed/list/?role=coordinator"),
    Page("/changes/"),
    Page("/changes/?since=2026-01-01&until=2026-12-31"),
    Page("/changes/?since=yesterday", status=400),
    Page("/map/"),
    Page("/map/?country=KZ&box=71.4,43.2,77,51.2"),
    Page("/map/?box=north", status=400),
    Page("/map/labs/"),
    Page("/compare/"),
    Page("/compare/?i=kazan-federal-university&i=nazarbayev-university"),
    Page("/compare/?i=nobody&i=kazan-federal-university", status=400),
    Page("/institutions/?q=rae"),
    Page("/institutions/?q=univrsity"),
    Page("/ru/"),
    Page("/ru/institutions/?country=RU"),
    Page("/ru/countries/"),
    Page("/ru/no-such-page/", status=404),
    Page("/kk/coverage/"),
    Page("/kk/institutions/kazan-federal-university/"),
    Page("/be/pipeline/"),
    Page("/be/roles/"),
    Page("/zh-hans/"),
    Page("/zh-hans/institutions/"),
    Page("/no-such-page/", status=404),
    Page("/admin/login/"),
    Page("/ru/admin/password_reset/"),
    Page("/admin/password_reset/done/"),
    Page("/admin/second-factor/password/", for_editors=True),
    Page("/kk/admin/second-factor/", for_editors=True),
    Page("/admin/", for_editors=True),
    Page("/admin/partners/institution/", for_editors=True),
    Page("/admin/partners/institution/import/", for_editors=True),
    Page("/ru/admin/partners/institution/registry/", for_editors=True),
    Page("/admin/partners/institution/undo/", for_editors=True),
    Page("/admin/partners/institution/add/", for_editors=True),
    Page("/admin/partners/institution/1/change/", for_editors=True),
    Page("/admin/partners/institution/1/merge/", for_editors=True),
    Page("/admin/partners/institution/1/merge/?with=2", for_editors=True),
    Page("/ru/admin/partners/institution/1/history/", for_editors=True),
    Page("/admin/partners/institution/twins/", for_editors=True),
    Page("/admin/partners/operation/", for_editors=True),
)
