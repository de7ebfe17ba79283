"""The parts of `make bench`: what is measured, against what, at what cost."""
