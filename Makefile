# `make test` is the whole check of a plain checkout; every other target is a part of it or an extra.

CARGO ?= cargo
export INSTA_UPDATE ?= no

.PHONY: test format lint docs unit acceptance policy bench demo

test: format lint docs unit

format:
	$(CARGO) fmt --check

lint:
	$(CARGO) clippy --locked --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --quiet

unit:
	$(CARGO) test --locked --lib --bins --test it

demo:
	$(CARGO) run --release --locked -- demo
