/* SPDX-License-Identifier: MIT */
/* Indirect permissions and overlays of stage 2, as clients and their records see them; the dirty
 * state under them. */
#include "indirect2_world.h"
#include "support/permission_tables.h"

/* By code, D8-82 */
static const char *const granted[16] = {
	"",   "",    "rR",  "rR",   "wW",   "",      "rR",    "rR",
	"rR", "rRx", "rRX", "rRxX", "rRwW", "rRwWx", "rRwWX", "rRwWxX",
};

/* In the order of the bits of enum smmu3_perm */
static const unsigned kinds[6] = { 0, W, X, P, W | P, X | P };

/* Stage 2 alone, of a page with these indices. */
static struct world paged(uint64_t bits, unsigned pi, unsigned po)
{
	struct world w = indirect(S2_ONLY, bits);

	put(&w, LEAF, PA_PAGE | leaf_of(pi, po));
	return w;
}

static void expect_grants(struct world *w, unsigned perm)
{
	for (unsigned kind = 0; kind < 6; kind++) {
		if (!(perm >> kind & 1)) {
			expect_event(w, IPA_PAGE, kinds[kind], F_PERMISSION, 2, 3);
			continue;
		}
		expect_pa(w, IPA_PAGE, kinds[kind], PA_PAGE);
		ck_assert_uint_eq(w->out.perm, perm);
	}
}

/* PERM-27, PERM-28, CR-033: every code, every PIIndex twice */
START_TEST(s2pii_says_what_a_page_grants)
{
	const unsigned code = (unsigned)_i % 16, pi = (5 * code + 8 * ((unsigned)_i / 16)) % 16;
	struct world w = paged(0, pi, 0);

	open_world(&w);
	mmio(&w, S2PII, 8, code_at(pi, code));
	expect_grants(&w, letters(granted[code]));
	close_world(&w);
}
END_TEST

/* PERM-27, PERM-28: S2POI 1 and 5 are ILLEGAL */
START_TEST(s2poi_restricts_it)
{
	static const uint8_t codes[] = { 2, 4, 8, 12, 15 };
	const unsigned code = codes[_i / 16], overlay = (unsigned)_i % 16;
	struct world w = paged(S2POE, 3, 10);

	w.ste[7] = code_at(10, overlay);
	start(&w, code_at(3, code));
	if (overlay == 1 || overlay == 5) {
		ask(&w, IPA_PAGE, 0);
		ck_assert_uint_eq(w.out.event, C_BAD_STE);
	} else {
		expect_grants(&w, letters(granted[code]) & letters(granted[overlay]));
	}
	close_world(&w);
}
END_TEST

/* PERM-27, STE-74: S2POI and POIndex count with S2POE alone, and that with S2PO */
START_TEST(without_s2poe_there_is_no_overlay)
{
	struct world w = paged(_i ? S2POE : 0, 3, 10);

	set_id(&w, 3, 20, 1, _i == 0);
	w.ste[7] = code_at(10, _i ? 1 : 0);
	start(&w, code_at(3, 15));
	expect_grants(&w, letters(granted[15]));
	close_world(&w);
}
END_TEST

/* PERM-27: S2PIE counts with S2PI alone; without it the descriptor says it: S2AP = 10, XN = 11 */
START_TEST(without_s2pie_permissions_are_direct)
{
	struct world w = paged(0, 12, 0);

	if (_i)
		set_id(&w, 3, 19, 2, 0);
	else
		w.ste[2] &= ~S2PIE;
	open_world(&w);
	mmio(&w, S2PII, 8, ~UINT64_C(0));
	expect_grants(&w, letters("wWX"));
	close_world(&w);
}
END_TEST

/* STE-73, STE-74: 5.2.2 */
START_TEST(indirection_where_it_cannot_be_is_illegal)
{
	struct world w = paged(_i ? S2POE : 0, 1, 1);

	if (_i == 0) {
		set_id(&w, 0, 2, 2, 3); /* TTF: both */
		w.ste[2] &= ~BIT(51);   /* S2AA64 */
	} else if (_i == 1) {
		w.ste[2] &= ~S2PIE;
	} else {
		set_id(&w, 3, 3, 1, 1); /* PBHA */
		w.ste[1] |= BIT(8 + _i - 2);
	}
	start(&w, code_at(1, 15));
	ask(&w, IPA_PAGE, 0);
	ck_assert_uint_eq(w.out.event, C_BAD_STE);
	close_world(&w);
}
END_TEST

/* CR-033: what is written counts for the next access, once what is kept has been invalidated; both
 * halves */
START_TEST(s2pii_may_be_changed)
{
	struct world w = paged(0, _i ? 14 : 2, 0);

	start(&w, code_at(14, 8) | code_at(2, 8));
	expect_grants(&w, letters("rR"));
	mmio(&w, S2PII + (_i ? 4 : 0), 4, _i ? 0xfc000000 : 0xc00);
	afresh(&w);
	expect_grants(&w, letters("rRwW"));
	mmio(&w, S2PII, 8, 0);
	afresh(&w);
	expect_grants(&w, 0);
	close_world(&w);
}
END_TEST

/* ---- Records ---- */

/* PERM-31, PERM-30, 13.1.1: codes, access, and what word 1 has beside the access itself */
static const struct {
	unsigned base, overlay, flags;
	bool atomic;
	uint64_t word1;
} records[] = {
	{ 8, 15, W, false, 0 },
	{ 15, 8, W, false, OVERLAY },
	{ 8, 8, W, false, OVERLAY }, /* both: the overlay comes first */
	{ 4, 15, 0, false, RNW },
	{ 15, 4, 0, false, RNW | OVERLAY },
	{ 8, 15, X, false, RNW | IND },
	{ 15, 8, X | P, false, RNW | IND | PNU | OVERLAY },
	{ 15, 4, 0, true, RNW | OVERLAY }, /* an atomic that may write */
	{ 4, 15, 0, true, RNW },
	{ 15, 8, 0, true, OVERLAY },
	{ 8, 4, 0, true, 0 }, /* its write is looked at first, which the base refuses */
	{ 4, 8, 0, true, OVERLAY },
};

START_TEST(a_record_says_whether_it_was_the_overlay)
{
	struct world w = paged(S2POE, 6, 5);

	w.ste[7] = code_at(5, records[_i].overlay);
	if (records[_i].atomic)
		w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	start(&w, code_at(6, records[_i].base));
	expect_event(&w, IPA_PAGE, records[_i].flags, F_PERMISSION, 2, 3);
	expect_record(&w, IPA_PAGE, records[_i].word1 | S2 | CLASS(SMMU3_CLASS_IN), IPA_PAGE);
	close_world(&w);
}
END_TEST

/* FLT-14, HTTU-11, PERM-30: a write that only the dirty state keeps out.  DBM, bit 51, is of
 * PIIndex: 1 and 3 differ in it */
START_TEST(a_write_of_a_clean_page_says_so)
{
	const unsigned pi = _i & 1 ? 3 : 1;
	struct world w = paged(_i & 2 ? S2HA : 0, pi, 0);

	if (_i & 4)
		w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	put(&w, LEAF, (PA_PAGE | leaf_of(pi, 0)) & ~DIRTY);
	start(&w, code_at(pi, 12));
	expect_event(&w, IPA_PAGE, W, F_PERMISSION, 2, 3);
	expect_record(&w, IPA_PAGE, DIRTYBIT | S2 | CLASS(SMMU3_CLASS_IN), IPA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), (PA_PAGE | leaf_of(pi, 0)) & ~DIRTY);
	w.txn.txn_class = 0;
	expect_pa(&w, IPA_PAGE, 0, PA_PAGE);
	ck_assert_uint_eq(w.out.perm, letters("rR"));
	close_world(&w);
}
END_TEST

/* FLT-14: not what is refused otherwise, too: codes that do not write, an overlay; an atomic that
 * may not read, whose record is then of a read; nor what S2HD would mark */
START_TEST(dirtybit_is_of_what_would_be_let_through)
{
	static const struct {
		unsigned base, overlay;
		bool atomic;
		uint64_t word1;
	} row[] = {
		{ 8, 15, false, 0 },
		{ 2, 15, false, 0 },
		{ 12, 8, false, OVERLAY },
		{ 4, 15, true, RNW },
		{ 12, 4, true, RNW | OVERLAY },
	};
	struct world w = paged(S2POE | (_i & 1 ? S2HA | S2HD : 0), 2, 2);
	const uint64_t clean = (PA_PAGE | leaf_of(2, 2)) & ~DIRTY;

	put(&w, LEAF, clean);
	w.ste[7] = code_at(2, row[_i / 2].overlay);
	if (row[_i / 2].atomic)
		w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	start(&w, code_at(2, row[_i / 2].base));
	expect_event(&w, IPA_PAGE, W, F_PERMISSION, 2, 3);
	expect_record(&w, IPA_PAGE, row[_i / 2].word1 | S2 | CLASS(SMMU3_CLASS_IN), IPA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), clean);
	close_world(&w);
}
END_TEST

/* ---- Hardware updates ---- */

/* HTTU-11, HTTU-06: whatever bit 51 is */
START_TEST(a_write_marks_a_clean_page)
{
	const unsigned pi = _i & 1 ? 3 : 1;
	struct world w = paged(S2HA | S2HD, pi, 0);
	const uint64_t dirty = PA_PAGE | leaf_of(pi, 0);

	put(&w, LEAF, dirty & ~DIRTY & ~(_i & 2 ? AF : 0));
	start(&w, code_at(pi, 13));
	expect_pa(&w, IPA_PAGE, 0, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), dirty & ~DIRTY);
	ck_assert_uint_eq(w.out.perm, letters("rRx"));
	expect_pa(&w, IPA_PAGE, W, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), dirty);
	ck_assert_uint_eq(w.out.perm, letters("rRwWx"));
	ck_assert_uint_eq(w.written, _i & 2 ? 2 : 1);
	expect_pa(&w, IPA_PAGE, W, PA_PAGE);
	ck_assert_uint_eq(w.written, _i & 2 ? 2 : 1);
	close_world(&w);
}
END_TEST

/* HTTU-04, HTTU-07: nothing is marked by what is refused: by base or overlay */
START_TEST(what_is_refused_marks_nothing)
{
	struct world w = paged(S2POE | S2HA | S2HD, 1, 1);
	const uint64_t clean = (PA_PAGE | leaf_of(1, 1)) & ~DIRTY & ~AF;

	put(&w, LEAF, clean);
	w.ste[7] = code_at(1, _i ? 8 : 15);
	start(&w, code_at(1, _i ? 15 : 8));
	expect_event(&w, IPA_PAGE, W, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(now(&w, LEAF), clean);
	close_world(&w);
}
END_TEST

/* ---- MTEPERM ---- */

/* ATTR-12, ATTR-18, 3.23.1: MemAttr 0b0100 is Write-Back, of FWB 0b1110 and 0b1111 are; without
 * IDR3.MTEPERM 0b0100 is reserved, and bit 3 of FWB's is nothing */
START_TEST(memory_types_without_tag_access_are_those_with)
{
	static const struct {
		uint64_t memattr;
		bool fwb, mteperm;
		uint8_t mair;
	} row[] = {
		{ 4, false, true, 0xff }, { 4, false, false, 0x00 }, { 14, true, true, 0xff },
		{ 15, true, true, 0x44 }, { 13, true, true, 0x00 },  { 13, true, false, 0x44 },
		{ 9, true, true, 0x00 },  { 9, true, false, 0x04 },  { 10, false, true, 0x44 },
	};
	struct world w = paged(0, 15, 0);

	drive(&w, row[_i].memattr == 4 || row[_i].memattr == 14 ? 0xff : 0x44, SMMU3_OSH);
	set_id(&w, 3, 22, 1, row[_i].mteperm);
	w.ste[1] |= row[_i].fwb ? BIT(25) : 0;
	put(&w, LEAF, ((PA_PAGE | leaf_of(15, 0)) & ~UINT64_C(0x3c)) | row[_i].memattr << 2);
	start(&w, 0);
	expect_pa(&w, IPA_PAGE, 0, PA_PAGE);
	ck_assert_uint_eq(w.out.attr.mair, row[_i].mair);
	close_world(&w);
}
END_TEST

/* ATTR-12: S2DecodeMemAttrs; a block of level 1 of 1GB */
START_TEST(vmsav8_32_has_no_encodings_without_tag_access)
{
	struct world w = paged(0, 15, 0);

	drive(&w, 0xff, SMMU3_OSH);
	set_id(&w, 0, 2, 2, 3);  /* TTF: both */
	set_id(&w, 3, 22, 1, 1); /* MTEPERM */
	/* S2AA64 0, S2PIE 0; T0SZ 0, 32 bits; SL0 1 */
	w.ste[2] &= ~(BIT(51) | S2PIE | UINT64_C(0xff) << 32);
	w.ste[2] |= BIT(38);
	w.ste[3] = S2_TABLE(1);
	put(&w, S2_TABLE(1), (S2_BLOCK & ~UINT64_C(0x3c)) | 4 << 2);
	start(&w, 0);
	expect_pa(&w, 0x1000, 0, 0x1000);
	ck_assert_uint_eq(w.out.attr.mair, 0x00);
	close_world(&w);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, s2pii_says_what_a_page_grants, 0, 32);
	tcase_add_loop_test(tests, s2poi_restricts_it, 0, 80);
	tcase_add_loop_test(tests, without_s2poe_there_is_no_overlay, 0, 2);
	tcase_add_loop_test(tests, without_s2pie_permissions_are_direct, 0, 2);
	tcase_add_loop_test(tests, indirection_where_it_cannot_be_is_illegal, 0, 6);
	tcase_add_loop_test(tests, s2pii_may_be_changed, 0, 2);
	tcase_add_loop_test(tests, a_record_says_whether_it_was_the_overlay, 0, COUNT(records));
	tcase_add_loop_test(tests, a_write_of_a_clean_page_says_so, 0, 8);
	tcase_add_loop_test(tests, dirtybit_is_of_what_would_be_let_through, 0, 10);
	tcase_add_loop_test(tests, a_write_marks_a_clean_page, 0, 4);
	tcase_add_loop_test(tests, what_is_refused_marks_nothing, 0, 2);
	tcase_add_test(tests, vmsav8_32_has_no_encodings_without_tag_access);
	tcase_add_loop_test(tests, memory_types_without_tag_access_are_those_with, 0, 9);
}

int main(void)
{
	return run_suite("indirect2", add);
}
