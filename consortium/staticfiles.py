"""Where collected static files live."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """A storage that hashes and compresses files, and leaves comments that point at source maps alone.

    Bootstrap and htmx name source maps that their packages do not ship, which strict hashing refuses.
    """

    # Django's rules for CSS without the last one, which follows source maps; none of those for JavaScript.
    patterns = (("*.css", CompressedManifestStaticFilesStorage.patterns[0][1][:-1]),)
