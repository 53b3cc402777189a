"""What people look at: the map, the page, and small pictures."""
