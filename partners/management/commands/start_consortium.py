"""Fill an empty directory from one readable file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...imports.consortium_file import ConsortiumFileError, load, read
from ...models import Consortium, Institution, Operation, Role
from ...models.operation import operation


class Command(BaseCommand):
    help = (
        "Fill an empty directory from one TOML file: the consortium's texts, roles, target countries, cities and"
        " partners. The file partners/seeds/cart.toml explains the format. It is loaded whole or not at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The TOML file.")
        parser.add_argument(
            "--if-empty", action="store_true", help="Succeed without doing anything when the directory is not empty."
        )

    def handle(self, *, file, if_empty, **options):
        if any(model.objects.exists() for model in (Consortium, Institution, Role)):
            if not if_empty:
                raise CommandError("The directory is not empty: it has a consortium, an institution or a role already.")
            self.stdout.write("The directory is not empty: left as it is.")
            return
        try:
            with operation(Operation.Kind.SEED, file.name):
                written = load(read(file))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except ConsortiumFileError as error:
            raise CommandError(_report(file, error.mistakes)) from error
        self.stdout.write(f"Loaded from {file}: {', '.join(_counted(*item) for item in written.items())}.")


def _report(file, mistakes):
    """Return the mistakes as a list under a line that counts them."""
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    return "\n".join([f"{file} has {count}, so nothing was written:", *(f"- {mistake}" for mistake in mistakes)])


def _counted(model, count):
    return f"{count} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
