"""Where collected static files live."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Hash and compress files; leave comments that point at source maps alone.

    Bootstrap and htmx name source maps that their packages do not ship, which strict hashing refuses.
    """

    # Of Django's rules: those for CSS without the last one, which follows source maps; none for JavaScript.
    patterns = (("*.css", CompressedManifestStaticFilesStorage.patterns[0][1][:-1]),)
