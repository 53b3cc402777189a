"""What people look at: the map, the page, small pictures."""
