/* SPDX-License-Identifier: MIT */
/* Structures that lead nowhere: what could not be read, or is not valid, or is beyond a table, has
 * nothing read through it.  3.21.3 */
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <string.h>

#define L1STDS_AT (RAM_AT + 0x180000)
#define L1CDS_AT (RAM_AT + 0x190000)
#define CDS_OF_LEAF_AT (RAM_AT + 0x1a0000)

/* Both levels of everything: StreamID 65 is STE 1 of the second leaf, SubstreamID 66 CD 2 of the
 * second leaf; both stages. */
static const struct space both = { 1, BOTH_STAGES, 5, 7 };
enum { SID = 65, SSID = 66 };

static uint64_t ste_at(void)
{
	return L2_STREAMS_AT + 64;
}

static uint64_t the_cd(void)
{
	return CDS_OF_LEAF_AT + 64 * 2;
}

static struct machine *opened(uint32_t places)
{
	struct machine *m = keeping(places);
	struct ste ste;

	open_machine(m);
	put_space(m, &both);
	put_s1(m, &both, 1, s1_page(PAGE(9)));
	put_s2(m, &both, 9, s2_page(HERE));
	memcpy(&ste, ram_at(m, STREAMS_AT + 64), sizeof(ste));
	ste.word[0] = (ste.word[0] & ~UINT64_C(0xffffffffffff0)) | L1CDS_AT | 1 << 4 |
		      STE0_S1CDMAX(7);
	memcpy(ram_at(m, ste_at()), &ste, sizeof(ste));
	memcpy(ram_at(m, the_cd()), ram_at(m, cd_at(&both, 0)), 64);
	*ram_at(m, L1STDS_AT + 8) = L2_STREAMS_AT | 7;
	*ram_at(m, L1CDS_AT + 8) = CDS_OF_LEAF_AT | 1;
	set_reg64(m, STRTAB_BASE, L1STDS_AT);
	set_reg(m, STRTAB_BASE_CFG, 1 << 16 | 6 << 6 | 8);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	return m;
}

static struct smmu3_outcome ask(struct machine *m, uint32_t sid, uint32_t ssid, uint64_t address)
{
	const struct smmu3_txn txn = {
		.addr = address, .bytes = 4, .sid = sid, .ssid = ssid, .flags = SMMU3_TXN_SSV
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

static bool works(struct machine *m)
{
	return ask(m, SID, SSID, PAGE(1)).pa == HERE;
}

/* CFG-06, ST-14, SUB-17: a level 1 descriptor that could not be read is read by the next access,
 * and so is all below it */
START_TEST(an_aborted_fetch_of_either_level_leaves_nothing)
{
	const struct {
		uint64_t at;
		unsigned event;
	} rows[] = { { L1STDS_AT + 8, 0x03 },
		     { ste_at(), 0x03 },
		     { L1CDS_AT + 8, 0x09 },
		     { the_cd(), 0x09 } };

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = opened(16);

		m->aborts[0] = rows[i].at;
		for (int turn = 0; turn < 2; turn++)
			ck_assert_uint_eq(ask(m, SID, SSID, PAGE(1)).event, rows[i].event);
		m->aborts[0] = 0;
		ck_assert(works(m));
		close_machine(m);
	}
}
END_TEST

/* ---- What is read, and what is not ---- */

enum { OF_L1STD = 1, OF_STE = 2, OF_L1CD = 4, OF_CD = 8, OF_S1 = 16 };

static unsigned reasons_read(const struct machine *m)
{
	unsigned reasons = 0;

	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == READS && m->seen[i].access.reason <= SMMU3_REASON_S1_TTD)
			reasons |= 1u << m->seen[i].access.reason;
	return reasons;
}

/* Bits that are cleared in a word of memory, whose pointers stay as they are; the access; what it
 * reads on its way to the event */
static const struct {
	uint64_t at, clear;
	uint32_t sid, ssid;
	uint64_t address;
	unsigned event, reads;
} rows[] = {
	/* beyond the Stream table; Span 0; Span 1, of which StreamID 65 is not */
	{ 0, 0, 256, SSID, PAGE(1), 0x02, 0 },
	{ L1STDS_AT + 8, 0x1f, SID, SSID, PAGE(1), 0x02, OF_L1STD },
	{ L1STDS_AT + 8, 6, SID, SSID, PAGE(1), 0x02, OF_L1STD },
	/* STE.V; STE.S2AA64, without which it is ILLEGAL; Config abort */
	{ L2_STREAMS_AT + 64, 1, SID, SSID, PAGE(1), 0x04, OF_L1STD | OF_STE },
	{ L2_STREAMS_AT + 64 + 16, UINT64_C(1) << 51, SID, SSID, PAGE(1), 0x04, OF_L1STD | OF_STE },
	{ L2_STREAMS_AT + 64, 0xe, SID, SSID, PAGE(1), 0, OF_L1STD | OF_STE },
	/* beyond S1CDMax; L1CD.V */
	{ 0, 0, SID, 128, PAGE(1), 0x08, OF_L1STD | OF_STE },
	{ L1CDS_AT + 8, 1, SID, SSID, PAGE(1), 0x08, OF_L1STD | OF_STE | OF_L1CD },
	/* CD.V; CD.AA64, without which it is ILLEGAL */
	{ CDS_OF_LEAF_AT + 128, CD0_V, SID, SSID, PAGE(1), 0x0a,
	  OF_L1STD | OF_STE | OF_L1CD | OF_CD },
	{ CDS_OF_LEAF_AT + 128, UINT64_C(1) << 41, SID, SSID, PAGE(1), 0x0a,
	  OF_L1STD | OF_STE | OF_L1CD | OF_CD },
	/* beyond T0SZ; the upper half, which EPD1 disables */
	{ 0, 0, SID, SSID, UINT64_C(1) << 39, 0x10, OF_L1STD | OF_STE | OF_L1CD | OF_CD },
	{ 0, 0, SID, SSID, UINT64_MAX - 0xfff, 0x10, OF_L1STD | OF_STE | OF_L1CD | OF_CD },
};

/* CFG-07: no pointer of what is invalid, ILLEGAL or too short is followed, though it leads to a
 * structure that would do */
START_TEST(nothing_is_read_through_what_is_not_valid)
{
	for (uint32_t places = 0; places <= 16; places += 16) {
		struct machine *m = opened(places);

		if (rows[_i].at)
			*ram_at(m, rows[_i].at) &= ~rows[_i].clear;
		look_away(m);
		const struct smmu3_outcome outcome = ask(m, rows[_i].sid, rows[_i].ssid,
							 rows[_i].address);

		ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
		ck_assert_uint_eq(outcome.event, rows[_i].event);
		ck_assert_uint_eq(reasons_read(m), rows[_i].reads);
		close_machine(m);
	}
}
END_TEST

/* CFG-07: likewise descriptors of tables, at each level */
START_TEST(an_invalid_descriptor_ends_a_walk)
{
	struct machine *m = opened(16);

	for (int level = 1; level < 4; level++) {
		const uint64_t at = table1(&both, level) + (level == 3 ? 8 : 0);

		*ram_at(m, at) &= ~UINT64_C(1);
		finish(m, NSNH_ALL);
		look_away(m);
		ck_assert_uint_eq(ask(m, SID, SSID, PAGE(1)).event, 0x10);
		ck_assert_uint_eq(count_for(m, SMMU3_REASON_S1_TTD), (unsigned)level);
		*ram_at(m, at) |= 1;
		ck_assert(works(m));
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, an_aborted_fetch_of_either_level_leaves_nothing);
	tcase_add_loop_test(tests, nothing_is_read_through_what_is_not_valid, 0, COUNT(rows));
	tcase_add_test(tests, an_invalid_descriptor_ends_a_walk);
}

int main(void)
{
	return run("kept_pointers", add);
}
