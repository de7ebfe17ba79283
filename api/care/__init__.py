"""What a clinician adds to a record: notes, messages, questionnaire totals, extra weeks."""
