# SPDX-License-Identifier: BSD-2-Clause
dist_man_MANS += doc/aiauthctl.1
