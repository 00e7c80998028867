/* SPDX-License-Identifier: MIT */
/* Whether a page of VMSAv9-128 may be written, which decides whether it may move without a break,
 * the checker learns from the CD, from the STE and from S2PII.  3.26, D8.3.2, D8.17.1 */
#include "keeping.h"
#include "run.h"

#include <check.h>

enum { S2PII = 0x30 };

/* STE.S1PIE; CD.AA64, HA, HD; STE.S2AA64, S2HD, S2HA, S2POE */
#define S1PIE (UINT64_C(1) << 24)
#define AA64 (UINT64_C(1) << 41)
#define HA_HD (UINT64_C(3) << 42)
#define S2AA64 (UINT64_C(1) << 51)
#define S2HA_S2HD (UINT64_C(3) << 55)
#define S2POE (UINT64_C(1) << 61)

/* AF, SH = ISH; of stage 1 nG and nDirty, of stage 2 MemAttr 1111 and Dirty; PIIndex 1 */
#define LEAF UINT64_C(0x701)
#define S1_LEAF (LEAF | 1 << 11)
#define S2_LEAF (LEAF | 0xf << 2)
#define BIT_7 UINT64_C(0x80)
#define PI_1 (UINT64_C(1) << (115 - 64))

/* Codes of PIIP and PIIU; of S2PII and S2POI.  5.4, 6.3.17 */
enum { READ = 1, READ_WRITE = 5, MRO = 2, RO = 8, RW = 12 };

/* IDR0.TTF, HTTU, Hyp; IDR3.E0PD to AIE; IDR5.OAS, D128, VAX.  6.3.6 */
static struct machine *checked(void)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	m->config.aidr = 4;
	m->config.idr[0] = (m->config.idr[0] & ~UINT32_C(0xcc)) | 2u << 2 | 2u << 6 | 1u << 9;
	m->config.idr[3] |= 3u << 13 | 15u << 17 | 3u << 22;
	m->config.idr[5] = (m->config.idr[5] & ~UINT32_C(0xc07)) | 7 | 1u << 8 | 2u << 10;
	start_machine(m);
	return m;
}

static void put_pair(struct machine *m, uint64_t table, unsigned n, uint64_t low, uint64_t high)
{
	put_descriptor(m, table, 2 * n, low);
	put_descriptor(m, table, 2 * n + 1, high);
}

/* 36 bits, from level 1 on, in the format of 16 bytes: PIIndex 1 is `code`. */
static void put_stage1(struct machine *m, const struct space *space, unsigned code, uint64_t bits)
{
	struct ste ste = ste_of(STAGE_1, cd_at(space, 0));
	struct cd cd = cd_of(table1(space, 1));

	ste.word[1] |= S1PIE;
	ste.word[2] |= space->vmid;
	cd.word[0] = (cd.word[0] & ~(AA64 | 0x3f)) | 28 | bits;
	cd.word[6] = cd.word[7] = (uint64_t)code << 3;
	put_ste(m, space->sid, ste);
	put_cd(m, cd_at(space, 0), cd);
	for (int level = 1; level < 3; level++)
		put_pair(m, table1(space, level), 0, table1(space, level + 1) | 1, 0);
}

static void put_stage2(struct machine *m, const struct space *space, unsigned code, uint64_t bits)
{
	struct ste ste = ste_of(STAGE_2, 0);

	ste.word[2] &= ~(S2AA64 | UINT64_C(0xff) << 32 | 0xffff);
	ste.word[2] |= space->vmid | UINT64_C(28) << 32 | bits;
	ste.word[3] = table2(space, 1);
	ste.word[7] = RO;
	put_ste(m, space->sid, ste);
	for (int level = 1; level < 3; level++)
		put_pair(m, table2(space, level), 0, table2(space, level + 1) | 1, 0);
	set_reg64(m, S2PII, (uint64_t)code << 4);
}

/* It moves in one write, and is invalidated well: what is found of that. */
static enum smmu3_break moved(struct machine *m, const struct space *space, uint64_t leaf)
{
	const bool first = space->config == STAGE_1;
	const uint64_t table = first ? table1(space, 3) : table2(space, 3);
	enum smmu3_break breaks = SMMU3_BREAK_NONE;

	put_pair(m, table, 1, HERE | leaf, PI_1);
	ck_assert_uint_eq(reached(m, space->sid, PAGE(1)), HERE);
	put_pair(m, table, 1, THERE | leaf, PI_1);
	finish(m, first ? nh_va(space->vmid, space->asid, PAGE(1), 1) :
			  s2_ipa(space->vmid, PAGE(1), 1));
	if (m->found_count)
		breaks = (enum smmu3_break)m->found[0].breaks;
	ck_assert_uint_eq(m->found_count, breaks != SMMU3_BREAK_NONE);
	ck_assert_uint_eq(reached(m, space->sid, PAGE(1)), THERE);
	close_machine(m);
	return breaks;
}

/* BBM-01, CD-43: what PIIP says of PIIndex 1; nDirty, and whether hardware clears it */
START_TEST(a_page_of_stage_1_moves)
{
	static const struct {
		unsigned code;
		uint64_t bits, leaf;
		bool found;
	} pages[] = {
		{ READ, 0, S1_LEAF, false },
		{ READ_WRITE, 0, S1_LEAF, true },
		{ READ_WRITE, 0, S1_LEAF | BIT_7, false },
		{ READ_WRITE, HA_HD, S1_LEAF | BIT_7, true },
		{ READ, HA_HD, S1_LEAF | BIT_7, false },
	};
	const struct space space = { 1, STAGE_1, 3, 5 };
	struct machine *m = checked();

	put_stage1(m, &space, pages[_i].code, pages[_i].bits);
	ck_assert_uint_eq(moved(m, &space, pages[_i].leaf),
			  pages[_i].found ? SMMU3_BREAK_OUTPUT : SMMU3_BREAK_NONE);
}
END_TEST

/* BBM-01, PERM-28: what S2PII says, with what S2POI leaves of it; Dirty, and whether hardware sets
 * it; the walker of stage 1 writes what is MRO */
START_TEST(a_page_of_stage_2_moves)
{
	static const struct {
		unsigned code;
		uint64_t bits, leaf;
		bool found;
	} pages[] = {
		{ RO, 0, S2_LEAF | BIT_7, false }, { RW, 0, S2_LEAF | BIT_7, true },
		{ MRO, 0, S2_LEAF | BIT_7, true }, { RW, S2POE, S2_LEAF | BIT_7, false },
		{ RW, 0, S2_LEAF, false },         { RW, S2HA_S2HD, S2_LEAF, true },
		{ RO, S2HA_S2HD, S2_LEAF, false },
	};
	const struct space space = { 2, STAGE_2, 4, 0 };
	struct machine *m = checked();

	put_stage2(m, &space, pages[_i].code, pages[_i].bits);
	ck_assert_uint_eq(moved(m, &space, pages[_i].leaf),
			  pages[_i].found ? SMMU3_BREAK_OUTPUT : SMMU3_BREAK_NONE);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_page_of_stage_1_moves, 0, 5);
	tcase_add_loop_test(tests, a_page_of_stage_2_moves, 0, 7);
}

int main(void)
{
	return run("checked_d128", add);
}
