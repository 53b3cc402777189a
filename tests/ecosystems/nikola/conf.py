BLOG_TITLE = "Kites"
