"""The pages and files of the directory."""
