"""Analysis of a graph: related things, paths, trends, centrality, themes, search.

Pure functions of the graph, each with its formula and its source. Commands, the server, the page and the exports print
what these return, so that a number means the same everywhere. Nothing here is random: the same graph gives the
same answer.
"""
