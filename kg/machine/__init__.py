"""What the machine does for us: whole files, processes, timed steps."""
