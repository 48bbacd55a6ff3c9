/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idp.h - identity providers behind one table.
 *
 * A provider turns one sync job into records, and may say how one user stands;
 * it knows neither the caller's socket nor the directory's rules.  To add one: a file, and a line in idp.c.
 */
#ifndef AIA_NETD_IDP_IDP_H
#define AIA_NETD_IDP_IDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/netcall.h"

struct grant;
struct http;

/* Where records go.  Below 0: nobody wants more of them, stop. */
struct idp_sink {
	int	(*put)(void *arg, const struct aia_message *m,
		    const void *record);
	void	*arg;
};

struct idp_job {
	const struct conf_source *source;
	const struct conf_attribute *attributes;	/* of users */
	size_t		 n_attributes;
	const char	*credentials_dir;	/* NULL: there is none */
	enum netcall_mode mode;
	struct aia_span	 cursor;	/* not there: none */
	struct aia_span	 object_id;	/* check: of the user */
	int		 cancel_fd;	/* readable or closed: give up */
	int64_t		 deadline_ms;
	const struct grant *grant;	/* of this source, kept from before */
	int		 keep_fd;	/* to have the next one kept: grants.h */
	const struct idp_sink *sink;
};

/* How a job ended: the RESULT of the call. */
struct idp_end {
	struct netcall_result	result;		/* text points below */
	char			text[NETCALL_TEXT_MAX + 1];
};

struct idp_ops {
	const char	*name;		/* as the configuration spells it */
	bool		 has_deltas;	/* or else only NETCALL_FULL */
	/*
	 * Send LISTING_BEGIN, records, LISTING_END and fill *end; or fill
	 * *end with the cause and stop at any point before LISTING_END.
	 * Below 0: the sink said so or there is no memory; *end is as it was.
	 */
	int		(*sync)(const struct idp_job *job,
			    struct idp_end *end);
	/*
	 * How does the user of job->object_id stand, now?  Fill *end by
	 * idp_end_standing(), or with the cause why nobody can say; a user whom
	 * the rules of a listing would take is taken here.  No records.
	 * Below 0: there is no memory; *end is as it was.
	 *
	 * NULL: nobody can ask about one user; conf_provider_checks() says so
	 * as well.
	 */
	int		(*check)(const struct idp_job *job,
			    struct idp_end *end);
};

extern const struct idp_ops idp_file, idp_graph, idp_keycloak, idp_scim;

/* NULL if there is none of that name. */
const struct idp_ops *idp_find(const char *name);

/* Fill *end; the text is cut where it is too long, and what could not stand
 * in a log line or on a terminal becomes '?'. */
void idp_end_set(struct idp_end *end, enum netcall_outcome outcome,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A request to url that brought no answer: the code and the words of http.h. */
void idp_end_http(struct idp_end *end, const char *url, const struct http *h,
    int r);
/* More objects than the source may have. */
void idp_end_too_many(struct idp_end *end, const struct conf_source *source);
/* The server's clock at this answer, or -1: not said. */
void idp_end_date(struct idp_end *end, int64_t date_s);
/* NETCALL_OK, and what was found out. */
void idp_end_standing(struct idp_end *end, enum netcall_standing standing);

/*
 * An object id, or a name, from outside, as one segment of a URL's path.  0, or
 * AIA_EPROTO: empty, too long, or nothing but dots, which would mean another
 * path.
 */
#define IDP_SEGMENT_LEN_MAX 256	/* bytes of it */
#define IDP_SEGMENT_MAX (IDP_SEGMENT_LEN_MAX * 3 + 1)
AIA_MUST_USE int idp_segment(struct aia_span id, char ret[IDP_SEGMENT_MAX]);

/* Of the source's url, without the '/' at its end. */
size_t idp_base_len(const struct idp_job *job);

/* Of everything in the configuration on which records of this source depend. */
uint64_t idp_job_hash(const struct idp_job *job);

#endif
