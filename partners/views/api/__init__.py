"""The directory for other programs: the lists' questions and rows as JSON, with a description made from both."""
