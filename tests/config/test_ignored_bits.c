/* SPDX-License-Identifier: MIT */
/*
 * What an STE or CD ignores: each such bit alone, and all of them at random, changes nothing of
 * what an access meets, neither the whole outcome nor the memory that is read for it.  Each
 * variation is a stream of its own; stream 0 is the one without.  5.2, 5.4
 */
#include "support/conf_world.h"

#define STES FREE_AREA
#define CDS (FREE_AREA + 0x100000)
#define BITS(msb, lsb) (((BIT((msb) - (lsb)) << 1) - 1) << (lsb))
#define HIGH UINT64_C(0xffff000000000000) /* VA | HIGH is of the TTB1 half: T1SZ is 16 */

/* Bits of a page descriptor that features could read. */
#define SEEN (BITS(62, 55) | BIT(52) | BIT(51))

enum { ALONE = 512, STREAMS = 1024, INVALID = 8 };

/* ---- What an access meets */

struct met {
	struct smmu3_outcome out;
	struct smmu3_mem_access seen[SEEN_MAX];
	unsigned count;
};

static void meet(struct world *w, uint32_t sid, uint64_t address, unsigned flags, struct met *met)
{
	w->txn.sid = sid;
	ask(w, address, flags);
	met->out = w->out;
	set_field(&met->out.record.word[0], 32, 32, 0); /* StreamID */
	met->count = w->seen_count < SEEN_MAX ? w->seen_count : SEEN_MAX;
	memcpy(met->seen, w->seen, met->count * sizeof(met->seen[0]));
}

/* The STE and the CD, which differ, are read from different places. */
static bool of_the_variation(unsigned reason)
{
	return reason == SMMU3_REASON_STE || reason == SMMU3_REASON_CD;
}

static bool same_read(const struct smmu3_mem_access *a, const struct smmu3_mem_access *b)
{
	return a->reason == b->reason && a->bytes == b->bytes &&
	       (a->pa == b->pa || of_the_variation(a->reason)) && a->attr.mair == b->attr.mair &&
	       a->attr.sh == b->attr.sh && a->pas == b->pas;
}

static bool same(const struct met *one, const struct met *other)
{
	if (memcmp(&one->out, &other->out, sizeof(one->out)) != 0)
		return false;
	if (cached_pass()) /* what one has read the other need not read */
		return true;
	if (one->count != other->count)
		return false;
	for (unsigned i = 0; i < one->count; i++)
		if (!same_read(&one->seen[i], &other->seen[i]))
			return false;
	return true;
}

static const struct {
	uint64_t offset;
	unsigned flags;
} accesses[] = {
	{ 0, 0 },
	{ 0, SMMU3_TXN_PRIVILEGED },
	{ 0, SMMU3_TXN_WRITE | SMMU3_TXN_PRIVILEGED },
	{ 0, SMMU3_TXN_INSTRUCTION },
	{ 0, SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED },
	{ 0x1000, 0 }, /* not mapped */
	{ BIT(60), 0 },
	{ HIGH, SMMU3_TXN_PRIVILEGED },
	{ 0, SMMU3_TXN_SSV },
};

static void expect_streams_alike(struct world *w, uint64_t address)
{
	struct met first, met;

	for (int i = 0; i < ROWS(accesses); i++) {
		const uint64_t at = address + accesses[i].offset;

		meet(w, 0, at, accesses[i].flags, &first);
		for (uint32_t sid = 1; sid < STREAMS; sid++) {
			meet(w, sid, at, accesses[i].flags, &met);
			if (!same(&first, &met))
				ck_abort_msg("access %d of stream %u: verdict %u (%s), not %u (%s)",
					     i, sid, met.out.verdict, smmu3_why(met.out.why)->name,
					     first.out.verdict, smmu3_why(first.out.why)->name);
		}
	}
}

/* ---- Variations */

/* Chance: xorshift; the same numbers in every run. */
static uint64_t chance(void)
{
	static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Variation `n` of a structure: none, bit n - 1 alone, or any; never a bit that counts. */
static void vary(const uint64_t original[8], const uint64_t counts[8], unsigned n,
		 uint64_t varied[8])
{
	for (unsigned i = 0; i < 8; i++) {
		uint64_t change = n == 0 ? 0 : chance();

		if (n >= 1 && n <= ALONE)
			change = (n - 1) / 64 == i ? BIT((n - 1) % 64) : 0;
		varied[i] = original[i] ^ (change & ~counts[i]);
	}
}

/* ---- Stream table entries */

/* Machines: SMMUv3.1 without Hyp, ATS, HTTU, MPAM, DS, indirection; the same without SubstreamIDs;
 * SMMUv3.0 with 48 bits and without overrides. */
enum machine { ORDINARY, NO_SUBSTREAMS, VERSION_30, MACHINES };

static void become(struct world *w, enum machine machine)
{
	if (machine == NO_SUBSTREAMS)
		change_id(w, SSIDSIZE, 0);
	if (machine == VERSION_30) {
		make_version_30(w);
		change_id(w, ATTR_TYPES_OVR, 0);
		change_id(w, ATTR_PERMS_OVR, 0);
	}
	w->behind_host = true;
	open_world(w);
}

/* Bits of an STE that count, by Config: S1Fmt and S1DSS do not while S1CDMax is 0. */
static void ste_counts(unsigned config, enum machine machine, uint64_t counts[8])
{
	const bool old = machine == VERSION_30;

	counts[0] = config == INVALID ? BIT(0) : config < BYPASS ? BIT(0) | BIT(3) : 0xf;
	if (config == INVALID || config < BYPASS)
		return;
	counts[1] = old ? 0 : BITS(40, 32) | BITS(45, 44) | BITS(51, 48);
	if (CONFIGS_S1 & 1 << config) {
		counts[0] |= BITS(55, 6) | (machine == NO_SUBSTREAMS ? 0 : BITS(63, 59));
		counts[1] |= BITS(7, 2) | BIT(27);
	}
	if (CONFIGS_S2 & 1 << config) {
		counts[1] |= old ? 0 : BIT(25);
		counts[2] = BITS(53, 32) | BITS(58, 55) | (config == NESTED ? BIT(54) : 0);
		counts[3] = BITS(old ? 47 : 51, 4);
	}
}

static void put_ste_streams(struct world *w, const uint64_t counts[8])
{
	uint64_t ste[8];

	use_stream_table(w, STES, 10);
	for (unsigned n = 0; n < STREAMS; n++) {
		vary(w->ste, counts, n, ste);
		put_structure(w, STES + 64 * n, ste);
	}
}

/* STE-10, STE-11, STE-12, STE-13, STE-14, STE-22, STE-23, STE-24, STE-26, STE-29, STE-35, STE-38,
 * STE-53, STE-77, STE-78, SUB-01, SUB-02, SW-01, SW-02: every Config, and V = 0 */
START_TEST(bits_of_an_ste_that_its_configuration_ignores_change_nothing)
{
	const unsigned config = (unsigned)_i / MACHINES;
	const enum machine machine = (enum machine)(_i % MACHINES);
	struct world w = stream(config & 7);
	uint64_t counts[8] = { 0 };

	if (config == INVALID)
		w.ste[0] &= ~BIT(0);
	put(&w, slot2(3), (NEAR_PAGE | S2_PAGE | SEEN) & ~BIT(5)); /* MemAttr 0b0111 */
	set_field(&w.ste[2], 44, 2, SMMU3_OSH); /* S2SH0 is not what the page says */
	become(&w, machine);
	ste_counts(config, machine, counts);
	put_ste_streams(&w, counts);
	expect_streams_alike(&w, input_of(config));
	w.txn.sid = 0;
	if (config == INVALID)
		expect_error(&w, VA, 0, C_BAD_STE, 0);
	else
		expect_unchanged(&w, config);
	close_world(&w);
}
END_TEST

/* ---- Context descriptors */

/* Bits of a CD that count, by the halves that EPD leaves: what else is there belongs to other
 * StreamWorlds, formats and features. */
static void cd_counts(bool low, bool high, enum machine machine, uint64_t counts[8])
{
	const uint64_t word = machine == VERSION_30 ? BITS(47, 4) : BIT(1) | BITS(51, 4);

	counts[0] = BIT(14) | BIT(30) | BIT(31) | BITS(36, 32) | BITS(46, 38);
	counts[0] |= low ? BITS(13, 0) : 0;
	counts[0] |= high ? BITS(29, 16) : 0;
	counts[0] |= low || high ? BIT(15) : 0;
	counts[1] = low ? word : 0;
	counts[2] = high ? word : 0;
	counts[3] = UINT64_MAX;
}

/* A page that shows whatever a feature would make of it: its shareability is not that of the
 * tables; nobody but the privileged read and write it, with PAN, and everybody executes it; where
 * there is no HAD, a table forbids to write it; every bit that a feature could read is set. */
static struct world telling_page(unsigned config, enum machine machine)
{
	struct world w = stream(config);

	put(&w, slot1(3), (config == NESTED ? IPA_PAGE : NEAR_PAGE) | PAGE_BITS | SEEN);
	*word_at(&w, slot1(1)) |= machine == VERSION_30 ? BIT(62) : 0; /* APTable 0b10 */
	w.ste[1] |= BIT(24) | BIT(26);                                 /* S1PIE, S1MPAM */
	w.cd[0] |= BIT(40);                                            /* PAN */
	set_field(&w.cd[0], 12, 2, SMMU3_OSH);
	w.cd[0] |= (w.cd[0] & 0x3f3f) << 16 | BIT(23); /* the same of the upper half; TG1: 4KB */
	w.cd[2] = w.cd[1];
	return w;
}

static void put_cd_streams(struct world *w, const uint64_t counts[8])
{
	uint64_t ste[8], cd[8];

	use_stream_table(w, STES, 10);
	memcpy(ste, w->ste, sizeof(ste));
	for (unsigned n = 0; n < STREAMS; n++) {
		ste[0] = (w->ste[0] & 0xf) | (CDS + 64 * n);
		vary(w->cd, counts, n, cd);
		put_structure(w, STES + 64 * n, ste);
		put_structure(w, CDS + 64 * n, cd);
	}
}

/* CD-09, CD-11, CD-12, CD-18, CD-19, CD-21, CD-22, CD-24, CD-25, CD-26, STE-78: both halves, one,
 * none; stage 1 alone and both; SMMUv3.1 and 3.0 */
START_TEST(bits_of_a_cd_that_nothing_uses_change_nothing)
{
	const bool low = !(_i & 1), high = !(_i & 2);
	const enum machine machine = _i & 8 ? VERSION_30 : ORDINARY;
	struct world w = telling_page(_i & 4 ? NESTED : S1_ONLY, machine);
	uint64_t counts[8] = { 0 };

	set_field(&w.cd[0], 14, 1, !low);
	set_field(&w.cd[0], 30, 1, !high);
	become(&w, machine);
	cd_counts(low, high, machine, counts);
	put_cd_streams(&w, counts);
	expect_streams_alike(&w, VA);
	w.txn.sid = 0;
	ck_assert_uint_eq(reach(&w, VA, SMMU3_TXN_PRIVILEGED), low ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(reach(&w, HIGH | VA, SMMU3_TXN_PRIVILEGED),
			  high ? SMMU3_OK : SMMU3_ABORT);
	close_world(&w);
}
END_TEST

/* CD-28: V = 0 */
START_TEST(an_invalid_cd_is_c_bad_cd_whatever_the_rest_of_it_says)
{
	struct world w = telling_page(_i ? NESTED : S1_ONLY, ORDINARY);
	const uint64_t counts[8] = { BIT(31) };

	w.cd[0] &= ~BIT(31);
	become(&w, ORDINARY);
	put_cd_streams(&w, counts);
	expect_streams_alike(&w, VA);
	w.txn.sid = 0;
	expect_error(&w, VA, 0, C_BAD_CD, 0);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, bits_of_an_ste_that_its_configuration_ignores_change_nothing, 0,
			    MACHINES * (INVALID + 1));
	tcase_add_loop_test(tests, bits_of_a_cd_that_nothing_uses_change_nothing, 0, 16);
	tcase_add_loop_test(tests, an_invalid_cd_is_c_bad_cd_whatever_the_rest_of_it_says, 0, 2);
}

int main(void)
{
	return run_suite("ignored-bits", add);
}
