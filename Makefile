# `make test` is the whole check of a plain checkout; every other target is a part of it or an extra.

CARGO ?= cargo
export INSTA_UPDATE ?= no

.PHONY: test needs format lint docs unit letters browser nightly mail soak load start acceptance policy deploy-check package package-check bill bench peers agree fuzz demo

test: needs format lint docs unit letters browser

# SQLite and the TLS library are built from source, which takes a C compiler.
needs:
	@command -v cc >/dev/null || { echo "no C compiler: installing gcc from the distribution's packages"; \
	  apt-get update -qq && apt-get install -y -qq gcc libc6-dev; }

format:
	$(CARGO) fmt --check

lint:
	$(CARGO) clippy --locked --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" $(CARGO) doc --locked --no-deps --document-private-items --quiet

# The stories wait more than they work, so several run on each core.
unit:
	RUST_TEST_THREADS=$${RUST_TEST_THREADS:-6} $(CARGO) test --locked --lib --bins --test it

# The pages in headless Chromium: both themes, two widths, axe's WCAG 2.2 rules, keyboard, filters, search, no JavaScript.
# SHOTS=FOLDER keeps a picture of each.
browser: tests/browser/node_modules
	@command -v chromium >/dev/null || { echo "no Chromium: installing it from the distribution's packages"; \
	  apt-get update -qq && apt-get install -y -qq chromium; }
	$(CARGO) build --locked --quiet
	CHROMIUM=$$(command -v chromium) node tests/browser/walk.mjs target/debug/dragnet $(SHOTS)

# What a folder of ours needs from npm.
tests/%/node_modules: tests/%/package.json tests/%/package-lock.json
	@command -v npm >/dev/null || { echo "no npm: installing nodejs and npm from the distribution's packages"; \
	  apt-get update -qq && apt-get install -y -qq nodejs npm; }
	@echo "installing what tests/$*/package.json names into $@"
	npm ci --prefix tests/$* --silent
	@touch $@

# A digest through a mail server that others wrote.
letters: tests/mail/node_modules
	$(CARGO) build --locked --quiet
	node tests/mail/take.mjs target/debug/dragnet

# The faults that take long: kills at every write, full disks, a failing fsync. DRAGNET_KILLS says how many random kills (500), DRAGNET_SOAK for
# how many seconds the daemon is soaked (60).
nightly:
	@command -v strace >/dev/null || { echo "installing strace from the distribution's packages"; \
	  apt-get update -qq && apt-get install -y -qq strace; }
	RUST_TEST_THREADS=2 $(CARGO) test --locked --test nightly -- --nocapture

# Short schedules, webhooks, reloads and kills at random, for DRAGNET_SOAK seconds; prints what was done and the memory taken.
soak:
	DRAGNET_SOAK=$${DRAGNET_SOAK:-1200} $(CARGO) test --locked --test nightly soak:: -- --nocapture

# The real pages and the official API descriptions: make acceptance SHARED=FOLDER
acceptance: tests/acceptance/node_modules
	rm -rf target/acceptance
	DRAGNET_SHARED="$(SHARED)" $(CARGO) test --locked --test acceptance
	$(CARGO) build --locked --quiet
	python3 tests/acceptance/verdict.py --dragnet target/debug/dragnet --records "$(SHARED)/corpus/dev.jsonl"
	node tests/acceptance/outputs.mjs target/acceptance/outputs
	node tests/acceptance/validate.mjs target/acceptance/exchanges.jsonl "$(SHARED)/specs"
	node tests/acceptance/prism.mjs target/acceptance/exchanges.jsonl "$(SHARED)/specs"

# The same through another one (aiosmtpd, installed into target/mail), encrypted; takes openssl and Python's venv.
mail:
	@test -x target/mail/bin/python || { echo "installing aiosmtpd into target/mail"; python3 -m venv target/mail; }
	target/mail/bin/pip install --quiet aiosmtpd==1.4.6
	$(CARGO) build --locked --quiet
	target/mail/bin/python tests/mail/try.py target/debug/dragnet

# Licences, banned and unused dependencies. The tools are installed when missing, which takes minutes.
policy:
	@command -v cargo-deny >/dev/null || { echo "installing cargo-deny"; $(CARGO) install --locked --quiet cargo-deny; }
	@command -v cargo-machete >/dev/null || { echo "installing cargo-machete"; $(CARGO) install --locked --quiet cargo-machete; }
	$(CARGO) deny --locked check bans licenses sources
	$(CARGO) machete
	$(CARGO) metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml >/dev/null

# What stands in deploy/, looked at by the programs that it is for; those are installed when missing.
deploy-check:
	@command -v promtool >/dev/null && command -v nginx >/dev/null || { \
	  echo "installing prometheus and nginx-light from the distribution's packages"; \
	  apt-get update -qq && apt-get install -y -qq prometheus nginx-light; }
	cd deploy/prometheus && promtool check rules alerts.yml && promtool test rules alerts_test.yml
	promtool check config --syntax-only deploy/prometheus/scrape.yml
	rm -rf target/nginx && mkdir -p target/nginx
	openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=dragnet.example -keyout target/nginx/dragnet-key.pem \
	  -out target/nginx/dragnet.pem 2>/dev/null
	{ echo "pid $(CURDIR)/target/nginx/pid; events {} http {"; \
	  sed "s|/etc/nginx/|$(CURDIR)/target/nginx/|; s|listen 443|listen 127.0.0.1:8443|" deploy/nginx/dragnet.conf; echo "}"; } > target/nginx/nginx.conf
	nginx -t -q -c $(CURDIR)/target/nginx/nginx.conf
	rm -rf target/systemd && mkdir -p target/systemd
	sed 's|/usr/bin/dragnet|/bin/true|' deploy/systemd/dragnet.service > target/systemd/dragnet.service
	@! systemd-analyze verify target/systemd/dragnet.service 2>&1 | grep dragnet.service
	systemd-analyze security --offline=true --threshold=15 deploy/systemd/dragnet.service | tail -1
	@test -x target/lint/bin/zizmor || { echo "installing zizmor and check-jsonschema into target/lint"; \
	  python3 -m venv target/lint && target/lint/bin/pip install --quiet zizmor==1.32.0 check-jsonschema==0.39.0; }
	target/lint/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/release.yml deploy/github/workflow.yml
	target/lint/bin/check-jsonschema --builtin-schema vendor.github-actions deploy/github/action.yml
	target/lint/bin/check-jsonschema --builtin-schema vendor.gitlab-ci deploy/gitlab/dragnet.gitlab-ci.yml
	target/lint/bin/zizmor --offline --no-progress --quiet .github/workflows/release.yml deploy/github
	@if command -v kubectl >/dev/null; then kubectl kustomize deploy/kubernetes >/dev/null && echo "the manifests can be built"; \
	  else echo "no kubectl here: the manifests were not built"; fi

# The Debian package and an archive for other distributions, with what the program writes of itself. PROFILE=release is
# quicker to build; releases are built with `dist`.
PROFILE ?= dist
TARGET = $(shell rustc --print host-tuple)
package:
	@command -v cargo-deb >/dev/null || { echo "installing cargo-deb"; $(CARGO) install --locked --quiet cargo-deb; }
	$(CARGO) build --locked --profile $(PROFILE) --bin dragnet
	rm -rf target/package && mkdir -p target/package/dragnet-$(TARGET)
	target/$(PROFILE)/dragnet man > target/package/dragnet.1
	target/$(PROFILE)/dragnet man --configuration > target/package/dragnet.toml.5
	target/$(PROFILE)/dragnet completions bash > target/package/dragnet.bash
	target/$(PROFILE)/dragnet completions zsh > target/package/_dragnet
	target/$(PROFILE)/dragnet completions fish > target/package/dragnet.fish
	$(CARGO) deb --no-build --profile $(PROFILE) --output target/package/
	cp target/$(PROFILE)/dragnet target/package/dragnet.1 target/package/dragnet.toml.5 target/package/dragnet.bash \
	  target/package/_dragnet target/package/dragnet.fish README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE target/package/dragnet-$(TARGET)/
	tar --sort=name --owner=0 --group=0 --numeric-owner -C target/package -czf target/package/dragnet-$(TARGET).tgz dragnet-$(TARGET)
	cd target/package && sha256sum *.deb *.tgz > SHA256SUMS-$(TARGET)

# Everything that is compiled in, with versions and licences, in CycloneDX.
bill:
	@command -v cargo-cyclonedx >/dev/null || { echo "installing cargo-cyclonedx"; $(CARGO) install --locked --quiet cargo-cyclonedx; }
	$(CARGO) cyclonedx --format json --override-filename dragnet.cdx --quiet
	mkdir -p target/package && sed 's|path+file://$(CURDIR)#||g' dragnet.cdx.json > target/package/dragnet.cdx.json && rm dragnet.cdx.json

# What was packed is installed, run as its unit does, and removed; the archive is unpacked and tried; the program runs in
# the root of a container. Needs root.
package-check: package
	deploy/debian/try.sh target/package/*.deb
	rm -rf target/package/tried && mkdir target/package/tried && tar -C target/package/tried -xzf target/package/dragnet-$(TARGET).tgz
	target/package/tried/dragnet-$(TARGET)/dragnet --version
	cd target/package && sha256sum --check --quiet SHA256SUMS-$(TARGET)
	deploy/container/try.sh target/$(PROFILE)/dragnet

# Figures, not verdicts: these depend on the machine. docs/measurements.md says how they are read.
bench:
	$(CARGO) bench --locked --bench pass
	$(CARGO) bench --locked --bench documents
	$(CARGO) bench --locked --bench pages

# Pages and webhooks under load while passes run, by a driver of our own and by wrk: make load ROUTES="/ /metrics" RATE=100 DURATION=10
ROUTES ?= / /challenges /tickets /findings
RATE ?= 500
DURATION ?= 60
load:
	@command -v wrk >/dev/null || { echo "installing wrk from the distribution's packages"; \
	  apt-get update -qq && apt-get install -y -qq wrk; }
	$(CARGO) bench --locked --bench load -- rate=$(RATE) seconds=$(DURATION) wrk=$$(command -v wrk) $(ROUTES)

# How long the daemon takes to be ready with so many tickets in its store, and what memory it takes while idle.
TICKETS ?= 100000
start:
	$(CARGO) bench --locked --bench start -- $(TICKETS)

# Beside perceval, github-to-sqlite and lychee, which are installed into target/peers; takes half an hour.
peers:
	python3 benches/peers/run.py

# Each parser for some time on documents that nobody would write: make fuzz SECONDS=300. What fails is kept in fuzz/artifacts.
# Where there is cargo-fuzz, `cargo +nightly fuzz run markdown` finds more.
fuzz:
	for target in markdown html storage csv text code annotate; do \
	  $(CARGO) run --quiet --release --locked --manifest-path fuzz/Cargo.toml --bin $$target -- --seconds $${SECONDS:-60} || exit 1; done

# Whether `refs` and `lychee --dump` tell the same tickets of Markdown documents, once `make peers` has installed lychee:
# make agree FILES="docs/*.md"
agree:
	$(CARGO) build --locked --quiet
	python3 benches/peers/agree.py target/debug/dragnet target/peers/bin/lychee $(FILES)

demo:
	$(CARGO) run --release --locked -- demo
