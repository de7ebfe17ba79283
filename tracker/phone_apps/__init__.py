"""Apps on a phone as live sensors: Sensor Logger, which pushes, and phyphox, which is asked."""
