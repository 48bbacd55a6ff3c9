# SPDX-License-Identifier: BSD-2-Clause
packaging_in = packaging/tmpfiles.d/aiauth.conf.in
EXTRA_DIST += $(packaging_in)

sysusers_DATA = packaging/sysusers.d/aiauth.conf
pamconfigs_DATA = packaging/pam-configs/aiauth
EXTRA_DIST += $(sysusers_DATA) $(pamconfigs_DATA)
nodist_tmpfiles_DATA = packaging/tmpfiles.d/aiauth.conf
CLEANFILES += $(nodist_tmpfiles_DATA)

packaging/tmpfiles.d/aiauth.conf: packaging/tmpfiles.d/aiauth.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(packaging_edit) $(srcdir)/$@.in >$@

packaging_edit = $(SED) -e 's|@rundir[@]|$(rundir)|g' \
	-e 's|@statedir[@]|$(statedir)|g' -e 's|@cachedir[@]|$(cachedir)|g' \
	-e 's|@confdir[@]|$(confdir)|g' -e 's|@sbindir[@]|$(sbindir)|g'
