"""The parts of `tools/soak.py`: faults, one session under them, its judgement, the figures."""
