/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * begin.c - what the daemon is told at the start of a phase.
 */
#include "config.h"

#include "pam_aiauth/begin.h"

#include <fcntl.h>
#include <security/pam_modules.h>
#include <unistd.h>

#include "common/id.h"

#define ID_UNSET UINT32_MAX	/* what the kernel shows where none was set */

static const uint32_t wire_phases[PHASES] = {
	[PHASE_AUTH] = AIA_PHASE_AUTH,
	[PHASE_ACCOUNT] = AIA_PHASE_ACCOUNT,
	[PHASE_OPEN_SESSION] = AIA_PHASE_OPEN_SESSION,
	[PHASE_CLOSE_SESSION] = AIA_PHASE_CLOSE_SESSION,
};

const char *
begin_item(pam_handle_t *pamh, int item)
{
	const void *v = NULL;
	const char *s;

	if (pam_get_item(pamh, item, &v) != PAM_SUCCESS || v == NULL)
		return NULL;
	s = v;
	return s[0] == '\0' ? NULL : s;
}

const struct pam_conv *
begin_conv(pam_handle_t *pamh)
{
	const void *v = NULL;
	const struct pam_conv *conv;

	if (pam_get_item(pamh, PAM_CONV, &v) != PAM_SUCCESS || v == NULL)
		return NULL;
	conv = v;
	return conv->conv == NULL ? NULL : conv;
}

/* What is too long is refused by aia_encode(): cut short it would be a lie. */
static void
text_field(const char *s, unsigned field, struct aia_span *ret, uint32_t *has)
{
	*ret = aia_span_str(s);
	*has |= s == NULL ? 0 : AIA_BIT(field);
}

/*
 * sshd's own word on how the person came in.  Other services, and other phases
 * of sshd, may show what the person's ~/.pam_environment says.
 */
static void
ssh_field(pam_handle_t *pamh, enum phase phase, struct aia_m_begin *b)
{
	if (phase != PHASE_AUTH && phase != PHASE_OPEN_SESSION)
		return;
	if (!aia_span_eq(b->service, aia_span_str("sshd")))
		return;
	text_field(pam_getenv(pamh, "SSH_AUTH_INFO_0"),
	    AIA_BEGIN_F_SSH_AUTH_INFO, &b->ssh_auth_info, &b->has);
}

static void
id_field(const char *path, unsigned field, uint32_t *ret, uint32_t *has)
{
	char buf[16];
	uint32_t id = ID_UNSET;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)	/* a kernel without audit */
		return;
	n = read(fd, buf, sizeof(buf));
	(void)close(fd);
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	if (n <= 0 || aia_id_parse(buf, (size_t)n, &id) < 0 || id == ID_UNSET)
		return;
	*ret = id;
	*has |= AIA_BIT(field);
}

void
begin_fill(pam_handle_t *pamh, enum phase phase, bool is_silent,
    const struct who *who, struct aia_m_begin *ret)
{
	struct aia_m_begin b = {
		.phase = wire_phases[phase],
		.service = aia_span_str(begin_item(pamh, PAM_SERVICE)),
		.user = who->user,
		.target = who->target,
		.caller_uid = getuid(),
	};

	b.flags |= who->is_local ? AIA_BEGIN_LOCAL : 0;
	b.flags |= is_silent ? AIA_BEGIN_SILENT : 0;
	b.flags |= begin_conv(pamh) == NULL ? AIA_BEGIN_NO_PROMPT : 0;
	if (b.target.s[0] != '\0')
		b.has |= AIA_BIT(AIA_BEGIN_F_TARGET);
	text_field(begin_item(pamh, PAM_TTY), AIA_BEGIN_F_TTY, &b.tty, &b.has);
	text_field(begin_item(pamh, PAM_RHOST), AIA_BEGIN_F_RHOST, &b.rhost,
	    &b.has);
	ssh_field(pamh, phase, &b);
	id_field("/proc/self/sessionid", AIA_BEGIN_F_AUDIT_SESSION,
	    &b.audit_session, &b.has);
	id_field("/proc/self/loginuid", AIA_BEGIN_F_LOGINUID, &b.loginuid,
	    &b.has);
	*ret = b;
}
