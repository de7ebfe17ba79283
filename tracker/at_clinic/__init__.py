"""Training against a clinic's server: the patient has a phone and a log-in, and nothing else."""
