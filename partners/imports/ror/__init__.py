"""A release of the Research Organization Registry comes in, all of it or nothing."""
