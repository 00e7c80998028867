/* SPDX-License-Identifier: MIT */
/* Fields of STEs that contradict others, of an SMMU that takes them otherwise when it is asked to.
 * 5.2 */
#include "stream_table.h"

#include <smmu/adversity.h>

#define CDS (FREE_AREA + 0x200000)
#define CDS_FIELD UINT64_C(0x00ffffffffffffc0)
#define LEAF_OF_8 (FREE_AREA + 0x300000)

static void demand(struct world *w, const char *word)
{
	ck_assert_int_eq(smmu3_adversity_ask(w->smmu, word, NULL), 0);
}

/* STE-21: a StreamID behind the end of its array is the STE within that says that it speaks for it;
 * one that does not, aborts, or is not valid, speaks for nobody */
START_TEST(a_span_reaches_behind_its_array)
{
	static const struct {
		uint8_t cont, config;
		bool valid, used;
	} rows[] = {
		{ 4, 4, true, true },  { 6, 4, true, true },  { 3, 4, true, false },
		{ 0, 4, true, false }, { 4, 0, true, false }, { 4, 4, false, false },
	};
	struct world w = no_stream();

	change(w.ste, CONT, rows[_i].cont);
	change(w.ste, CONFIG, rows[_i].config);
	change(w.ste, STE_V, rows[_i].valid);
	put(&w, L1 + 8, L1STD(4, L2)); /* StreamIDs 64 to 71 */
	put_bypass(&w, L2 + 64 * 3);
	use_stream_table(&w, L1, TWO_LEVEL(16, 6));
	demand(&w, "ste-cont-beyond-array=used");
	w.txn.sid = 64 + 8 + 3;
	if (rows[_i].used)
		expect_reaches(&w, ADDRESS, 0, ADDRESS);
	else
		expect_error(&w, ADDRESS, 0, C_BAD_STREAMID, 0);
	demand(&w, "ste-cont-beyond-array=libsmmu");
	expect_error(&w, ADDRESS, 0, C_BAD_STREAMID, 0);
	close_world(&w);
}
END_TEST

/* STE-16: bits of S1ContextPtr below the size of a table are of the place in it: of CDs, and of
 * L1CDs */
START_TEST(low_bits_of_s1contextptr_say_where_in_the_table)
{
	static const struct {
		uint8_t fmt, cdmax, ssid;
		uint64_t low, cd;
	} rows[] = {
		{ 0, 4, 1, 0x40 * 2, CDS + 0x40 * 3 },    { 0, 4, 2, 0x40 * 2, CDS + 0x40 * 2 },
		{ 0, 4, 5, 0, CDS + 0x40 * 5 },           { 0, 0, 0, 0x40 * 2, CDS + 0x40 * 2 },
		{ 1, 10, 5, 0x40, LEAF_OF_8 + 0x40 * 5 },
	};
	const bool two_level = rows[_i].fmt != 0;
	struct world w = stream(S1_ONLY);

	w.behind_host = true;
	w.ste[0] = BIT(0) | S1_ONLY << 1 | (uint64_t)rows[_i].fmt << 4 | CDS | rows[_i].low |
		   (uint64_t)rows[_i].cdmax << 59;
	if (!rows[_i].cdmax)
		w.ste[0] = (w.ste[0] & ~CDS_FIELD) | CDS | rows[_i].low;
	w.txn.ssid = rows[_i].ssid;
	open_world(&w);
	put_structure(&w, rows[_i].cd, w.cd);
	if (two_level)
		put(&w, CDS + 8 * 8, LEAF_OF_8 | 1);
	demand(&w, "s1contextptr-low-bits=joined");
	expect_reaches(&w, VA, rows[_i].cdmax ? SMMU3_TXN_SSV : 0, NEAR_PA);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_CD), rows[_i].cd);
	close_world(&w);
}
END_TEST

/* STE-28: ALLOCCFG does nothing while MTCFG is 0; with it, what it did */
START_TEST(allocation_hints_want_a_type)
{
	struct world w = world(BYPASS);

	change(w.ste, MTCFG, (unsigned)_i);
	change(w.ste, MEMATTR, 0xf);
	change(w.ste, ALLOCCFG, 0xc);
	change(w.ste, SHCFG, 1);
	w.txn.attr = (struct smmu3_attr){ 0xff, SMMU3_ISH };
	open_world(&w);
	expect_reaches(&w, ADDRESS, 0, ADDRESS);
	ck_assert_uint_eq(w.out.attr.mair, 0xee);
	demand(&w, "alloccfg-without-mtcfg=void");
	expect_reaches(&w, ADDRESS, 0, ADDRESS);
	ck_assert_uint_eq(w.out.attr.mair, _i ? 0xee : 0xff);
	close_world(&w);
}
END_TEST

/* STE-21, STE-16, STE-28: who has no such fields has no choice */
START_TEST(what_is_absent_is_not_chosen)
{
	static const struct {
		unsigned id;
		const char *word;
	} rows[] = {
		{ ST_LEVEL, "ste-cont-beyond-array=used" },
		{ SSIDSIZE, "s1contextptr-low-bits=joined" },
		{ ATTR_TYPES_OVR, "alloccfg-without-mtcfg=void" },
	};
	struct world w = world(BYPASS);

	change_id(&w, SIDSIZE, 6); /* as many as one level may have */
	change_id(&w, rows[_i].id, 0);
	open_world(&w);
	ck_assert_int_eq(smmu3_adversity_ask(w.smmu, rows[_i].word, NULL), -SMMU3_E_INCONSISTENT);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_span_reaches_behind_its_array, 0, 6);
	tcase_add_loop_test(tests, low_bits_of_s1contextptr_say_where_in_the_table, 0, 5);
	tcase_add_loop_test(tests, allocation_hints_want_a_type, 0, 2);
	tcase_add_loop_test(tests, what_is_absent_is_not_chosen, 0, 3);
}

int main(void)
{
	return run_suite("adverse-structures", add);
}
