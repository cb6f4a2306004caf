"""An exported list that somebody edited comes back, all of it or nothing."""
