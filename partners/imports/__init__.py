"""What comes in from outside, all of it or nothing: read the file, match, merge with what is here, write."""
