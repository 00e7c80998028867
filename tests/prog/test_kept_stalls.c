/* SPDX-License-Identifier: MIT */
/* Stalls in an SMMU with caches: what is retried meets memory and structures as they then
 * are.  3.12.2, 3.21.3, 4.3.8 */
#include "run.h"
#include "stalls.h"

#include <check.h>

static struct machine *started_with_caches(void)
{
	struct machine *m = stalling(4);

	m->config.caches = (struct smmu3_caches){ 64, 64, 64, 64, 64, 0, 0, 0, 0, 0 };
	start_machine(m);
	return m;
}

static struct command cfgi_cd(uint32_t sid)
{
	return (struct command){ { 0x05 | (uint64_t)sid << 32, 1 } };
}

/* TLB-10: a descriptor that became valid needs no command before CMD_RESUME, in any stage
 */
START_TEST(a_retried_access_sees_the_descriptor_that_was_mended)
{
	static const uint32_t sids[] = { 1, 2, 5 }; /* stage 1, 2, both */

	for (int i = 0; i < COUNT(sids); i++) {
		struct machine *m = started_with_caches();
		const uint16_t stag = stall(m, sids[i], 7);

		mend(m, sids[i]);
		look_away(m);
		submit(m, resume(sids[i], stag, RETRY));
		expect_end(m, 0, 7, SMMU3_STALL_RETRY);
		pass(m, sids[i]);
		close_machine(m);
	}
}
END_TEST

/* CFG-09: commands for structures and translations end no wait */
START_TEST(an_invalidation_leaves_a_stalled_access_alone)
{
	struct machine *m = started_with_caches();
	const uint16_t stag = stall(m, 1, 7);

	look_away(m);
	submit(m, CFGI_ALL);
	submit(m, NSNH_ALL);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(count(m, ENDED), 0);
	mend(m, 1);
	submit(m, resume(1, stag, RETRY));
	expect_end(m, 0, 7, SMMU3_STALL_RETRY);
	pass(m, 1);
	close_machine(m);
}
END_TEST

/* CFG-09, CFG-02: a structure that changed meanwhile counts at the retry, once its command has been
 * given
 */
START_TEST(a_retried_access_sees_the_cd_that_was_invalidated)
{
	struct machine *m = started_with_caches();
	const uint16_t first = stall(m, 1, 7);

	*cd(m, 1, 0) &= ~CD_S;
	submit(m, resume(1, first, RETRY));
	const uint16_t second = stall(m, 1, 7); /* the CD is kept */

	submit(m, cfgi_cd(1));
	submit(m, resume(1, second, RETRY));
	ck_assert_uint_eq(ask(m, 1, 7, 0).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_retried_access_sees_the_descriptor_that_was_mended);
	tcase_add_test(tests, an_invalidation_leaves_a_stalled_access_alone);
	tcase_add_test(tests, a_retried_access_sees_the_cd_that_was_invalidated);
}

int main(void)
{
	return run("kept_stalls", add);
}
