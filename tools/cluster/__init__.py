"""The directory on several hosts, all of them on loopback, with real parts that can be killed.

Browsers -> nginx (as shipped) -> two web hosts, each with a PgBouncer of its own -> PostgreSQL: the first web host
writes and reads at the primary, the second reads at a standby that confirms every commit.
"""
