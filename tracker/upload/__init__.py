"""The upload page: a recording from another app becomes a session, in the browser."""
