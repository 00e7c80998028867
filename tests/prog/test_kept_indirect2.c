/* SPDX-License-Identifier: MIT */
/* What is kept of pages with indirect permissions of stage 2, in every cache that there is, by
 * every way in: what S2PII and S2POI say is not kept with it. */
#include "ported.h"
#include "run.h"

#include <check.h>

#define S2PIE (UINT64_C(1) << 60)
#define S2POE (UINT64_C(1) << 61)

enum { STREAM_1, STREAM_2, STREAM_BOTH, CACHES = 64, S2PII = 0x30 };
enum { RO = 8, RW = 12 };
enum { READ_ALONE = 9, ALL_DATA = 27 }; /* enum smmu3_perm: UR, PR; with UW, PW */

/* A page of these indices, dirty: AF, ISH, MemAttr 1111.  D8.3.1.2 */
static uint64_t page_of(uint64_t output, unsigned pi, unsigned po)
{
	return output | 0x7bf | (uint64_t)(pi & 1) << 6 | (uint64_t)(pi >> 1 & 1) << 51 |
	       (uint64_t)(pi >> 2 & 3) << 53 | (uint64_t)po << 59;
}

static uint64_t code_at(unsigned index, unsigned code)
{
	return (uint64_t)code << 4 * index;
}

/* Of both streams that have a stage 2 all pages have PIIndex 5, POIndex 6; of tables and CDs all
 * are mapped with indices that grant all.  PIIndex of a block of everybody's Normal memory is 1. */
static struct ported indirect(uint64_t bits, bool window)
{
	struct machine *m = portable(CACHES, window);

	m->config.aidr = 3;
	m->config.idr[0] |= 1u << 9;             /* Hyp */
	m->config.idr[3] |= 3u << 13 | 3u << 19; /* E0PD, PTWNNC; S2PI, S2PO */
	start_machine(m);
	struct ported p = open_ported(m);

	for (int i = STREAM_2; i <= STREAM_BOTH; i++) {
		const struct space *space = &ported_spaces[i];
		uint64_t *const ste = ram_at(m, STREAMS_AT + 64 * space->sid);

		ste[2] |= S2PIE | bits;
		ste[7] = code_at(0, 15) | code_at(6, RW);
		for (unsigned page = 1; page <= 3; page++)
			put_s2(m, space, page, page_of(HERE + PAGE(page), 5, 6));
	}
	set_reg64(m, S2PII, code_at(1, 15) | code_at(5, RW));
	return p;
}

static unsigned perm_of(struct ported *p, int space, enum way way, unsigned flags)
{
	const struct smmu3_txn txn = { .addr = PAGE(1),
				       .bytes = 4,
				       .sid = ported_spaces[space].sid,
				       .flags = (uint16_t)flags };
	const struct smmu3_outcome outcome = outcome_of(p, &txn, way);

	return outcome.verdict == SMMU3_OK ? outcome.perm : 0;
}

static void expect_perm(struct ported *p, unsigned perm)
{
	for (int space = STREAM_2; space <= STREAM_BOTH; space++)
		for (enum way way = 0; way < WAYS; way++)
			for (unsigned i = 0; i < 2; i++) {
				ck_assert_uint_eq(perm_of(p, space, way, 0), perm);
				ck_assert_uint_eq(perm_of(p, space, way, SMMU3_TXN_WRITE),
						  perm & 16 ? perm : 0);
			}
}

/* TLB-15: of an output address the overlay is that of the STE, which is read anew after CFGI_STE:
 * translations may stay */
START_TEST(an_overlay_is_not_kept_with_a_translation)
{
	struct ported p = indirect(S2POE, _i);

	expect_perm(&p, ALL_DATA);
	for (int i = STREAM_2; i <= STREAM_BOTH; i++) {
		ram_at(p.m, STREAMS_AT + 64 * ported_spaces[i].sid)[7] = code_at(0, 15) |
									 code_at(6, RO);
		finish(p.m, cfgi_ste(ported_spaces[i].sid, 1));
	}
	expect_perm(&p, READ_ALONE);
	close_ported(&p);
}
END_TEST

/* CR-033, PERM-27: what S2PII says counts at once */
START_TEST(a_base_permission_is_that_of_s2pii_as_it_is)
{
	struct ported p = indirect(_i & 2 ? S2POE : 0, _i & 1);

	expect_perm(&p, ALL_DATA);
	set_reg64(p.m, S2PII, code_at(1, 15) | code_at(5, RO));
	expect_perm(&p, READ_ALONE);
	set_reg64(p.m, S2PII, code_at(1, 15) | code_at(5, RW));
	expect_perm(&p, ALL_DATA);
	close_ported(&p);
}
END_TEST

/* PERM-27: pages that differ in one bit of an index, side by side: what is known of one is not
 * taken for the other */
START_TEST(pages_differ_in_every_bit_of_their_indices)
{
	static const uint8_t pi[] = { 4, 7, 1, 13, 5, 5, 5, 5 }, po[] = { 6, 6, 6, 6, 7, 4, 2, 14 };
	struct ported p = indirect(S2POE, _i & 1);
	const unsigned n = (unsigned)_i / 2;

	for (int i = STREAM_2; i <= STREAM_BOTH; i++) {
		const struct space *space = &ported_spaces[i];

		put_s2(p.m, space, 2, page_of(HERE + PAGE(2), pi[n], po[n]));
		if (i == STREAM_BOTH)
			put_s1(p.m, space, 2, s1_page(PAGE(2)));
	}
	set_reg64(p.m, S2PII,
		  code_at(1, 15) | code_at(5, RW) | code_at(pi[n], pi[n] == 5 ? RW : RO));
	for (int space = STREAM_2; space <= STREAM_BOTH; space++)
		for (unsigned k = 0; k < 3 * WAYS; k++) {
			const struct smmu3_txn second = { .addr = PAGE(2),
							  .bytes = 4,
							  .sid = ported_spaces[space].sid };
			const struct smmu3_outcome outcome = outcome_of(&p, &second,
									(enum way)(k % WAYS));

			ck_assert_uint_eq(perm_of(&p, space, (enum way)(k % WAYS), 0), ALL_DATA);
			/* PIIndex 1 grants everything; a POIndex other than 6 nothing */
			ck_assert_uint_eq(outcome.verdict == SMMU3_OK ? outcome.perm : 0,
					  po[n] != 6 ? 0 :
					  pi[n] == 1 ? ALL_DATA :
						       READ_ALONE);
		}
	close_ported(&p);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_overlay_is_not_kept_with_a_translation, 0, 2);
	tcase_add_loop_test(tests, a_base_permission_is_that_of_s2pii_as_it_is, 0, 4);
	tcase_add_loop_test(tests, pages_differ_in_every_bit_of_their_indices, 0, 16);
}

int main(void)
{
	return run("kept_indirect2", add);
}
