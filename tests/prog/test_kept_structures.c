/* SPDX-License-Identifier: MIT */
/* Each command for structures, through registers and memory: what it must remove is read again,
 * what it may leave is not.  3.21.3, 4.3 */
#include "keeping.h"
#include "run.h"

#include <check.h>

#define SSV SMMU3_TXN_SSV

/* Streams 1 to 3 bypass.  4 has CDs 0 to 2 and uses 0 without a SubstreamID, 5 has one CD. */
static const struct space with_cds = { 4, STAGE_1, 3, 5 }, with_cd = { 5, STAGE_1, 3, 5 };

static const struct {
	uint32_t sid;
	unsigned cd; /* of streams 4, 5 */
	unsigned flags;
} kept[] = {
	{ 1, 0, 0 },   { 2, 0, 0 },   { 3, 0, 0 }, { 4, 0, 0 },
	{ 4, 1, SSV }, { 4, 2, SSV }, { 5, 0, 0 },
};

enum {
	STE1 = 1 << 0,
	STE2 = 1 << 1,
	STE3 = 1 << 2,
	CD4_0 = 1 << 3,
	CD4_1 = 1 << 4,
	CD4_2 = 1 << 5,
	CD5_0 = 1 << 6,
	WHOLE = (1 << 7) - 1,
};

static struct smmu3_outcome access_to(struct machine *m, int i, unsigned flags)
{
	const struct smmu3_txn txn = { .addr = PAGE(1),
				       .bytes = 4,
				       .sid = kept[i].sid,
				       .ssid = kept[i].cd,
				       .flags = (uint16_t)(kept[i].flags | flags) };
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

/* What still answers as when it was legal; all else must fault as what it is now. */
static unsigned still_legal(struct machine *m)
{
	unsigned legal = 0;

	for (int i = 0; i < COUNT(kept); i++) {
		const struct smmu3_outcome outcome = access_to(m, i, SMMU3_TXN_PROBE);

		if (outcome.verdict == SMMU3_OK)
			legal |= 1u << i;
		else /* C_BAD_STE, C_BAD_CD */
			ck_assert_uint_eq(outcome.event, kept[i].sid < 4 ? 0x04 : 0x0a);
	}
	return legal;
}

/* All is read, and made illegal: V = 0. */
static void fill(struct machine *m)
{
	struct ste ste;
	struct cd cd;

	start_machine(m);
	for (uint32_t sid = 1; sid < 4; sid++)
		put_ste(m, sid, ste_of(BYPASSES, 0));
	put_space(m, &with_cds);
	put_space(m, &with_cd);
	put_s1(m, &with_cds, 1, s1_page(HERE));
	*ram_at(m, STREAMS_AT + 64 * 4) |= STE0_S1CDMAX(2);
	*ram_at(m, STREAMS_AT + 64 * 4 + 8) |= STE1_S1DSS(2);
	cd = cd_of(table1(&with_cds, 1));
	for (unsigned i = 0; i < 3; i++)
		put_cd(m, cd_at(&with_cds, i), cd);
	for (int i = 0; i < COUNT(kept); i++)
		ck_assert_uint_eq(access_to(m, i, 0).verdict, SMMU3_OK);
	ste = (struct ste){ { 0 } };
	cd = (struct cd){ { 0 } };
	for (uint32_t sid = 1; sid < 4; sid++)
		put_ste(m, sid, ste);
	for (unsigned i = 0; i < 3; i++)
		put_cd(m, cd_at(&with_cds, i), cd);
	put_cd(m, cd_at(&with_cd, 0), cd);
}

static const struct {
	struct command command;
	unsigned gone;
} rows[] = {
	/* CMD-CFGI-STE, CFG-03: the STE with either Leaf, and the CDs found by it */
	{ { { 0x03 | UINT64_C(1) << 32, 0 } }, STE1 },
	{ { { 0x03 | UINT64_C(2) << 32, 1 } }, STE2 },
	{ { { 0x03 | UINT64_C(4) << 32, 0 } }, CD4_0 | CD4_1 | CD4_2 },
	{ { { 0x03 | UINT64_C(4) << 32, 1 } }, CD4_0 | CD4_1 | CD4_2 },
	{ { { 0x03 | UINT64_C(5) << 32, 1 } }, CD5_0 },
	{ { { 0x03 | UINT64_C(6) << 32, 0 } }, 0 },
	/* CMD-CFGI-STE-RANGE, CFG-04: 2^(Range + 1) streams, aligned */
	{ { { 0x04 | UINT64_C(3) << 32, 0 } }, STE2 | STE3 },
	{ { { 0x04 | UINT64_C(2) << 32, 1 } }, STE1 | STE2 | STE3 },
	{ { { 0x04 | UINT64_C(7) << 32, 1 } }, CD4_0 | CD4_1 | CD4_2 | CD5_0 },
	{ { { 0x04 | UINT64_C(7) << 32, 0 } }, 0 },
	{ { { 0x04 | UINT64_C(7) << 32, 2 } }, WHOLE },
	{ { { 0x04 | UINT64_C(8) << 32, 2 } }, 0 },
	/* CMD-CFGI-ALL */
	{ { { 0x04 | UINT64_C(0x12345678) << 32, 31 } }, WHOLE },
	/* CMD-CFGI-CD, CMD-CFGI-CD-1, CFG-05: one CD of one stream, with either Leaf */
	{ { { 0x05 | UINT64_C(4) << 32, 0 } }, CD4_0 },
	{ { { 0x05 | 1 << 12 | UINT64_C(4) << 32, 1 } }, CD4_1 },
	{ { { 0x05 | 2 << 12 | UINT64_C(4) << 32, 0 } }, CD4_2 },
	{ { { 0x05 | UINT64_C(5) << 32, 1 } }, CD5_0 },
	{ { { 0x05 | 1 << 12 | UINT64_C(5) << 32, 0 } }, 0 },
	{ { { 0x05 | UINT64_C(1) << 32, 0 } }, 0 },
	/* CMD-CFGI-CD-ALL */
	{ { { 0x06 | UINT64_C(4) << 32, 0 } }, CD4_0 | CD4_1 | CD4_2 },
	{ { { 0x06 | UINT64_C(5) << 32, 0 } }, CD5_0 },
	{ { { 0x06 | UINT64_C(1) << 32, 0 } }, 0 },
	/* commands for translations leave structures alone */
	{ { { 0x10 | UINT64_C(3) << 32, 0 } }, 0 },
	{ { { 0x11 | UINT64_C(0x50003) << 32, 0 } }, 0 },
	{ { { 0x28 | UINT64_C(3) << 32, 0 } }, 0 },
	{ { { 0x30, 0 } }, 0 },
};

/* CFG-02, CFG-01 */
START_TEST(a_command_has_what_it_names_read_again_and_leaves_the_rest)
{
	struct machine *m = keeping(256);

	fill(m);
	ck_assert_uint_eq(still_legal(m), WHOLE); /* all of it is kept */
	finish(m, rows[_i].command);
	ck_assert_uint_eq(still_legal(m), WHOLE & ~rows[_i].gone);
	close_machine(m);
}
END_TEST

/* TLB-11 */
START_TEST(what_a_command_names_is_read_again_whatever_the_size_of_caches)
{
	for (uint32_t places = 0; places <= 4; places = places ? places * 2 : 1) {
		struct machine *m = keeping(places);

		fill(m);
		finish(m, rows[_i].command);
		ck_assert_uint_eq(still_legal(m) & rows[_i].gone, 0);
		finish(m, CFGI_ALL);
		ck_assert_uint_eq(still_legal(m), 0);
		close_machine(m);
	}
}
END_TEST

/* ---- Two levels of Stream table: SPLIT 6, 2^8 streams ---- */

#define L1STDS_AT (RAM_AT + 0x8000)
enum { L1STD_0 = 1, L1STD_1 = 2 };

/* Both level 1 descriptors are read, and made invalid: Span = 0.  STEs are not kept. */
static void fill_levels(struct machine *m)
{
	keep_at_most(m, 16);
	m->config.caches.stes = 0;
	open_machine(m);
	set_reg64(m, STRTAB_BASE, L1STDS_AT);
	set_reg(m, STRTAB_BASE_CFG, 1 << 16 | 6 << 6 | 8);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (uint64_t i = 0; i < 2; i++) {
		const uint64_t table = L2_STREAMS_AT + 0x1000 * i;

		*ram_at(m, L1STDS_AT + 8 * i) = table | 7;
		*ram_at(m, table) = ste_of(BYPASSES, 0).word[0];
		*ram_at(m, table + 8) = ste_of(BYPASSES, 0).word[1];
		ck_assert_uint_eq(reached(m, (uint32_t)(64 * i), PAGE(1)), PAGE(1));
		*ram_at(m, L1STDS_AT + 8 * i) = 0;
	}
}

static unsigned levels_still_legal(struct machine *m)
{
	unsigned legal = 0;

	for (uint32_t i = 0; i < 2; i++) {
		const struct smmu3_outcome outcome = access_by(m, 64 * i, PAGE(1), SMMU3_TXN_PROBE);

		if (outcome.verdict == SMMU3_OK)
			legal |= 1u << i;
		else
			ck_assert_uint_eq(outcome.event, 0x02); /* C_BAD_STREAMID */
	}
	return legal;
}

static const struct {
	struct command command;
	unsigned gone;
} levels[] = {
	/* CMD-CFGI-STE, CFG-03, L1STD-07: without Leaf what is above the STE, whichever STE of it
	 */
	{ { { 0x03, 0 } }, L1STD_0 },
	{ { { 0x03, 1 } }, 0 },
	{ { { 0x03 | UINT64_C(63) << 32, 0 } }, L1STD_0 },
	{ { { 0x03 | UINT64_C(63) << 32, 1 } }, 0 },
	{ { { 0x03 | UINT64_C(64) << 32, 0 } }, L1STD_1 },
	{ { { 0x03 | UINT64_C(127) << 32, 0 } }, L1STD_1 },
	{ { { 0x03 | UINT64_C(128) << 32, 0 } }, 0 },
	/* CMD-CFGI-STE-RANGE, CFG-04 */
	{ { { 0x04 | UINT64_C(62) << 32, 0 } }, L1STD_0 },
	{ { { 0x04 | UINT64_C(64) << 32, 5 } }, L1STD_1 },
	{ { { 0x04 | UINT64_C(64) << 32, 6 } }, L1STD_0 | L1STD_1 },
	{ { { 0x04 | UINT64_C(128) << 32, 6 } }, 0 },
	/* CMD-CFGI-ALL */
	{ { { 0x04, 31 } }, L1STD_0 | L1STD_1 },
	/* CMD-CFGI-CD, CMD-CFGI-CD-ALL */
	{ { { 0x05, 0 } }, 0 },
	{ { { 0x06, 0 } }, 0 },
	{ { { 0x30, 0 } }, 0 },
};

START_TEST(a_level_1_descriptor_is_read_again_unless_leaves_alone_are_meant)
{
	struct machine *m = machine("generic-3.1");

	fill_levels(m);
	ck_assert_uint_eq(levels_still_legal(m), L1STD_0 | L1STD_1);
	finish(m, levels[_i].command);
	ck_assert_uint_eq(levels_still_legal(m), (L1STD_0 | L1STD_1) & ~levels[_i].gone);
	close_machine(m);
}
END_TEST

/* ---- What is not kept ---- */

/* CFG-06: what an access could not read is read by the next, without a command */
START_TEST(an_aborted_fetch_leaves_nothing)
{
	static const struct space both = { 6, BOTH_STAGES, 7, 6 };
	const uint64_t at[] = { STREAMS_AT + 64 * 6, cd_at(&both, 0), table1(&both, 2),
				table2(&both, 3) };
	/* F_STE_FETCH, F_CD_FETCH, F_WALK_EABT */
	static const unsigned events[] = { 0x03, 0x09, 0x0b, 0x0b };

	for (int i = 0; i < COUNT(at); i++) {
		struct machine *m = keeping(16);

		start_machine(m);
		put_space(m, &both);
		put_s1(m, &both, 1, s1_page(0));
		put_s2(m, &both, 0, s2_page(HERE));
		m->aborts[0] = at[i];
		ck_assert_uint_eq(access_by(m, 6, PAGE(1), 0).event, events[i]);
		m->aborts[0] = 0;
		ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE);
		close_machine(m);
	}
}
END_TEST

/* CFG-06: nor does a CD that stage 2 does not map */
START_TEST(a_cd_that_stage_2_does_not_map_leaves_nothing)
{
	static const struct space both = { 6, BOTH_STAGES, 7, 6 };
	struct machine *m = keeping(16);

	start_machine(m);
	put_space(m, &both);
	put_s1(m, &both, 1, s1_page(0));
	put_s2(m, &both, 0, s2_page(HERE));
	put_descriptor(m, table2(&both, 1), RAM_AT / GB, 0);
	ck_assert_uint_eq(access_by(m, 6, PAGE(1), 0).event, 0x10);
	put_descriptor(m, table2(&both, 1), RAM_AT / GB, s2_block(RAM_AT));
	ck_assert_uint_eq(reached(m, 6, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* CFG-01: may be kept, and is not: what is illegal */
START_TEST(an_illegal_structure_is_read_again_by_every_access)
{
	struct machine *m = keeping(16);

	start_machine(m);
	fault(m, 1);
	put_ste(m, 1, ste_of(BYPASSES, 0));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), PAGE(1));
	put_space(m, &with_cd);
	put_s1(m, &with_cd, 1, s1_page(HERE));
	*ram_at(m, cd_at(&with_cd, 0)) ^= CD0_V;
	ck_assert_uint_eq(access_by(m, 5, PAGE(1), 0).event, 0x0a);
	*ram_at(m, cd_at(&with_cd, 0)) ^= CD0_V;
	ck_assert_uint_eq(reached(m, 5, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* CFG-07: what is kept of a StreamID beyond the table is none of it */
START_TEST(a_stream_beyond_a_smaller_table_has_no_ste_that_was_kept)
{
	struct machine *m = keeping(16);

	start_machine(m);
	put_ste(m, 1, ste_of(BYPASSES, 0));
	put_ste(m, 5, ste_of(BYPASSES, 0));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), PAGE(1));
	ck_assert_uint_eq(reached(m, 5, PAGE(1)), PAGE(1));
	update(m, CR0, CMDQEN | EVENTQEN);
	set_reg(m, STRTAB_BASE_CFG, 2);
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(access_by(m, 5, PAGE(1), 0).event, 0x02);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), PAGE(1));
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_command_has_what_it_names_read_again_and_leaves_the_rest, 0,
			    COUNT(rows));
	tcase_add_loop_test(tests, what_a_command_names_is_read_again_whatever_the_size_of_caches,
			    0, COUNT(rows));
	tcase_add_loop_test(tests, a_level_1_descriptor_is_read_again_unless_leaves_alone_are_meant,
			    0, COUNT(levels));
	tcase_add_test(tests, an_aborted_fetch_leaves_nothing);
	tcase_add_test(tests, a_cd_that_stage_2_does_not_map_leaves_nothing);
	tcase_add_test(tests, an_illegal_structure_is_read_again_by_every_access);
	tcase_add_test(tests, a_stream_beyond_a_smaller_table_has_no_ste_that_was_kept);
}

int main(void)
{
	return run("kept_structures", add);
}
