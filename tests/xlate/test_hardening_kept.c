/* SPDX-License-Identifier: MIT */
/* Translation hardening and what is kept: tables, translations, ways of ports.  3.27, 5.2.1, 5.4.1
 */
#include "hardening_world.h"

#include <smmu/port.h>

/* Tables alone are kept. */
static struct hardened with_tables(void)
{
	struct hardened h = hardened(0);

	h.w.config.caches = (struct smmu3_caches){ .tables = 64 };
	put(&h.w, slot1(3) + 8, IPA_OF(OF_DATA) | S1_PAGE | PROTECTED);
	return h;
}

/* Software changes a descriptor, and says nothing. */
static void turn_over(struct hardened *h, uint64_t at, uint64_t bits)
{
	*word_at(&h->w, at) ^= bits;
	h->w.edited = false;
}

/* TLB-12, NEST-18: what leads to the last table was Protected, or was not, when it was read */
START_TEST(a_table_that_is_kept_is_as_assured_as_it_was)
{
	const uint64_t other = VA + 0x1000;
	struct hardened h = with_tables();

	if (_i & 1)
		*word_at(&h.w, slot1(_i >> 1)) &= ~PROTECTED;
	begin(&h);
	ask(&h.w, VA, 0);
	ck_assert_uint_eq(h.w.out.verdict, _i & 1 ? SMMU3_ABORT : SMMU3_OK);
	turn_over(&h, slot1(_i >> 1), PROTECTED);
	ask(&h.w, other, 0);
	ck_assert_uint_eq(h.w.out.verdict, _i & 1 ? SMMU3_ABORT : SMMU3_OK);
	close_world(&h.w);
}
END_TEST

/* TLB-13, PERM-30: a translation that is kept is judged anew: AssuredOnly of its page is kept, and
 * whether it is Assured */
START_TEST(a_translation_that_is_kept_is_judged_on_every_hit)
{
	struct hardened h = hardened(0);

	h.w.config.caches = (struct smmu3_caches){ .tlb = 64 };
	if (_i)
		map(&h, OF_DATA, PA_PAGE, RW, 0);
	begin(&h);
	expect_pa(&h.w, VA, 0, PA_PAGE | OFFSET);
	turn_over(&h, slot1(3), PROTECTED);
	expect_pa(&h.w, VA, W, PA_PAGE | OFFSET);
	turn_over(&h, LEAF_OF(OF_DATA), AO);
	expect_pa(&h.w, VA, W, PA_PAGE | OFFSET);
	close_world(&h.w);
}
END_TEST

/* NEST-18, TLB-12: of two CDs of one ASID, one of which is not in AssuredOnly memory, the other's
 * translation that is kept is not one of this one's */
START_TEST(a_translation_that_is_kept_is_assured_by_the_cd_of_who_asks)
{
	enum { OF_OTHER_CDS = OF_L1CD + 1 };
	struct hardened h = hardened(0);

	h.w.config.caches = (struct smmu3_caches){ .tlb = 64 };
	give_l1cd(&h, AO);
	map(&h, OF_OTHER_CDS, L1CD_PAGE + 0x1000, RO, 0);
	put(&h.w, L1CD_PAGE + 8, IPA_OF(OF_OTHER_CDS) | BIT(0));
	memcpy(word_at(&h.w, L1CD_PAGE + 0x1000), h.w.cd, sizeof(h.w.cd));
	begin(&h);
	expect_pa(&h.w, VA, 0, PA_PAGE | OFFSET);
	h.w.txn.ssid = 64; /* the first CD of the second leaf table */
	expect_event(&h.w, VA, 0, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(h.w.out.record.word[1], ASSUREDONLY | RNW | S2 | CLASS(SMMU3_CLASS_IN));
	h.w.txn.ssid = 1;
	expect_pa(&h.w, VA, 0, PA_PAGE | OFFSET);
	close_world(&h.w);
}
END_TEST

/* WALK-19, TLB-12: 16 pages whose bit 52 is 1, and with PnCH no group: the next page is where its
 * own descriptor says */
START_TEST(with_pnch_no_group_is_kept)
{
	const uint64_t group = PA_PAGE - 0x4000, other = UINT64_C(0x700000);
	struct world w = indirect(S1_ONLY, 0);

	set_id(&w, 3, 21, 1, 1);
	w.config.caches = (struct smmu3_caches){ .tlb = 64, .contiguous = 1 };
	w.cd[1] |= _i ? PNCH : 0;
	for (uint64_t i = 0; i < 16; i++)
		put(&w, S1_TABLE(3) + 8 * i,
		    ((group & ~UINT64_C(0xffff)) + 0x1000 * i) | S1_PAGE | PROTECTED);
	open_world(&w);
	expect_pa(&w, VA, 0, (group & ~UINT64_C(0xffff)) + 0x5000 + OFFSET);
	put(&w, slot1(3) + 8, other | S1_PAGE | PROTECTED);
	w.edited = false;
	expect_pa(&w, VA + 0x1000, 0, (_i ? other : (group & ~UINT64_C(0xffff)) + 0x6000) + OFFSET);
	close_world(&w);
}
END_TEST

/* NEST-18: pages of one table, of which the first is Protected, or, without PnCH, is not
 * AssuredOnly: what a port knows of the way to it does not let others in */
START_TEST(no_port_takes_a_shorter_way)
{
	enum { OF_OTHERS = OF_L1CD + 1 };
	const uint64_t bits = _i ? 0 : PROTECTED, first = IPA_OF(_i ? OF_OTHERS : OF_DATA);
	struct hardened h = hardened(0);
	struct smmu3_port *port;

	h.w.config.caches = (struct smmu3_caches){ .micro = 64, .micro_streams = 4 };
	h.w.cd[1] ^= _i ? PNCH : 0;
	map(&h, OF_OTHERS, PA_PAGE + 0x1000, RW, 0);
	for (uint64_t i = 0; i < 4; i++)
		put(&h.w, slot1(3) + 8 * i,
		    i % 3 ? IPA_OF(OF_DATA) | S1_PAGE : first | S1_PAGE | bits);
	begin(&h);
	port = smmu3_port_open(h.w.smmu, NULL, NULL);
	ck_assert_ptr_nonnull(port);
	for (unsigned i = 0; i < 16; i++) {
		struct smmu3_txn txn = { .bytes = 4, .sid = SID, .addr = VA + 0x1000 * (i % 4) };

		smmu3_port_translate(port, &txn, &h.w.out);
		ck_assert_uint_eq(h.w.out.verdict, i % 4 % 3 ? SMMU3_ABORT : SMMU3_OK);
	}
	smmu3_port_close(port);
	close_world(&h.w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_table_that_is_kept_is_as_assured_as_it_was, 0, 6);
	tcase_add_loop_test(tests, a_translation_that_is_kept_is_judged_on_every_hit, 0, 2);
	tcase_add_test(tests, a_translation_that_is_kept_is_assured_by_the_cd_of_who_asks);
	tcase_add_loop_test(tests, with_pnch_no_group_is_kept, 0, 2);
	tcase_add_loop_test(tests, no_port_takes_a_shorter_way, 0, 2);
}

int main(void)
{
	return run_suite("hardening_kept", add);
}
