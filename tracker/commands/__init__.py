"""The commands of `tempo90`, one file each; what is slow to import is imported inside."""
