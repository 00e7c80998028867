/* SPDX-License-Identifier: MIT */
/* What is kept of pages with indirect permissions of stage 1, in every cache that there is, by
 * every way in: what PIIP and PIIU say is not kept with it, and a clean page stays one that is. */
#include "ported.h"
#include "run.h"

#include <check.h>

#define S1PIE (UINT64_C(1) << 24)
#define PIE (UINT64_C(1) << 59)
#define NDIRTY (UINT64_C(1) << 7)
#define AIE (UINT64_C(1) << 3)

enum { STREAM_1, STREAM_2, STREAM_BOTH, CACHES = 64 };
enum { RO = 1, RW = 5 };
enum { READ_ALONE = 9, ALL_DATA = 27 }; /* enum smmu3_perm: UR, PR; with UW, PW */

/* A page with this PIIndex, dirty: AF, ISH, nG, AttrIndx 0.  D8.3.1.2 */
static uint64_t page_of(uint64_t output, unsigned pi)
{
	return output | 0xf03 | (uint64_t)(pi & 1) << 6 | (uint64_t)(pi >> 1 & 1) << 51 |
	       (uint64_t)(pi >> 2 & 3) << 53;
}

static uint64_t code_at(unsigned index, unsigned code)
{
	return (uint64_t)code << 3 * index;
}

static uint64_t output_of(int space, unsigned page)
{
	return space == STREAM_1 ? HERE + PAGE(page) : PAGE(page);
}

static uint64_t *leaf(const struct ported *p, int space, unsigned page)
{
	return ram_at(p->m, table1(&ported_spaces[space], 3) + 8 * page);
}

static uint64_t *cd_word(const struct ported *p, int space, unsigned word)
{
	return &ram_at(p->m, cd_at(&ported_spaces[space], 0))[word];
}

static void say(struct ported *p, uint64_t codes)
{
	for (int i = STREAM_1; i <= STREAM_BOTH; i += STREAM_BOTH) {
		*cd_word(p, i, 6) = codes;
		*cd_word(p, i, 7) = codes;
	}
}

/* Pages of both streams that have a stage 1 have PIIndex 5, of which both sides may read and
 * write. */
static struct ported indirect(bool window, bool updates)
{
	struct machine *m = portable(CACHES, window);

	m->config.aidr = 3;
	m->config.idr[0] |= 1u << 9 | 2u << 6;   /* Hyp, HTTU */
	m->config.idr[3] |= 3u << 13 | 1u << 18; /* E0PD, PTWNNC; S1PI */
	m->config.idr[3] |= 1u << 23;            /* AIE */
	start_machine(m);
	struct ported p = open_ported(m);

	for (int i = STREAM_1; i <= STREAM_BOTH; i += STREAM_BOTH) {
		ram_at(m, STREAMS_AT + 64 * (uint64_t)ported_spaces[i].sid)[1] |= S1PIE;
		*cd_word(&p, i, 0) |= updates ? UINT64_C(3) << 42 : 0; /* HA, HD */
		*cd_word(&p, i, 2) |= PIE;
		for (unsigned page = 1; page <= 3; page++)
			*leaf(&p, i, page) = page_of(output_of(i, page), 5);
	}
	say(&p, code_at(5, RW));
	return p;
}

static struct smmu3_outcome outcome_at(struct ported *p, int space, unsigned page, enum way way,
				       unsigned flags)
{
	const struct smmu3_txn txn = { .addr = PAGE(page),
				       .bytes = 4,
				       .sid = ported_spaces[space].sid,
				       .flags = (uint16_t)flags };

	return outcome_of(p, &txn, way);
}

static unsigned perm_of(struct ported *p, int space, unsigned page, enum way way, unsigned flags)
{
	const struct smmu3_outcome outcome = outcome_at(p, space, page, way, flags);

	return outcome.verdict == SMMU3_OK ? outcome.perm : 0;
}

static void expect_perm(struct ported *p, unsigned perm)
{
	for (int space = STREAM_1; space <= STREAM_BOTH; space += STREAM_BOTH)
		for (enum way way = 0; way < WAYS; way++)
			for (unsigned i = 0; i < 2; i++) {
				ck_assert_uint_eq(perm_of(p, space, 1, way, 0), perm);
				ck_assert_uint_eq(perm_of(p, space, 1, way, SMMU3_TXN_WRITE),
						  perm & 16 ? perm : 0);
			}
}

/* PERM-25, TLB-12: codes are those of the CD, which is read anew after CFGI_CD: translations may
 * stay */
START_TEST(codes_are_not_kept_with_a_translation)
{
	struct ported p = indirect(_i, false);

	expect_perm(&p, ALL_DATA);
	say(&p, code_at(5, RO));
	for (int i = STREAM_1; i <= STREAM_BOTH; i += STREAM_BOTH)
		finish(p.m, cfgi_cd(ported_spaces[i].sid, 0, 1));
	expect_perm(&p, READ_ALONE);
	say(&p, code_at(5, RW));
	for (int i = STREAM_1; i <= STREAM_BOTH; i += STREAM_BOTH)
		finish(p.m, cfgi_cd(ported_spaces[i].sid, 0, 1));
	expect_perm(&p, ALL_DATA);
	close_ported(&p);
}
END_TEST

/* PERM-25: pages that differ in one bit of their index, side by side: what is known of one is not
 * taken for the other, nor the other way round */
START_TEST(pages_differ_in_every_bit_of_their_index)
{
	const unsigned other = 5u ^ 1u << _i / 2;
	struct ported p = indirect(_i & 1, false);

	say(&p, code_at(5, RW) | code_at(other, RO));
	for (int space = STREAM_1; space <= STREAM_BOTH; space += STREAM_BOTH) {
		*leaf(&p, space, 2) = page_of(output_of(space, 2), other);
		for (unsigned k = 0; k < 3 * WAYS; k++) {
			const enum way way = (enum way)(k % WAYS);

			ck_assert_uint_eq(perm_of(&p, space, 1, way, 0), ALL_DATA);
			ck_assert_uint_eq(perm_of(&p, space, 2, way, 0), READ_ALONE);
			ck_assert_uint_eq(perm_of(&p, space, 2, way, SMMU3_TXN_WRITE), 0);
			ck_assert_uint_eq(perm_of(&p, space, 3, way, 0), ALL_DATA);
		}
	}
	close_ported(&p);
}
END_TEST

/* HTTU-11, HTTU-21: by the same way as the reads, and by each other */
START_TEST(a_write_after_reads_marks_a_clean_page)
{
	const enum way reads = (enum way)(_i % WAYS), writes = (enum way)(_i / WAYS);

	for (int space = STREAM_1; space <= STREAM_BOTH; space += STREAM_BOTH) {
		struct ported p = indirect(true, true);

		*leaf(&p, space, 1) |= NDIRTY;
		for (unsigned i = 0; i < 3; i++)
			ck_assert_uint_eq(perm_of(&p, space, 1, reads, 0), READ_ALONE);
		ck_assert(*leaf(&p, space, 1) & NDIRTY);
		ck_assert_uint_eq(perm_of(&p, space, 1, writes, SMMU3_TXN_WRITE), ALL_DATA);
		ck_assert_uint_eq(*leaf(&p, space, 1), page_of(output_of(space, 1), 5));
		close_ported(&p);
	}
}
END_TEST

/* HTTU-11, FLT-14: a clean page that nobody marks, beside a dirty one of the same index */
START_TEST(clean_and_dirty_pages_are_told_apart)
{
	struct ported p = indirect(_i, false);

	for (int space = STREAM_1; space <= STREAM_BOTH; space += STREAM_BOTH) {
		*leaf(&p, space, 2) |= NDIRTY;
		for (unsigned k = 0; k < 3 * WAYS; k++) {
			const enum way way = (enum way)(k % WAYS);

			ck_assert_uint_eq(perm_of(&p, space, 1, way, SMMU3_TXN_WRITE), ALL_DATA);
			ck_assert_uint_eq(perm_of(&p, space, 2, way, 0), READ_ALONE);
			const struct smmu3_outcome refused = outcome_at(&p, space, 2, way,
									SMMU3_TXN_WRITE);

			ck_assert_uint_eq(refused.event, 0x13);
			ck_assert_uint_eq(refused.fault_stage, 1);
			ck_assert_uint_eq(refused.record.word[1] >> 42 & 1, 1); /* DirtyBit */
		}
	}
	close_ported(&p);
}
END_TEST

/* CD-24: pages that differ in AttrIndx[3], side by side.  Of stage 1 alone: MAIR[63:56] */
START_TEST(pages_differ_in_the_fourth_bit_of_their_attribute_index)
{
	struct ported p = indirect(_i, false);

	*cd_word(&p, STREAM_1, 2) |= AIE;
	*cd_word(&p, STREAM_1, 3) = UINT64_C(0x44000000000000ff);
	*leaf(&p, STREAM_1, 2) |= UINT64_C(1) << 59;
	for (unsigned k = 0; k < 3 * WAYS; k++) {
		const enum way way = (enum way)(k % WAYS);

		ck_assert_uint_eq(outcome_at(&p, STREAM_1, 1, way, 0).attr.mair, 0xff);
		ck_assert_uint_eq(outcome_at(&p, STREAM_1, 2, way, 0).attr.mair, 0x44);
	}
	close_ported(&p);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, codes_are_not_kept_with_a_translation, 0, 2);
	tcase_add_loop_test(tests, pages_differ_in_every_bit_of_their_index, 0, 8);
	tcase_add_loop_test(tests, a_write_after_reads_marks_a_clean_page, 0, WAYS * WAYS);
	tcase_add_loop_test(tests, clean_and_dirty_pages_are_told_apart, 0, 2);
	tcase_add_loop_test(tests, pages_differ_in_the_fourth_bit_of_their_attribute_index, 0, 2);
}

int main(void)
{
	return run("kept_indirect1", add);
}
