"""The parts of `make life`: a twelve-week life, lived through the real app."""
