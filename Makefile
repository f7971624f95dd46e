# Two commands do everything on a fresh Debian 12 with Swift: make demo, make test.
.PHONY: all build demo test lint install install-data deb clean

prefix ?= /usr
DESTDIR ?=
libexec = $(prefix)/libexec/radiologynet
share = $(prefix)/share
installed = .build/install
ctl = $(installed)/release/radiologynetctl

all: build

build:
	scripts/dependencies
	swift build -c release

demo: build
	scripts/demo

test: lint
	scripts/dependencies
	swift test --scratch-path .build/test -c release -Xswiftc -enable-testing --disable-xctest
	scripts/soak --minutes 0.7 --rate 150 --binaries .build/test/release
	scripts/attack --seconds 1 --binaries .build/test/release
	scripts/instructions --binaries .build/test/release
	scripts/demo .build/demo .build/test/release
	$(MAKE) --no-print-directory install-data DESTDIR=$(CURDIR)/.build/installed ctl=.build/test/release/radiologynetctl

lint:
	scripts/lint

# The executables include Swift's runtime: the machine that they run on needs no toolchain.
install:
	scripts/dependencies
	swift build -c release --static-swift-stdlib --scratch-path $(installed)
	install -d $(DESTDIR)$(libexec) $(DESTDIR)$(prefix)/bin $(DESTDIR)$(prefix)/sbin
	install -m 755 $(addprefix $(installed)/release/,radiologynetd radiologynet-decode radiologynet-lab \
	  radiologynetctl libradiologynet-torch.so) $(DESTDIR)$(libexec)/
	strip $(DESTDIR)$(libexec)/*
	ln -sf ../libexec/radiologynet/radiologynetd $(DESTDIR)$(prefix)/sbin/radiologynetd
	ln -sf ../libexec/radiologynet/radiologynetctl $(DESTDIR)$(prefix)/bin/radiologynetctl
	$(MAKE) --no-print-directory install-data

install-data:
	install -d $(DESTDIR)/etc/radiologynet $(DESTDIR)/etc/logrotate.d
	test -e $(DESTDIR)/etc/radiologynet/radiologynet.toml || \
	  install -m 644 config/radiologynet.toml $(DESTDIR)/etc/radiologynet/
	test -e $(DESTDIR)/etc/radiologynet/body-parts.toml || \
	  install -m 644 config/body-parts.toml $(DESTDIR)/etc/radiologynet/
	install -m 644 systemd/radiologynet.logrotate $(DESTDIR)/etc/logrotate.d/radiologynet
	install -D -m 644 -t $(DESTDIR)$(prefix)/lib/systemd/system \
	  systemd/radiologynetd.service systemd/radiologynet-recluster.service systemd/radiologynet-recluster.timer
	install -D -m 644 systemd/radiologynet.sysusers $(DESTDIR)$(prefix)/lib/sysusers.d/radiologynet.conf
	install -D -m 644 systemd/radiologynet.tmpfiles $(DESTDIR)$(prefix)/lib/tmpfiles.d/radiologynet.conf
	install -D -m 644 -t $(DESTDIR)$(share)/radiologynet config/annotation.schema.json \
	  config/grafana-dashboard.json config/alerts.yml config/prometheus.yml
	install -D -m 644 -t $(DESTDIR)$(share)/doc/radiologynet README.md CHANGELOG.md LICENSE
	install -D -m 644 -t $(DESTDIR)$(share)/doc/radiologynet/docs docs/*.md docs/*.png
	install -d $(DESTDIR)$(share)/man/man1 $(DESTDIR)$(share)/man/man5 $(DESTDIR)$(share)/man/man8
	$(ctl) manual radiologynetctl | gzip -9n > $(DESTDIR)$(share)/man/man1/radiologynetctl.1.gz
	$(ctl) manual radiologynetd | gzip -9n > $(DESTDIR)$(share)/man/man8/radiologynetd.8.gz
	$(ctl) manual configuration config/radiologynet.toml | gzip -9n \
	  > $(DESTDIR)$(share)/man/man5/radiologynet.toml.5.gz
	install -d $(DESTDIR)$(share)/bash-completion/completions $(DESTDIR)$(share)/zsh/vendor-completions \
	  $(DESTDIR)$(share)/fish/vendor_completions.d
	$(ctl) completion bash > $(DESTDIR)$(share)/bash-completion/completions/radiologynetctl
	$(ctl) completion zsh > $(DESTDIR)$(share)/zsh/vendor-completions/_radiologynetctl
	$(ctl) completion fish > $(DESTDIR)$(share)/fish/vendor_completions.d/radiologynetctl.fish

deb:
	scripts/package

clean:
	rm -rf .build demo
