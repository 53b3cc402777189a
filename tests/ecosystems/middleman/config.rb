activate :blog
