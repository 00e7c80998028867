/* SPDX-License-Identifier: MIT */
/* Memory that does not answer: each structure, by abort, by poison, and where there is no memory at
 * all. */
#include "support/walk_world.h"

#define L1STD_TABLE (RAM_BASE + 0x10000)
#define L1CD_TABLE (RAM_BASE + 0x20000)

/* Substream 70 of a table of 128: L1CD 1, CD 6 of its leaf, CD_PAGE. */
static void use_two_level_cds(struct world *w)
{
	set_field(&w->ste[0], 4, 2, 1);
	set_field(&w->ste[0], 59, 5, 7);
	set_field(&w->ste[0], 6, 50, L1CD_TABLE >> 6);
	put(w, L1CD_TABLE + 8, CD_PAGE | 1);
	memcpy(word_at(w, CD_PAGE + 64 * 6), w->cd, sizeof(w->cd));
	w->txn.flags |= SMMU3_TXN_SSV;
	w->txn.ssid = 70;
}

/* A two-level Stream table, SPLIT 6, of one descriptor. */
static void use_two_level_stream_table(struct world *w)
{
	put(w, L1STD_TABLE, RAM_BASE | 7);
	open_world(w);
	mmio(w, 0x20, 4, 0);
	mmio(w, 0x80, 8, L1STD_TABLE);
	mmio(w, 0x88, 4, 1 << 16 | 6 << 6 | 6);
	mmio(w, 0x20, 4, 0xd);
}

enum structure { L1STD, STE, L1CD, CD, S1_TTD, S2_TTD, STRUCTURES };

static const struct {
	uint64_t at;
	unsigned event;
	uint64_t word1;
} structures[] = {
	[L1STD] = { L1STD_TABLE, F_STE_FETCH, 0 },
	[STE] = { STE_AT, F_STE_FETCH, 0 },
	[L1CD] = { L1CD_TABLE + 8, F_CD_FETCH, 0 },
	[CD] = { CD_PAGE + 64 * 6, F_CD_FETCH, 0 },
	[S1_TTD] = { S1_TABLE(2) + 0x20, F_WALK_EABT, RNW | CLASS(1) },
	[S2_TTD] = { S2_TABLE(2) + 0x30, F_WALK_EABT, RNW | S2 | CLASS(2) },
};

static const enum smmu3_mem_result answers[] = { SMMU3_MEM_ABORT, SMMU3_MEM_POISON };

/* ST-14, SUB-17, WALK-25, FLT-06, FLT-10, FLT-13, B12: all structures through stage 2; then memory
 * recovers */
START_TEST(an_aborted_or_poisoned_read_is_the_event_of_its_structure_with_its_address)
{
	const enum structure which = (enum structure)(_i / 2);
	struct world w = world(NESTED);

	w.behind_host = true;
	use_two_level_cds(&w);
	use_two_level_stream_table(&w);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	w.abort_at = structures[which].at;
	w.answer = answers[_i % 2];
	afresh(&w);
	for (unsigned turn = 0; turn < 2; turn++) {
		ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
		ck_assert_uint_eq(w.out.event, structures[which].event);
		ck_assert_uint_eq(w.out.recorded, 1);
		ck_assert_uint_eq(w.out.record.word[0],
				  structures[which].event | BIT(11) | 70 << 12 | SID << 32);
		ck_assert_uint_eq(w.out.record.word[1], structures[which].word1);
		ck_assert_uint_eq(w.out.record.word[2], which >= S1_TTD ? VA : 0);
		ck_assert_uint_eq(w.out.record.word[3], structures[which].at);
		ck_assert_uint_eq(w.out.fault_addr, structures[which].at);
	}
	w.abort_at = 0;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* SUB-17, NEST-10: FetchAddr is where stage 2 put the CD, not its IPA; F_WALK_EABT alike */
START_TEST(a_fetch_address_is_a_pa_even_where_software_gave_an_ipa)
{
	struct world w = nested_through(SMMU3_CLASS_CD);

	put(&w, slot2(3), UINT64_C(0x70000000) | S2_PAGE);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_CD_FETCH);
	ck_assert_uint_eq(w.out.record.word[1] | w.out.record.word[2], 0);
	ck_assert_uint_eq(w.out.record.word[3], UINT64_C(0x70000000) + CD_OFFSET);
	close_world(&w);
}
END_TEST

/* B12, ST-14, SUB-17, WALK-25: nothing at the address: no window, and a host that reads nothing, or
 * no host */
START_TEST(where_there_is_no_memory_a_read_aborts)
{
	static const unsigned found[] = { F_STE_FETCH, F_CD_FETCH, F_WALK_EABT, F_WALK_EABT };
	struct world w = world(_i == 3 ? S2_ONLY : S1_ONLY);
	const struct smmu3_host none = { .size = sizeof(none) };

	if (_i == 1)
		set_field(&w.ste[0], 6, 50, 0x1000 >> 6);
	w.cd[1] = w.ste[3] = 0x1000;
	memcpy(word_at(&w, STE_AT), w.ste, sizeof(w.ste));
	memcpy(word_at(&w, CD_AT), w.cd, sizeof(w.cd));
	w.smmu = smmu3_create(&w.config, _i % 2 ? &none : NULL, NULL);
	ck_assert_int_eq(smmu3_add_ram(w.smmu, RAM_BASE, RAM_SIZE, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				       w.ram),
			 0);
	mmio(&w, 0x80, 8, _i == 0 ? 0x1000 : RAM_BASE);
	mmio(&w, 0x88, 4, 6);
	mmio(&w, 0x20, 4, 0xd);
	ck_assert_uint_eq(ask(&w, 0x345, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, found[_i]);
	ck_assert_uint_eq(w.out.record.word[3], 0x1000 + (_i == 0 ? 64 * SID : 0));
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(
		tests, an_aborted_or_poisoned_read_is_the_event_of_its_structure_with_its_address,
		0, 2 * STRUCTURES);
	tcase_add_test(tests, a_fetch_address_is_a_pa_even_where_software_gave_an_ipa);
	tcase_add_loop_test(tests, where_there_is_no_memory_a_read_aborts, 0, 4);
}

int main(void)
{
	return run_suite("aborts", add);
}
