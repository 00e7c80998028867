/* SPDX-License-Identifier: MIT */
/* What an access depends on: its configuration on StreamID and SubstreamID and not on the address,
 * its translation on the configuration and not on who asks.  3.3.3 */
#include "support/conf_world.h"

#define OTHER_SID UINT64_C(9)
#define CD_TABLE (RAM_BASE + 0x300000)
#define OTHER_CD_TABLE (RAM_BASE + 0x301000)
#define L1CD_TABLE (RAM_BASE + 0x310000)

static void point_at(struct world *w, uint64_t cd_table)
{
	w->ste[0] = (w->ste[0] & ~UINT64_C(0x00ffffffffffffc0)) | cd_table;
}

/* Two streams with a table of four CDs each; all CDs say the same, and both STEs but for the table.
 * Next to the page of the machine are one that may not be written and one that was not accessed. */
static struct world two_streams(unsigned config)
{
	struct world w = stream(config);

	for (unsigned ssid = 0; ssid < 4; ssid++) {
		put_structure(&w, CD_TABLE + 64 * ssid, w.cd);
		put_structure(&w, OTHER_CD_TABLE + 64 * ssid, w.cd);
	}
	change(w.ste, S1CDMAX, 2);
	change(w.ste, S1DSS, 2); /* without a substream: CD 0 */
	point_at(&w, OTHER_CD_TABLE);
	put_structure(&w, RAM_BASE + 64 * OTHER_SID, w.ste);
	point_at(&w, CD_TABLE);
	put(&w, slot1(3) + 8, NEAR_PAGE | S1_PAGE | BIT(7));
	put(&w, slot1(3) + 16, NEAR_PAGE | (S1_PAGE & ~AF));
	put(&w, slot2(3) + 8, NEAR_PAGE | (S2_PAGE & ~S2AP(2)));
	return w;
}

/* Word 0 of a record but its event number is who asked. */
static void expect_who(const struct world *w, uint64_t who)
{
	if (w->out.event)
		ck_assert_uint_eq(w->out.record.word[0] & ~UINT64_C(0xff), who);
}

static void expect_same_outcome(struct smmu3_outcome a, struct smmu3_outcome b)
{
	ck_assert_uint_eq(a.verdict, b.verdict);
	ck_assert_uint_eq(a.pa, b.pa);
	ck_assert_uint_eq(a.bytes, b.bytes);
	ck_assert_uint_eq(a.span, b.span);
	ck_assert_uint_eq(a.attr.mair, b.attr.mair);
	ck_assert_uint_eq(a.attr.sh, b.attr.sh);
	ck_assert_uint_eq(a.perm, b.perm);
	ck_assert_uint_eq(a.why, b.why);
	ck_assert_uint_eq(a.event, b.event);
	ck_assert_uint_eq(a.fault_stage, b.fault_stage);
	ck_assert_int_eq(a.fault_level, b.fault_level);
	ck_assert_uint_eq(a.fault_addr, b.fault_addr);
	for (unsigned i = 1; i < 4; i++)
		ck_assert_uint_eq(a.record.word[i], b.record.word[i]);
}

/* Who asks: a stream, with a substream or without. */
static const struct {
	uint32_t sid, ssid;
	bool substream;
} askers[] = {
	{ SID, 0, false }, { OTHER_SID, 0, false }, { SID, 1, true },
	{ SID, 3, true },  { OTHER_SID, 1, true },  { OTHER_SID, 2, true },
};

static struct smmu3_outcome asked_by(struct world *w, unsigned asker, uint64_t address,
				     unsigned flags)
{
	const uint64_t ssv = BIT(11) | (uint64_t)askers[asker].ssid << 12;

	w->txn.sid = askers[asker].sid;
	w->txn.ssid = askers[asker].ssid;
	reach(w, address, flags | (askers[asker].substream ? SMMU3_TXN_SSV : 0));
	expect_who(w, (uint64_t)askers[asker].sid << 32 | (askers[asker].substream ? ssv : 0));
	return w->out;
}

/* Pages with all rights, read-only and without Access flag, one that is not mapped, one out of
 * range */
static const uint64_t steps[] = { 0, 0x1000, 0x2000, 0x3000, BIT(50) };

/* ORD-15: stage 1, both stages; stage 2 alone, which has no substreams */
START_TEST(who_asks_does_not_change_the_translation_of_an_equal_configuration)
{
	static const unsigned configs[] = { S1_ONLY, NESTED, S2_ONLY };
	static const unsigned flags[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_PRIVILEGED };
	const unsigned config = configs[_i / 3], askers_count = config == S2_ONLY ? 2 : 6;
	struct world w = two_streams(config);

	for (unsigned step = 0; step < 5; step++) {
		const uint64_t address = input_of(config) + steps[step];
		const struct smmu3_outcome first = asked_by(&w, 0, address, flags[_i % 3]);

		for (unsigned asker = 1; asker < askers_count; asker++)
			expect_same_outcome(first, asked_by(&w, asker, address, flags[_i % 3]));
	}
	close_world(&w);
}
END_TEST

/* The configuration reads of the last access, in order. */
static unsigned configuration_reads(const struct world *w, uint64_t pa[8])
{
	unsigned count = 0;

	for (unsigned i = 0; i < w->seen_count; i++)
		if (w->seen[i].reason < SMMU3_REASON_S1_TTD) {
			ck_assert_uint_lt(count, 8);
			pa[count++] = w->seen[i].pa;
		}
	return count;
}

/* ORD-14: the same STE, L1CD and CD are read for addresses of either half, of none, mapped or not;
 * for the CD of a two-level table, alone and behind stage 2 */
START_TEST(the_address_does_not_change_which_configuration_is_read)
{
	static const uint64_t addresses[] = { VA,      0,
					      BIT(48), UINT64_C(0xffff000000000000),
					      BIT(63), UINT64_MAX - 7 };
	struct world w = stream(_i ? NESTED : S1_ONLY);

	w.behind_host = true;
	w.txn.ssid = 70;
	w.ste[0] = (w.ste[0] & 0xf) | 1 << 4 | L1CD_TABLE | UINT64_C(7) << 59;
	put(&w, L1CD_TABLE + 8, CD_TABLE | 1);
	put_structure(&w, CD_TABLE + 64 * 6, w.cd);
	for (unsigned i = 0; i < 6; i++) {
		uint64_t pa[8];

		afresh(&w);
		reach(&w, addresses[i], SMMU3_TXN_SSV | (i % 2 ? SMMU3_TXN_WRITE : 0));
		ck_assert_uint_eq(w.out.event, i == 0 ? 0 : F_TRANSLATION);
		ck_assert_uint_eq(configuration_reads(&w, pa), 3);
		ck_assert_uint_eq(pa[0], STE_AT);
		ck_assert_uint_eq(pa[1], L1CD_TABLE + 8);
		ck_assert_uint_eq(pa[2], CD_TABLE + 64 * 6);
	}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    who_asks_does_not_change_the_translation_of_an_equal_configuration, 0,
			    9);
	tcase_add_loop_test(tests, the_address_does_not_change_which_configuration_is_read, 0, 2);
}

int main(void)
{
	return run_suite("sharing", add);
}
