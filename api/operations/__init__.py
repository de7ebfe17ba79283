"""What whoever runs a service sees of it: whether it is ready, what it counts, what it writes down.

Nothing here is about a patient; the audit log is elsewhere (`api.access.audit`).
"""
