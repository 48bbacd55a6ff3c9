# SPDX-License-Identifier: BSD-2-Clause
dist_man_MANS += doc/aiauthctl.1
dist_man_MANS += doc/aiauth.conf.5 doc/aiauthd.8
dist_doc_DATA += doc/snapshot.md
dist_man_MANS += doc/aiauth-netd.8
dist_man_MANS += doc/aiauth-ssh-keys.8
if FIDO2
dist_man_MANS += doc/aiauth-keyd.8
endif
EXTRA_DIST += doc/aiauth-keyd.8
dist_doc_DATA += doc/directory.md doc/providers.md
dist_man_MANS += doc/aiauth-events.7 doc/libnss_aiauth.8 doc/pam_aiauth.8
dist_doc_DATA += doc/protocol.md
dist_man_MANS += doc/aiauth-policy.5
dist_doc_DATA += doc/cookbook.md
dist_doc_DATA += doc/architecture.md doc/benchmarks.md doc/threat-model.md
