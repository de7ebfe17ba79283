"""Faults, tried and counted: processes killed, power cut, disks, lines and servers that fail."""
