/* SPDX-License-Identifier: MIT */
/* What descriptors say: permissions, also of tables and on what is kept; blocks where none can be.
 */
#include "mistakes.h"

#define APTABLE_READ_ONLY (UINT64_C(2) << 61)

static const struct space s1 = { 1, STAGE_1, 3, 5 }, s2 = { 2, STAGE_2, 4, 0 };

static struct machine *opened(int size)
{
	struct machine *m = keeping(places_of[size]);

	start_machine(m);
	put_space(m, &s1);
	put_space(m, &s2);
	return m;
}

static void forget_all(struct machine *m)
{
	finish(m, NSNH_ALL);
	finish(m, CFGI_ALL);
}

/* Denied while nothing is kept, allowed, and denied again where that has been kept. */
static void denied_cold_and_hot(struct machine *m, struct smmu3_txn denied,
				struct smmu3_txn allowed, const uint64_t record[4])
{
	faults(m, denied, record);
	goes(m, allowed, HERE);
	faults(m, denied, record);
	forget_all(m);
	goes(m, allowed, HERE);
	faults(m, denied, record);
}

/* B2: APTable = 0b10 of a table at any level takes the right to write away that the leaf gives.
 * PERM-05, PERM-06, WALK-27; D8.4.1.2 */
START_TEST(a_table_descriptor_that_forbids_writes_forbids_them_below)
{
	for (int level = 1; level < 3; level++) {
		struct machine *m = opened(_i);

		put_s1(m, &s1, 1, s1_page(HERE));
		*ram_at(m, table1(&s1, level)) |= APTABLE_READ_ONLY;
		denied_cold_and_hot(m, write_of(1, PAGE(1)), read_of(1, PAGE(1)),
				    (const uint64_t[4]){ event_of(F_PERMISSION, 1), CLASS_IN,
							 PAGE(1), 0 });
		close_machine(m);
	}
}
END_TEST

/* B3: S2AP = 0b10 is for writing alone: a read is denied, by stage 2.  PERM-17, PERM-23 */
START_TEST(a_page_of_stage_2_may_be_written_and_not_read)
{
	struct machine *m = opened(_i);

	put_s2(m, &s2, 1, s2_page(HERE) & ~TTD_AP(1));
	denied_cold_and_hot(m, read_of(2, PAGE(1)), write_of(2, PAGE(1)),
			    (const uint64_t[4]){ event_of(F_PERMISSION, 2),
						 RECORD_RNW | RECORD_S2 | CLASS_IN, PAGE(1),
						 PAGE(1) });
	close_machine(m);
}
END_TEST

/* B20: what a read has left in a TLB does not let a write pass.  PERM-01, PERM-04, TLB-11 */
START_TEST(a_page_that_was_read_is_still_read_only)
{
	struct machine *m = opened(_i);

	put_s1(m, &s1, 1, s1_page(HERE) | TTD_AP(2));
	put_s2(m, &s2, 1, s2_page(HERE) & ~TTD_AP(2));
	goes(m, read_of(1, PAGE(1)), HERE);
	goes(m, read_of(2, PAGE(1)), HERE);
	for (int turn = 0; turn < 2; turn++) {
		FAULTS(m, write_of(1, PAGE(1)), event_of(F_PERMISSION, 1), CLASS_IN, PAGE(1), 0);
		FAULTS(m, write_of(2, PAGE(1)), event_of(F_PERMISSION, 2), RECORD_S2 | CLASS_IN,
		       PAGE(1), PAGE(1));
		goes(m, read_of(1, PAGE(1)), HERE);
		goes(m, read_of(2, PAGE(1)), HERE);
	}
	close_machine(m);
}
END_TEST

/* ---- Blocks where none can be ---- */

#define TABLES (RAM_AT + 0x600000)
#define INPUT UINT64_C(0x1000)

/* By stage, the granule as CD.TG0 and STE.S2TG have it, the size of the input and where its tables
 * begin: S2SL0 says so at stage 2. */
static const struct {
	int stage;
	unsigned granule_lg2, tg, bits;
	int start;
	uint64_t s2sl0;
	int level; /* of the descriptor with bits 0b01 */
} blocks[] = {
	{ 1, 12, 0, 48, 0, 0, 0 }, { 1, 12, 0, 48, 0, 0, 3 }, { 1, 14, 2, 47, 1, 0, 1 },
	{ 1, 14, 2, 47, 1, 0, 3 }, { 1, 16, 1, 48, 1, 0, 1 }, { 1, 16, 1, 48, 1, 0, 3 },
	{ 2, 12, 0, 48, 0, 2, 0 }, { 2, 12, 0, 48, 0, 2, 3 }, { 2, 14, 2, 47, 1, 2, 1 },
	{ 2, 14, 2, 47, 1, 2, 3 }, { 2, 16, 1, 48, 1, 2, 1 }, { 2, 16, 1, 48, 1, 2, 3 },
};

static void use_tables(struct machine *m, int row, const struct tables *tables)
{
	const uint64_t ttb = tables->base + 0x10000 * (uint64_t)tables->start;
	const uint64_t txsz = 64 - tables->bits, tg = blocks[row].tg;
	uint64_t *cd = ram_at(m, cd_at(&s1, 0)), *ste = ram_at(m, STREAMS_AT + 64 * 2);

	cd[0] = (cd[0] & ~UINT64_C(0xff)) | txsz | tg << 6; /* T0SZ, TG0 */
	cd[1] = ttb;
	/* S2T0SZ, S2SL0, S2TG, S2PS: 48 bits */
	ste[2] = (ste[2] & ~(UINT64_C(0xff) << 32 | UINT64_C(0x1f) << 46)) | txsz << 32 |
		 blocks[row].s2sl0 << 38 | tg << 46 | UINT64_C(5) << 48;
	ste[3] = ttb;
}

/* B4: bits 0b01 are a block at few levels, and reserved, so F_TRANSLATION, at level 0 with 4KB,
 * level 1 with 16KB, level 1 with 64KB unless addresses have 52 bits, and at level 3.  WALK-07,
 * WALK-09; D8.3 */
START_TEST(a_block_at_a_level_without_blocks_is_invalid)
{
	const int row = _i / SIZES, level = blocks[row].level;
	const struct tables tables = { TABLES, blocks[row].granule_lg2, blocks[row].bits,
				       blocks[row].start };
	const uint32_t sid = blocks[row].stage == 1 ? 1 : 2;
	struct machine *m = keeping(places_of[_i % SIZES]);

	m->config.idr[5] = (m->config.idr[5] & ~7u) | 5; /* OAS: 48 bits */
	start_machine(m);
	put_space(m, &s1);
	put_space(m, &s2);
	use_tables(m, row, &tables);
	lead_to(m, &tables, level, INPUT);
	*ram_at(m, descriptor_at(&tables, level, INPUT)) = sid == 1 ? s1_block(0) | NG :
								      s2_block(0);
	FAULTS(m, read_of(sid, INPUT), event_of(F_TRANSLATION, sid),
	       RECORD_RNW | CLASS_IN | (sid == 1 ? 0 : RECORD_S2), INPUT, sid == 1 ? 0 : INPUT);

	/* bit 1 makes the same a page, or leads to a table */
	lead_to(m, &tables, 3, INPUT);
	*ram_at(m, descriptor_at(&tables, 3, INPUT)) = sid == 1 ? s1_page(0) : s2_page(0);
	goes(m, read_of(sid, INPUT), INPUT & ((UINT64_C(1) << tables.granule_lg2) - 1));
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_table_descriptor_that_forbids_writes_forbids_them_below, 0,
			    SIZES);
	tcase_add_loop_test(tests, a_page_of_stage_2_may_be_written_and_not_read, 0, SIZES);
	tcase_add_loop_test(tests, a_page_that_was_read_is_still_read_only, 0, SIZES);
	tcase_add_loop_test(tests, a_block_at_a_level_without_blocks_is_invalid, 0,
			    SIZES * COUNT(blocks));
}

int main(void)
{
	return run("mistakes_descriptors", add);
}
