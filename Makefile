# Every target works in a fresh clone with nothing installed but Python >= 3.11 and make.
PYTHON ?= python3
BOOT = $(PYTHON) tools/bootstrap.py

.PHONY: setup demo test coverage check bench bench-radio bench-live bench-server bench-streams faults fuzz soak life lock sample-data bench-reanalyse audit server-demo release
setup: ; $(BOOT) dev
demo: ; $(BOOT) run tempo90 demo $(ARGS)
test: ; $(BOOT) dev pytest -q $(ARGS)
coverage: ; $(BOOT) dev pytest -q -n 3 --dist loadfile --cov --cov-report=term:skip-covered $(ARGS)
check: ; $(BOOT) dev python tools/check.py
bench: ; $(BOOT) dev python tools/bench.py $(ARGS)
fuzz: ; $(BOOT) dev python tools/fuzz.py $(ARGS)
faults: ; $(BOOT) dev python tools/faults.py $(ARGS)
audit: ; $(BOOT) dev python tools/audit.py $(ARGS)
release: ; $(BOOT) dev python tools/release.py $(ARGS)
soak: ; $(BOOT) dev python tools/soak.py $(ARGS)
life: ; $(BOOT) dev python tools/life.py $(ARGS)
bench-radio: ; $(BOOT) dev python tools/many_sensors.py $(ARGS)
server-demo: ; $(BOOT) dev python tools/server_demo.py
bench-server: ; $(BOOT) dev python tools/bench_server.py $(ARGS)
bench-streams: ; $(BOOT) dev python tools/bench_streams.py $(ARGS)
bench-reanalyse: ; $(BOOT) dev python tools/bench_reanalyse.py $(ARGS)
bench-live: ; $(BOOT) dev python tools/live_page.py $(ARGS)
sample-data: ; $(BOOT) dev python -m tracker.sample_data $(ARGS)
lock: ; $(PYTHON) tools/lock.py
