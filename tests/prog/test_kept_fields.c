/* SPDX-License-Identifier: MIT */
/* What the fields of a structure that is kept, or was changed, mean for translations that are kept.
 * 5.2.1, 5.4.1 */
#include "keeping.h"
#include "run.h"

#include <check.h>

/* CMD-007: the whole of what it was, then the whole of what it is, though two words changed */
START_TEST(a_structure_changes_as_a_whole)
{
	static const struct space space = { 1, STAGE_1, 3, 5 };
	struct machine *m = keeping(16);
	struct smmu3_outcome outcome;

	start_machine(m);
	put_ste(m, 1, ste_of(BYPASSES, 0));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), PAGE(1));
	put_space(m, &space);
	put_s1(m, &space, 1, s1_page(HERE));
	outcome = access_by(m, 1, PAGE(1), 0);
	ck_assert_uint_eq(outcome.pa, PAGE(1));
	ck_assert_uint_eq(outcome.stages, 0);
	finish(m, cfgi_ste(1, 1));
	outcome = access_by(m, 1, PAGE(1), 0);
	ck_assert_uint_eq(outcome.pa, HERE);
	ck_assert_uint_eq(outcome.stages, 1);
	close_machine(m);
}
END_TEST

/* TLB-13: translations of one VMID live on when the STE has other tables, until they are removed */
START_TEST(tables_of_an_ste_count_for_what_is_not_kept)
{
	static const struct space space = { 6, STAGE_2, 3, 0 }, other = { 6, STAGE_2, 4, 0 };
	struct machine *m = keeping(16);

	m->config.caches.tables = 0;
	start_machine(m);
	put_space(m, &space);
	for (unsigned page = 1; page < 3; page++) {
		put_s2(m, &space, page, s2_page(HERE));
		put_s2(m, &other, page, s2_page(THERE));
	}
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE);
	for (int level = 1; level < 3; level++)
		put_descriptor(m, table2(&other, level), 0, to_table(table2(&other, level + 1)));
	*ram_at(m, STREAMS_AT + 64 * 6 + 24) = table2(&other, 1);
	finish(m, cfgi_ste(6, 1));
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, 6, PAGE(2)), THERE);
	finish(m, s2_ipa(3, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), THERE);
	close_machine(m);
}
END_TEST

/* ---- Fields that no TLB holds ---- */

/* TLB-14: each is in force after the command for its structure, while the translation is still kept
 */
static const struct {
	bool in_cd;
	unsigned word;
	uint64_t clear, set;
	struct smmu3_txn txn;
	unsigned verdict, event, recorded;
} fields[] = {
	/* CD.R, CD.A: of a page that is not mapped */
	{ true, 0, CD0_R, 0, { .addr = PAGE(9) }, SMMU3_ABORT, 0x10, 0 },
	{ true, 0, CD0_A, 0, { .addr = PAGE(9) }, SMMU3_RAZ_WI, 0x10, 1 },
	/* CD.S */
	{ true, 0, 0, UINT64_C(1) << 44, { .addr = PAGE(9) }, SMMU3_STALLED, 0x10, 1 },
	/* STE.PRIVCFG unprivileged, INSTCFG instruction: of pages that forbid it */
	{ false,
	  1,
	  0,
	  UINT64_C(2) << 48,
	  { .addr = PAGE(2), .flags = SMMU3_TXN_PRIVILEGED },
	  SMMU3_ABORT,
	  0x13,
	  1 },
	{ false, 1, 0, UINT64_C(3) << 50, { .addr = PAGE(3) }, SMMU3_ABORT, 0x13, 1 },
};

START_TEST(a_field_outside_of_translation_needs_the_command_for_its_structure_alone)
{
	static const struct space space = { 6, STAGE_1, 3, 5 };
	struct machine *m = keeping(16);
	struct smmu3_txn txn = fields[_i].txn;
	struct smmu3_outcome outcome;

	m->config.idr[0] = (m->config.idr[0] & ~(UINT32_C(3) << 24)); /* both fault models */
	m->config.idr[5] |= 4 << 16;                                  /* STALL_MAX */
	start_machine(m);
	put_space(m, &space);
	put_s1(m, &space, 1, s1_page(HERE));
	put_s1(m, &space, 2, s1_page(HERE) & ~TTD_AP(1));
	put_s1(m, &space, 3, s1_page(HERE) | UINT64_C(3) << 53);
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE);
	put_s1(m, &space, 1, 0);
	uint64_t *word = ram_at(m, (fields[_i].in_cd ? cd_at(&space, 0) : STREAMS_AT + 64 * 6) +
					   8 * (uint64_t)fields[_i].word);

	txn.bytes = 4;
	txn.sid = 6;
	smmu3_translate(m->smmu, &txn, &outcome);
	const bool mapped = txn.addr != PAGE(9);

	ck_assert_uint_eq(outcome.verdict, mapped ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(outcome.recorded, !mapped);
	*word = (*word & ~fields[_i].clear) | fields[_i].set;
	if (fields[_i].in_cd)
		finish(m, cfgi_cd(6, 0, 1));
	else
		finish(m, cfgi_ste(6, 1));
	smmu3_translate(m->smmu, &txn, &outcome);
	ck_assert_uint_eq(outcome.verdict, fields[_i].verdict);
	ck_assert_uint_eq(outcome.event, fields[_i].event);
	ck_assert_uint_eq(outcome.recorded, fields[_i].recorded);
	if (!(fields[_i].set >> 48))
		ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE); /* still kept */
	close_machine(m);
}
END_TEST

/* TLB-14: likewise of a stream that has stage 2 alone: S2R and S2S of a page that is not mapped,
 * and MTCFG with MemAttr, which make Device of memory whose translation is kept */
static const struct {
	unsigned word;
	uint64_t clear, set;
	uint64_t address;
	unsigned verdict, recorded, mair;
} s2_fields[] = {
	{ 2, STE2_S2R, 0, PAGE(9), SMMU3_ABORT, 0, 0 },
	{ 2, 0, STE2_S2S, PAGE(9), SMMU3_STALLED, 1, 0 },
	{ 1, 0, UINT64_C(1) << 36 | UINT64_C(1) << 32, PAGE(1), SMMU3_OK, 0, 0x04 },
};

START_TEST(a_field_of_stage_2_outside_of_translation_needs_the_command_for_its_ste_alone)
{
	static const struct space space = { 6, STAGE_2, 3, 0 };
	struct machine *m = keeping(16);

	m->config.idr[0] = (m->config.idr[0] & ~(UINT32_C(3) << 24)); /* both fault models */
	m->config.idr[5] |= 4 << 16;                                  /* STALL_MAX */
	start_machine(m);
	put_space(m, &space);
	put_s2(m, &space, 1, s2_page(HERE));
	ck_assert_uint_eq(access_by(m, 6, PAGE(1), 0).attr.mair, 0xff);
	put_s2(m, &space, 1, 0);
	uint64_t *word = ram_at(m, STREAMS_AT + 64 * 6 + 8 * (uint64_t)s2_fields[_i].word);

	*word = (*word & ~s2_fields[_i].clear) | s2_fields[_i].set;
	finish(m, cfgi_ste(6, 1));
	const struct smmu3_outcome outcome = access_by(m, 6, s2_fields[_i].address, 0);

	ck_assert_uint_eq(outcome.verdict, s2_fields[_i].verdict);
	ck_assert_uint_eq(outcome.recorded, s2_fields[_i].recorded);
	if (outcome.verdict == SMMU3_OK)
		ck_assert_uint_eq(outcome.attr.mair, s2_fields[_i].mair);
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE); /* still kept */
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(
		tests,
		a_field_of_stage_2_outside_of_translation_needs_the_command_for_its_ste_alone, 0,
		COUNT(s2_fields));
	tcase_add_test(tests, a_structure_changes_as_a_whole);
	tcase_add_test(tests, tables_of_an_ste_count_for_what_is_not_kept);
	tcase_add_loop_test(
		tests, a_field_outside_of_translation_needs_the_command_for_its_structure_alone, 0,
		COUNT(fields));
}

int main(void)
{
	return run("kept_fields", add);
}
