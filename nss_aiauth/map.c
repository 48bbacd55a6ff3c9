/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map.c - the process's current snapshot.
 *
 * A slot holds one mapped snapshot and counts who uses it; being the current
 * one counts as a use.  So the old snapshot goes away when the last look-up in
 * it has returned.  Slots are static and few: if all are taken (a child that
 * was forked again and again in the middle of other threads' look-ups may lose
 * some), the look-up opens a snapshot for itself alone, as it does where
 * nothing can be mapped.  Slower, never wrong.
 */
#include "config.h"

#include "nss_aiauth/map.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define N_SLOTS 8
#define CHECK_MS 250		/* how old a look at the path may be */
#define SLOT_BITS 4		/* of 'current' */
_Static_assert(N_SLOTS < 1 << SLOT_BITS, "slots have numbers");

/* A slot's state; what is between them counts its uses. */
#define SLOT_FREE 0
#define SLOT_BUSY UINT32_MAX

struct map_slot {
	_Atomic uint32_t	uses;
	struct aia_snapshot	snap;	/* constant while in use */
};

static struct map_slot slots[N_SLOTS];
/* The current slot's number, from 1 on, or 0; above it how often that changed:
 * never the same value twice while somebody looks. */
static _Atomic uint32_t current;
static _Atomic uint32_t checked_ms;

static bool
slot_hold(struct map_slot *slot)
{
	uint32_t n = atomic_load(&slot->uses);

	do {
		if (n == SLOT_FREE || n == SLOT_BUSY)
			return false;
	} while (!atomic_compare_exchange_weak(&slot->uses, &n, n + 1));
	return true;
}

static void
slot_drop(struct map_slot *slot)
{
	uint32_t n = atomic_load(&slot->uses);

	do {
		if (n == SLOT_FREE || n == SLOT_BUSY)
			return;
	} while (!atomic_compare_exchange_weak(&slot->uses, &n,
	    n == 1 ? SLOT_BUSY : n - 1));
	if (n != 1)
		return;
	aia_snapshot_close(&slot->snap);
	atomic_store(&slot->uses, SLOT_FREE);
}

/* A slot with this snapshot, used twice: by us and by being current. */
static struct map_slot *
slot_fill(const struct aia_snapshot *snap)
{
	uint32_t n;

	for (size_t i = 0; i < N_SLOTS; i++) {
		n = SLOT_FREE;
		if (!atomic_compare_exchange_strong(&slots[i].uses, &n,
		    SLOT_BUSY))
			continue;
		slots[i].snap = *snap;
		atomic_store(&slots[i].uses, 2);
		return &slots[i];
	}
	return NULL;
}

static struct map_slot *
current_slot(uint32_t word)
{
	uint32_t number = word & ((1 << SLOT_BITS) - 1);

	return number == 0 ? NULL : &slots[number - 1];
}

/* False: it has changed since it was 'was'. */
static bool
current_set(uint32_t was, const struct map_slot *is)
{
	uint32_t number = is == NULL ? 0 : (uint32_t)(is - slots) + 1;
	struct map_slot *old = current_slot(was);

	if (!atomic_compare_exchange_strong(&current, &was,
	    ((was >> SLOT_BITS) + 1) << SLOT_BITS | number))
		return false;
	if (old != NULL)
		slot_drop(old);
	return true;
}

/* NULL: there is none.  *ret_word is for current_set(). */
static struct map_slot *
current_hold(uint32_t *ret_word)
{
	struct map_slot *slot;

	for (;;) {
		*ret_word = atomic_load(&current);
		slot = current_slot(*ret_word);
		if (slot == NULL)
			return NULL;
		/* Who replaces the current one does so before he drops it, so
		 * a slot found unused is not current any more; one in use may
		 * be somebody's who filled it anew. */
		if (!slot_hold(slot))
			continue;
		if (atomic_load(&current) == *ret_word)
			return slot;
		slot_drop(slot);
	}
}

/* Once in CHECK_MS for one of all threads.  The time itself is the lock, so
 * a thread lost by fork() holds nothing up. */
static bool
check_due(void)
{
	struct timespec ts = { 0 };
	uint32_t last = atomic_load(&checked_ms), now;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	now = (uint32_t)((uint64_t)ts.tv_sec * 1000 +
	    (uint64_t)ts.tv_nsec / 1000000);
	return now - last >= CHECK_MS &&
	    atomic_compare_exchange_strong(&checked_ms, &last, now);
}

/*
 * Take over 'own', opened since 'current' was 'word', as what this look-up
 * uses, and the next ones if it can be.
 *
 * Nobody may see a snapshot and then an older one.  So what becomes current was
 * opened after the last change of 'current', and to use one that does not is a
 * change too: it stops whoever opened an older one before.
 */
static void
adopt(struct map_ref *ref, uint32_t word)
{
	struct map_slot *slot = NULL, *theirs;

	if (aia_snapshot_is_mapped(&ref->own))
		slot = slot_fill(&ref->own);
	ref->slot = slot;
	ref->snap = slot != NULL ? &slot->snap : &ref->own;
	if (current_set(word, slot))
		return;
	if (slot != NULL)
		slot_drop(slot);	/* is not current after all */
	while ((theirs = current_hold(&word)) == NULL)
		if (current_set(word, NULL))
			return;
	map_release(ref);
	ref->slot = theirs;
	ref->snap = &theirs->snap;
}

static int
open_first(struct map_ref *ref, uint32_t word)
{
	int r = -ENOENT, tried;

	for (size_t i = 0; map_paths[i] != NULL; i++) {
		tried = aia_snapshot_open(map_paths[i], map_owner(), &ref->own);
		if (tried == 0) {
			(void)check_due();	/* this was it */
			adopt(ref, word);
			return 0;
		}
		if (tried != -ENOENT)
			r = tried;
	}
	return r;
}

/*
 * Look for a successor of what ref holds.  One that cannot be opened (chroot,
 * no descriptor left, sandbox) leaves what we have.
 */
static void
renew(struct map_ref *ref, uint32_t word)
{
	struct map_slot *old = ref->slot;

	for (size_t i = 0; map_paths[i] != NULL; i++) {
		if (aia_snapshot_is_at(ref->snap, map_paths[i]))
			return;
		if (aia_snapshot_open(map_paths[i], map_owner(),
		    &ref->own) == 0) {
			adopt(ref, word);
			slot_drop(old);
			return;
		}
	}
}

int
map_acquire(struct map_ref *ref)
{
	uint32_t word;

	ref->snap = NULL;
	ref->slot = current_hold(&word);
	if (ref->slot == NULL)
		return open_first(ref, word);
	ref->snap = &ref->slot->snap;
	if (check_due())
		renew(ref, word);
	return 0;
}

void
map_release(struct map_ref *ref)
{
	if (ref->snap == NULL)
		return;
	if (ref->slot != NULL)
		slot_drop(ref->slot);
	else
		aia_snapshot_close(&ref->own);
	ref->snap = NULL;
}

bool
map_may_stay(const struct map_ref *ref)
{
	return aia_snapshot_is_mapped(ref->snap);
}

/* dlclose(): at exit a look-up of another thread still keeps what it uses. */
static __attribute__((destructor)) void
unload(void)
{
	(void)current_set(atomic_load(&current), NULL);
}
