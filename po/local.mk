# SPDX-License-Identifier: BSD-2-Clause
# Translations: a language more is a word more here, and in base/lang.h.
# For aiauthctl they are installed, for the daemons compiled in (base/lang.c).
languages = de
EXTRA_DIST += $(languages:%=po/%.po)

if NLS
mo_files = $(languages:%=po/%.mo)
endif
all-local: $(mo_files)
CLEANFILES += $(mo_files)
%.mo: %.po
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(MSGFMT) --check -o $@ $<
install-nls: $(mo_files)
	for mo in $(mo_files); do l=$${mo##*/}; l=$${l%.mo}; \
		d=$(DESTDIR)$(localedir)/$$l/LC_MESSAGES; \
		$(MKDIR_P) $$d && $(INSTALL_DATA) $$mo $$d/aiauth.mo || exit 1; \
	done
uninstall-nls:
	for l in $(languages); do \
		rm -f $(DESTDIR)$(localedir)/$$l/LC_MESSAGES/aiauth.mo; \
	done

# Every text has a translation, and each its values.
check-po: aiauthctl/aiauthctl
	$(srcdir)/tests/po.sh $(srcdir) aiauthctl/aiauthctl
check-local: check-po
EXTRA_DIST += tests/po.sh
.PHONY: install-nls uninstall-nls check-po
