"""What `bench_reanalyse.py` works on."""
