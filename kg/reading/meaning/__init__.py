"""What fields mean: from the values of a front matter to names, literals, links and faults."""
