"""The parts of `tools/fuzz.py`: good input, its mutation, what is run with it, and the loop."""
