"""What happens to whole entries: two become one, one is deleted and comes back, a version comes back."""
