"""Who uses the cluster: accounts for editors, institutions for each, and the clients that are them."""

import threading

from django.contrib.auth.models import User

from partners.models import Institution, position
from tools.cluster.load import PASSWORD, Editor, Record, Visitor


def people(cluster, editors, visitors, rows):
    """Return (their Record, the event that ends them, the clients)."""
    record, enough = Record(begins=position()[1]), threading.Event()
    published = list(Institution.objects.published().order_by("pk").values_list("pk", "slug")[: editors * rows])
    around = cluster.nginx.front, record, enough
    clients = []
    for number in range(editors):
        User.objects.create_superuser(f"editor{number}", password=PASSWORD)
        mine = published[number * rows : (number + 1) * rows]
        clients.append(Editor(*around, number=number, rows=mine))
    slugs = [slug for _key, slug in published]
    clients += [Visitor(*around, number=number * 7, slugs=slugs) for number in range(visitors)]
    return record, enough, clients
