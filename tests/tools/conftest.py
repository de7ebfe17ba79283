import sys
from pathlib import Path

# The parts of the benchmark import each other from tools/, as tools/bench.py runs them.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
