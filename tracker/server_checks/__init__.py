"""What `tempo90 doctor` looks at on a clinic's server; each check says what to do."""
