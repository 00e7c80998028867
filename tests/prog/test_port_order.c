/* SPDX-License-Identifier: MIT */
/* An invalidation is several steps, each under a lock of its own: whoever translates between two of
 * them leaves nothing behind that is used when it is over.  3.21.1, docs/concurrency.md */
#include "ported.h"
#include "run.h"

#include <check.h>
#include <pthread.h>

/* The access that is made after the n-th unlock, while an invalidation is made. */
static struct {
	struct ported *p;
	int space;
	enum way way;
	unsigned n, unlocks;
	bool on;
} between;

int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	const int result = __real_pthread_mutex_unlock(mutex);

	if (!between.on || between.unlocks++ != between.n)
		return result;
	between.on = false;
	(void)page_goes(between.p, between.space, between.way);
	between.on = true;
	return result;
}

static void remove_by_command(struct machine *m)
{
	submit_with_sync(m, nh_va(3, 5, PAGE(1), 1));
}

static void remove_by_broadcast(struct machine *m)
{
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
						  .vmid = 3,
						  .any_asid = 1,
						  .addr = PAGE(1),
						  .bytes = 4096 };

	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
}

/* The STE goes, and what is known of translations. */
static void remove_structures(struct machine *m)
{
	queue_command(m, cfgi_ste(1, 1));
	submit_with_sync(m, nh_all(3));
}

/* It stays as it was before, and everything behind keeps it; when it has been removed nobody uses
 * it any more, whoever looked at whatever moment meanwhile. */
static bool removes(struct ported *p, enum way way, unsigned n, void (*remove)(struct machine *m))
{
	expect_goes(p, 0, HERE + PAGE(1));
	(remove == remove_structures ? put_elsewhere : put_there)(p->m, 0);
	between.p = p;
	between.way = way;
	between.n = n;
	between.unlocks = 0;
	between.on = true;
	remove(p->m);
	between.on = false;
	for (enum way later = 0; later < WAYS; later++)
		ck_assert_uint_eq(page_goes(p, 0, (way + later) % WAYS), THERE + PAGE(1));
	return between.unlocks > n; /* there was such a moment */
}

/* TLB-35, TLB-36, CMD-SYNC-6, CMD-SYNC-7: at every moment, by every way */
START_TEST(nothing_is_learnt_between_the_steps_of_an_invalidation)
{
	static void (*const rows[])(struct machine *) = { remove_by_command, remove_by_broadcast,
							  remove_structures };

	for (enum way way = 0; way < WAYS; way++) {
		unsigned n = 0;
		bool more = true;

		while (more) {
			struct ported p = ported(16, true);

			p.m->quiet = true;
			more = removes(&p, way, n++, rows[_i]);
			close_ported(&p);
		}
		ck_assert_uint_gt(n, 2);
	}
}
END_TEST

/* Accesses pass by. */
static void disable(struct machine *m)
{
	set_reg(m, CR0, CMDQEN | EVENTQEN);
}

/* 6.3.9.6: likewise of registers */
START_TEST(nothing_is_learnt_while_registers_change)
{
	for (enum way way = 0; way < WAYS; way++) {
		for (unsigned n = 0; n < 8; n++) {
			struct ported p = ported(16, true);

			expect_goes(&p, 0, HERE + PAGE(1));
			between.p = &p;
			between.way = way;
			between.n = n;
			between.unlocks = 0;
			between.on = true;
			disable(p.m);
			between.on = false;
			expect_goes(&p, 0, PAGE(1));
			close_ported(&p);
		}
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, nothing_is_learnt_between_the_steps_of_an_invalidation, 0, 3);
	tcase_add_test(tests, nothing_is_learnt_while_registers_change);
}

int main(void)
{
	return run("port_order", add);
}
