"""Who needs a clinician: rules as data, one summary row per patient, and the list made of them."""
