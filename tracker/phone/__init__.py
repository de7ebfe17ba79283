"""A phone as the sensor: its page, its pairing, its line, and the listener on the local network."""
