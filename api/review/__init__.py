"""Looking at what was measured: marks on repetitions, newer results, two sessions compared."""
