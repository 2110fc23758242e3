# SPDX-License-Identifier: GPL-2.0
#
# TLS as a socket protocol of the Linux kernel. "make help" lists the targets;
# the work is done by scripts/ (set-up, kernel) and tools/testing/tls_ssa/
# (guest, host build).

ifneq ($(KERNELRELEASE),)
$(error this Makefile is not part of a kernel build; see scripts/integrate)
endif

SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

export DEBUG KCSAN SSA KERNEL BEARSSL S2N_BIGNUM SETUP FUZZ_SECONDS FILTER
export CPUS MEM TIMEOUT APPEND QEMU_EXTRA NOMODULES FAULTS PLANTED CALLS SEED
# The command as it was typed: make would take its $ for variables.
override CMD := $(value CMD)
export CMD
SECONDS ?= 600
KDIR ?= /lib/modules/$(shell uname -r)/build
HOST := tools/testing/tls_ssa/host

help:
	@sed -n '/^## help/,/^## end/{/^## /d;s/^# \{0,1\}//;p}' Makefile

## help
# Secure Socket API: TLS as a protocol of the Linux kernel
#
#   make demo              everything from a fresh clone to curl, nginx and the
#                          programs of the article talking TLS in a QEMU guest
#   make test              every test; the last line says "N passed, N failed,
#                          N skipped"
#   make check             checkpatch, sparse, W=1, kernel-doc, shellcheck, ssactl
#   make bench             handshakes/s against OpenSSL; instructions per MiB
#   make fuzz SECONDS=600  each fuzz target for so long
#   make soak SECONDS=600  connections under load and stalled peers, in the guest
#   make storm SECONDS=600 random calls of threads on shared sockets, under the
#                          checkers; PLANTED=1: with a race that has to be found
#   make slips             slips put into the code one by one: do the tests notice?
#                          In User Mode Linux; SLIPS='NAME…' only these
#   make bogo              BoringSSL's protocol tests, in User Mode Linux
#
#   make setup             packages, kernel source, BearSSL, s2n-bignum, integration
#   make kernel            the guest's kernel and the modules
#   make modules           the modules only (quick)
#   make guest CMD='…'     run a command in the guest (make answers 2 for any
#                          failure; tools/testing/tls_ssa/guest '…' has the
#                          command's own status)
#   make shell             a shell in the guest
#   make kunit FILTER=…    KUnit natively, in User Mode Linux
#
#   make ssactl            the administrator's command, into build/ssactl
#   make -C tools/net/ssa install DESTDIR=… PREFIX=/usr/local
#                          it, its manual pages, policies, completion and unit
#
#   make modules KDIR=…    out of tree, for another kernel: into build/modules
#   make patch             the integration as one patch on standard output
#   make clean             remove build/
#
# Settings: DEBUG=1 (KASAN, lockdep, kmemleak, UBSAN), KCSAN=1 (data races),
# SSA=y (built in), KERNEL=dir (another source tree), BEARSSL=tarball,
# S2N_BIGNUM=directory|deb|tarball|none, SETUP=0 (do not look at packages), CPUS= MEM=
# TIMEOUT= APPEND= QEMU_EXTRA= NOMODULES=1 for the guest, FUZZ_SECONDS=60 for the tests.
## end

setup kernel demo test kunit bench:
	@scripts/steps $@

# For the guest's kernel, or for the one at KDIR.
modules:
ifeq ($(origin KDIR),file)
	@scripts/steps modules
else
	@scripts/out-of-tree "$(KDIR)"
endif

check:
	@scripts/steps setup && scripts/check

guest:
	@scripts/steps ready && tools/testing/tls_ssa/guest "$$CMD"

shell:
	@scripts/steps ready && tools/testing/tls_ssa/guest -i

fuzz:
	@scripts/steps setup && $(MAKE) -C $(HOST) fuzz SECONDS=$(SECONDS)

soak:
	@scripts/steps ready && TIMEOUT=$$(($(SECONDS) * 2 + 900)) \
		tools/testing/tls_ssa/guest 'tools/testing/selftests/net/tls_ssa/soak.sh $(SECONDS)'

storm: export DEBUG := 1
storm:
	@scripts/steps ready && tools/testing/tls_ssa/storm/storm $(SECONDS)

slips:
	@scripts/steps setup >&2 && $(MAKE) -s -C tools/testing/selftests/net/tls_ssa all pki && \
		tools/testing/tls_ssa/slips/slips $(SLIPS)

bogo:
	@scripts/steps setup >&2 && tools/testing/tls_ssa/bogo/run $(PATTERN)

ssactl:
	@$(MAKE) -s -C tools/net/ssa

patch:
	@scripts/steps setup >&2 && scripts/make-patch

clean:
	rm -rf build

.PHONY: help setup kernel demo test kunit bench modules check guest shell fuzz soak bogo storm slips ssactl patch clean
