"""Looking along while a consenting patient trains: what is told goes one way, to the clinician."""
