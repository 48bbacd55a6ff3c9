# SPDX-License-Identifier: BSD-2-Clause
include tests/unit/common.mk
include tests/unit/base.mk
include tests/unit/nss.mk
include tests/unit/pam.mk
include tests/unit/daemon.mk
include tests/unit/login.mk
include tests/unit/vault.mk
include tests/unit/keeper.mk
include tests/unit/netd.mk
include tests/unit/keyd.mk
include tests/unit/ctl.mk
include tests/unit/cedar.mk
