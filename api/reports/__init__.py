"""Reports of a patient: on paper, as tables, and the count of days with data."""
