"""x."""


def run(run):
    pass
