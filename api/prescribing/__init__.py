"""What clinicians order: whole prescriptions in versions, who changed what and why, templates."""
