"""The sensor's side of each family: what the real device does, without a radio."""
