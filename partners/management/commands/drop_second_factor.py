"""Take a lost second factor from somebody, who then signs in by the password alone and adds another."""

import logging

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

logger = logging.getLogger("consortium.second_factor")


class Command(BaseCommand):
    help = "Take the second factor from somebody who has lost it: apps, passkeys and recovery codes."

    def add_arguments(self, parser):
        parser.add_argument("username", help="the name with which they sign in")

    def handle(self, *, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody signs in as “{username}”.")
        _rows, by_model = Authenticator.objects.filter(user=user).delete()
        dropped = by_model.get(Authenticator._meta.label, 0)
        logger.info("Second factor dropped on the server: %r", username)
        self.stdout.write(f"Dropped: {dropped}. {username} signs in by the password alone now.")
