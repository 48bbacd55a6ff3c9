# SPDX-License-Identifier: BSD-2-Clause
sysusers_DATA = packaging/sysusers.d/aiauth.conf
pamconfigs_DATA = packaging/pam-configs/aiauth
nodist_tmpfiles_DATA = packaging/tmpfiles.d/aiauth.conf
nodist_unit_DATA = packaging/systemd/aiauthd.service \
	packaging/systemd/aiauth-netd.service \
	packaging/systemd/aiauth-netd.socket \
	packaging/systemd/aiauth-names.service \
	packaging/systemd/aiauth-setup-revert.service \
	packaging/systemd/aiauth-metrics.service
unit_DATA = packaging/systemd/aiauth-setup-revert.timer \
	packaging/systemd/aiauth-metrics.timer

if FIDO2
nodist_unit_DATA += packaging/systemd/aiauth-keyd.service \
	packaging/systemd/aiauth-keyd.socket
udev_DATA = packaging/udev/71-aiauth-keyd.rules
endif
EXTRA_DIST += packaging/udev/71-aiauth-keyd.rules \
	packaging/systemd/aiauth-keyd.service.in \
	packaging/systemd/aiauth-keyd.socket.in

packaging_made = $(nodist_tmpfiles_DATA) $(nodist_unit_DATA)
CLEANFILES += $(packaging_made)
EXTRA_DIST += $(sysusers_DATA) $(pamconfigs_DATA) \
	packaging/tmpfiles.d/aiauth.conf.in \
	packaging/systemd/aiauthd.service.in \
	packaging/systemd/aiauth-netd.service.in \
	packaging/systemd/aiauth-netd.socket.in \
	packaging/systemd/aiauth-names.service.in \
	packaging/systemd/aiauth-setup-revert.service.in \
	packaging/systemd/aiauth-metrics.service.in $(unit_DATA)

$(packaging_made): %: %.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(SED) \
	    -e 's|@rundir[@]|$(rundir)|g' -e 's|@statedir[@]|$(statedir)|g' \
	    -e 's|@cachedir[@]|$(cachedir)|g' -e 's|@confdir[@]|$(confdir)|g' \
	    -e 's|@vendordir[@]|$(vendordir)|g' -e 's|@sbindir[@]|$(sbindir)|g' \
	    -e 's|@bindir[@]|$(bindir)|g' \
	    -e 's|@service_type[@]|$(service_type)|g' $< >$@

# What "journalctl -x" says.
dist_catalog_DATA = packaging/catalog/aiauth.catalog \
	packaging/catalog/aiauth.de.catalog

# Completion: what may follow is known to aiauthctl alone.
dist_zsh_DATA = packaging/completion/_aiauthctl
dist_fish_DATA = packaging/completion/aiauthctl.fish
EXTRA_DIST += packaging/completion/aiauthctl.bash
install-data-local: install-bash-completion install-nls
install-bash-completion:
	$(MKDIR_P) $(DESTDIR)$(bashdir)
	$(INSTALL_DATA) $(srcdir)/packaging/completion/aiauthctl.bash \
	    $(DESTDIR)$(bashdir)/aiauthctl
uninstall-local: uninstall-nls
	rm -f $(DESTDIR)$(bashdir)/aiauthctl
.PHONY: install-bash-completion

# Policies to copy and change.
policysetsdir = $(datadir)/aiauth/policy
dist_policysets_DATA = packaging/policy/inference-fleet.assert \
	packaging/policy/inference-fleet.cedar \
	packaging/policy/lab.assert packaging/policy/lab.cedar \
	packaging/policy/training-cluster.assert \
	packaging/policy/training-cluster.cedar

apparmor_DATA = packaging/apparmor/usr.libexec.aiauth.aiauth-ssh-keys \
	packaging/apparmor/usr.sbin.aiauth-netd \
	packaging/apparmor/usr.sbin.aiauthd
if FIDO2
apparmor_DATA += packaging/apparmor/usr.sbin.aiauth-keyd
endif
nameservicedir = $(apparmordir)/abstractions/nameservice.d
dist_nameservice_DATA = packaging/apparmor/aiauth

# What distributions make packages from.
EXTRA_DIST += packaging/README packaging/apparmor packaging/authselect \
	packaging/debian packaging/rpm packaging/selinux
