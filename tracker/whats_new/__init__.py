"""What an update changed, told once: from the change log, on the home page and in the terminal."""
