# SPDX-License-Identifier: BSD-2-Clause
# One target fuzz_NAME for each parser of outside bytes, its corpus in
# tests/fuzz/corpus/NAME.  --enable-fuzz links libFuzzer; without it each target
# gets replay.c's main(), which runs the files it is given.
fuzz_targets =
EXTRA_DIST += tests/fuzz/replay.c
if FUZZ
fuzz_main =
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
fuzz_main = tests/fuzz/replay.c
fuzz_ldflags = $(AM_LDFLAGS)
endif
include tests/fuzz/cedar.mk
include tests/fuzz/common.mk
include tests/fuzz/base.mk
include tests/fuzz/nss.mk
include tests/fuzz/pam.mk
include tests/fuzz/daemon.mk
include tests/fuzz/login.mk
include tests/fuzz/vault.mk
include tests/fuzz/keeper.mk
include tests/fuzz/netd.mk
include tests/fuzz/keyd.mk
include tests/fuzz/ctl.mk
check_PROGRAMS += $(fuzz_targets)
fuzz-targets: $(fuzz_targets)
.PHONY: fuzz-targets
