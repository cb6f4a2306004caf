"""All that the directory holds, table by table, to be compared before and after."""

from django.apps import apps

WRITTEN_BESIDE = ("loggedchange", "logepoch", "operation", "historical")  # what only grows


def tables():
    """Return {table: its rows in the order of their keys}, the logs aside."""
    models = apps.get_app_config("partners").get_models(include_auto_created=True)
    return {
        model._meta.model_name: list(model._base_manager.order_by("pk").values())
        for model in models
        if not model._meta.model_name.startswith(WRITTEN_BESIDE)
    }
