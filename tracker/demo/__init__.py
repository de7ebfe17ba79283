"""`tempo90 demo`: everything real but the leg. No person's data, and a data folder of its own."""
