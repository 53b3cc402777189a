"""What a graph tells: what goes with what, how two things are tied, what rises, what is central.

Pure functions of the graph, each with its formula and its source. Commands, the server, the page and the exports print
what these return, so that a number means the same wherever it stands. Nothing here is random: the same graph gives the
same answer.
"""
