/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * soft.h - a security key without hardware: CTAP 2.0 with ES256 and PIN
 * protocol one, no resident keys, no extensions; alwaysUv of CTAP 2.1.
 */
#ifndef AIA_TESTS_KEYD_SOFT_H
#define AIA_TESTS_KEYD_SOFT_H

#include "common/bytes.h"

/* How it behaves, command by command: words of a file. */
struct knobs {
	bool	 no_touch;	/* nobody touches it */
	bool	 tired;		/* and it does not wait for long */
	bool	 vanish;	/* unplugged while it waits for a touch */
	bool	 mute;		/* never answers, not even to CANCEL */
	bool	 bad_sig;
	bool	 uv;		/* has a fingerprint reader */
	bool	 stranger;	/* whose finger it does not know */
	bool	 always_uv;	/* says nothing to one it has not verified */
	bool	 touch_uv;	/* signs nothing for one it has not */
	bool	 dead;		/* does not even say what it is */
	bool	 u2f;		/* knows nothing else */
	unsigned slow;		/* keep-alives before the touch */
	int64_t	 counter;	/* -1: counts as it should */
	int	 flags;		/* -1: as it should */
	int	 retries;	/* of the PIN; -1: as counted */
};

struct soft {
	uint8_t	 master[32];
	uint32_t counter;
	bool	 has_pin;
	uint8_t	 pin_hash[16], pin_token[32];
	uint8_t	 retries;	/* PINs, before it is blocked */
	uint8_t	 misses;	/* since it was plugged in */
	void	*agreement;	/* its half of the shared secret */
	/* Wait for a touch: 0, or the CTAP error to answer. */
	uint8_t	 (*touch)(void *arg);
	void	*arg;
};

void soft_init(struct soft *s, const char *pin);
void soft_clear(struct soft *s);
/* One CTAP command: the answer, status byte and all. */
void soft_command(struct soft *s, const struct knobs *k, struct aia_span in,
    struct aia_wr *out);

#endif
