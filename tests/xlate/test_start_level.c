/* SPDX-License-Identifier: MIT */
/*
 * Where a walk begins: every granule, TxSZ and SL0, both stages, by the rows of start-level.csv.  A
 * row gives the start level, how many address bits it resolves and how its table is aligned; the
 * first descriptor read must be the one that follows from it.  What has no row is illegal.
 */
#include "start_levels.h"

/* One combination, on one machine. */
struct combination {
	unsigned stage, granule, txsz, sl0, oas;
	bool stt, vax, ds;
};

/* S2SL0_2 counts with S2DS and 4KB alone. */
static unsigned sl0_that_counts(const struct combination *c)
{
	return c->ds && c->granule == G4K ? c->sl0 : c->sl0 & 3;
}

static const struct start_row *legal_row(const struct combination *c)
{
	for (const struct start_row *row = start_rows; row < start_rows + START_ROWS; row++) {
		if (row->stage != c->stage || row->granule != c->granule || row->txsz != c->txsz ||
		    (row->ds && !c->ds))
			continue;
		if (row->sl0 != NO_SL0 && row->sl0 != sl0_that_counts(c))
			continue;
		if ((row->stt && !c->stt) || (row->wide && !c->vax))
			continue;
		if (row->stage == 2 && (row->oas > c->oas || row->input_bits > c->oas))
			continue;
		return row;
	}
	return NULL;
}

static unsigned oas_code(unsigned bits)
{
	static const unsigned sizes[] = { 32, 36, 40, 42, 44, 48, 52 };
	unsigned code = 0;

	while (sizes[code] != bits)
		code++;
	return code;
}

/* start_world on the machine of the combination, with outputs of `output_code`. */
static struct world sweep_world(const struct combination *c, uint64_t ttb, unsigned output_code)
{
	struct world w = start_world(c->stage, c->granule, c->txsz, c->sl0 & 3, ttb);

	if (c->ds)
		make_lpa2(&w);
	w.cd[2] |= c->ds ? BIT(58) : 0;
	w.ste[3] |= (c->ds ? BIT(3) : 0) | (c->sl0 & 4 ? BIT(2) : 0);

	set_id(&w, 5, 0, 3, oas_code(c->oas));
	set_id(&w, 5, 10, 2, c->vax);
	set_id(&w, 3, 9, 1, c->stt);
	set_field(&w.cd[0], 32, 3, output_code);
	set_field(&w.ste[2], 48, 3, output_code);
	return w;
}

static void expect_first_descriptor(struct world *w, const struct start_row *row, uint64_t address,
				    uint64_t table)
{
	const uint64_t index = (address & (BIT(row->input_bits) - 1)) >>
			       (row->input_bits - row->resolved);
	const struct smmu3_mem_access *first;

	ask(w, address, 0);
	ck_assert_uint_eq(w->out.event, F_TRANSLATION);
	ck_assert_uint_eq(w->out.fault_stage, row->stage);
	ck_assert_int_eq(w->out.fault_level, row->level);
	first = &w->seen[w->seen_count - 1];
	ck_assert_uint_eq(first->reason,
			  row->stage == 1 ? SMMU3_REASON_S1_TTD : SMMU3_REASON_S2_TTD);
	ck_assert_uint_eq(first->pa, table + 8 * index);
}

static void try_combination(const struct combination *c)
{
	/* One step past a large alignment, with every bit below the table's own set: aligning too
	 * much or too little shows. */
	const struct start_row *row = legal_row(c);
	const uint64_t align = row ? row->align : 4096;
	const uint64_t table = RAM_BASE + 0x400000 + align;
	struct world w = sweep_world(c, table + align - 16, 5);
	const uint64_t mask = row ? BIT(row->input_bits) - 1 : 0;

	if (row) {
		expect_first_descriptor(&w, row, mask, table);
		expect_first_descriptor(&w, row, UINT64_C(0x5a5a5a5a5a5a5a) & mask, table);
		expect_first_descriptor(&w, row, 0, table);
	} else {
		ask(&w, 0, 0);
		ck_assert_msg(w.out.event == (c->stage == 1 ? C_BAD_CD : C_BAD_STE),
			      "granule %u TxSZ %u SL0 %u OAS %u STT %d DS %d: event 0x%02x",
			      c->granule, c->txsz, c->sl0, c->oas, c->stt, c->ds, w.out.event);
	}
	close_world(&w);
}

static const unsigned granules[] = { G4K, G64K, G16K, 3 };

/* WALK-02, WALK-03, WALK-04, WALK4K-01, WALK4K-04, WALK4K-05, WALK16K-01, WALK16K-04, WALK64K-01,
 * WALK64K-04, CD-20, CD-37, B24 */
START_TEST(stage_1_starts_where_its_row_says_and_other_sizes_are_bad_contexts)
{
	struct combination c = {
		.stage = 1, .granule = granules[_i / 2], .oas = 52, .stt = _i % 2, .vax = true
	};

	read_start_rows();
	for (c.txsz = 0; c.txsz < 64; c.txsz++)
		try_combination(&c);
	c.ds = true;
	for (c.txsz = 0; c.txsz < 64; c.txsz++)
		try_combination(&c);
	c.vax = c.ds = false;
	for (c.txsz = 0; c.txsz < 64; c.txsz++)
		try_combination(&c);
}
END_TEST

static const unsigned output_sizes[] = { 32, 36, 40, 42, 44, 48, 52 };

/* S2-01, S2-02, S2-03, S2-04, S2-05, S2-06, STE-32, STE-39, STE-66, STE-69, WALK16K-05, B24 */
START_TEST(stage_2_starts_where_its_row_says_and_inconsistent_sizes_are_bad_stream_entries)
{
	struct combination c = {
		.stage = 2, .granule = granules[_i / 2], .stt = _i % 2, .vax = true
	};

	read_start_rows();
	for (unsigned size = 0; size < 7; size++) {
		c.oas = output_sizes[size];
		c.vax = c.oas == 52;
		for (c.sl0 = 0; c.sl0 < 4; c.sl0++)
			for (c.txsz = 0; c.txsz < 64; c.txsz++)
				try_combination(&c);
	}
}
END_TEST

/* S2-01, S2-02, S2-04, STE-35, STE-66, STE-69, WALK-10: with S2DS, by {S2SL0_2, S2SL0}; of less
 * than 52 bits of OAS none is from level -1, nor from level 0 with 16KB */
START_TEST(stage_2_with_ds_starts_where_its_row_says)
{
	static const unsigned sizes[] = { 40, 48, 52 };
	struct combination c = {
		.stage = 2, .granule = granules[_i / 2], .stt = _i % 2, .vax = true, .ds = true
	};

	read_start_rows();
	for (unsigned size = 0; size < 3; size++) {
		c.oas = sizes[size];
		for (c.sl0 = 0; c.sl0 < 8; c.sl0++)
			for (c.txsz = 10; c.txsz < 50; c.txsz++)
				try_combination(&c);
	}
}
END_TEST

/* WALK-02, WALK-03, WALK-04, ADR-08: TG1 encodes 16KB, 4KB, 64KB as 1, 2, 3. */
START_TEST(the_upper_half_starts_by_the_same_rows)
{
	static const unsigned tg1[] = { [G4K] = 2, [G64K] = 3, [G16K] = 1 };

	read_start_rows();
	for (const struct start_row *row = start_rows; row < start_rows + START_ROWS; row++) {
		const struct combination c = { 1, row->granule, 16, 0, 52, true, true, row->ds };
		const uint64_t table = RAM_BASE + 0x400000 + row->align;
		struct world w;

		if (row->stage != 1)
			continue;
		w = sweep_world(&c, S1_TABLE(0), 5);
		set_field(&w.cd[0], 6, 2, G4K);
		set_field(&w.cd[0], 16, 6, row->txsz);
		set_field(&w.cd[0], 22, 2, tg1[row->granule]);
		set_field(&w.cd[0], 24, 6, 0x35);
		set_field(&w.cd[0], 30, 1, 0);
		w.cd[2] = (row->ds ? BIT(58) : 0) | (table + row->align - 16);
		w.txn.bytes = 1;
		expect_first_descriptor(&w, row, UINT64_MAX, table);
		expect_first_descriptor(&w, row, UINT64_MAX << row->input_bits, table);
		close_world(&w);
	}
}
END_TEST

/* CD-20, STE-39, WALK-04: 16-byte and 32-byte tables are aligned to 64 bytes when the output has 52
 * bits. */
START_TEST(a_small_table_is_aligned_to_64_bytes_when_outputs_have_52_bits)
{
	read_start_rows();
	for (const struct start_row *row = start_rows; row < start_rows + START_ROWS; row++) {
		const struct combination c = { row->stage, row->granule, row->txsz, row->sl0 % 8,
					       52,         true,         true,      row->ds };
		const uint64_t table = RAM_BASE + 0x400000 + 64;
		struct world w;

		if (row->align >= 64)
			continue;
		w = sweep_world(&c, table + 48, 6);
		expect_first_descriptor(&w, row, BIT(row->input_bits) - 1, table);
		close_world(&w);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    stage_1_starts_where_its_row_says_and_other_sizes_are_bad_contexts, 0,
			    8);
	tcase_add_loop_test(
		tests,
		stage_2_starts_where_its_row_says_and_inconsistent_sizes_are_bad_stream_entries, 0,
		8);
	tcase_add_loop_test(tests, stage_2_with_ds_starts_where_its_row_says, 0, 8);
	tcase_add_test(tests, the_upper_half_starts_by_the_same_rows);
	tcase_add_test(tests, a_small_table_is_aligned_to_64_bytes_when_outputs_have_52_bits);
}

int main(void)
{
	return run_suite("start level", add);
}
