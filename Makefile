# Two commands do everything on a fresh Debian 12 with Swift: make demo, make test.
.PHONY: all build demo test lint install clean

prefix ?= /usr
DESTDIR ?=

all: build

build:
	scripts/dependencies
	swift build -c release

demo: build
	scripts/demo

test: lint
	scripts/dependencies
	swift test --scratch-path .build/test -c release -Xswiftc -enable-testing --disable-xctest

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

install: build
	install -d $(DESTDIR)$(prefix)/bin $(DESTDIR)$(prefix)/libexec/radiologynet
	install -d $(DESTDIR)/etc/radiologynet $(DESTDIR)$(prefix)/lib/systemd/system
	install -m 755 .build/release/radiologynetd .build/release/radiologynet-decode \
	  .build/release/radiologynet-lab .build/release/radiologynetctl $(DESTDIR)$(prefix)/libexec/radiologynet/
	ln -sf ../libexec/radiologynet/radiologynetd $(DESTDIR)$(prefix)/bin/radiologynetd
	ln -sf ../libexec/radiologynet/radiologynetctl $(DESTDIR)$(prefix)/bin/radiologynetctl
	test -e $(DESTDIR)/etc/radiologynet/radiologynet.toml || \
	  install -m 644 config/radiologynet.toml $(DESTDIR)/etc/radiologynet/
	install -m 644 config/body-parts.toml $(DESTDIR)/etc/radiologynet/
	install -m 644 systemd/radiologynetd.service $(DESTDIR)$(prefix)/lib/systemd/system/

clean:
	rm -rf .build demo
