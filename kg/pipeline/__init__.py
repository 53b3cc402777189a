"""The order of the steps, from a folder of posts to files."""
