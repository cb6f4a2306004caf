"""`make bench ROR=FILE`: how quick the directory is beside an empty view, bare SQL and Datasette, in one run."""
