"""Visual output: the map, the page, the review page, and small pictures."""
