/* SPDX-License-Identifier: MIT */
/*
 * A second judge of STEs and CDs, written from the pseudocode of 5.2.2 and 5.4.2 with its own bit
 * numbers, agrees with the library about structures that are legal but for a few fields set at
 * random.  What the second judge knows is what a Non-secure stream without EL2, LPAE, hardware
 * update, stalls and ATS can meet.
 */
#include "support/conf_world.h"

enum { MACHINES = 24, STRUCTURES = 1500 };

/* ---- Chance: xorshift; the same numbers in every run */

static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed >> 11;
}

static uint64_t any(uint64_t *seed, uint64_t below)
{
	return next(seed) % below;
}

/* ---- The machine, as both judges see it */

struct machine {
	bool s1p, s2p, vmid16, asid16, cd2l, term_model, stt;
	bool granule[3]; /* G4K, G64K, G16K */
	unsigned ssidsize, oas, vax, minor;
};

static const uint8_t sizes[] = { 32, 36, 40, 42, 44, 48, 52 };

static struct machine any_machine(uint64_t *seed)
{
	const unsigned present = 1 + (unsigned)any(seed, 7), stages = (unsigned)any(seed, 8);
	struct machine m = {
		.s1p = stages != 0,
		.s2p = stages != 1,
		.vmid16 = any(seed, 2),
		.asid16 = any(seed, 2),
		.cd2l = any(seed, 2),
		.term_model = any(seed, 2),
		.granule = { present & 1, present & 2, present & 4 },
		.ssidsize = (unsigned)any(seed, 3) * 10,
		.minor = any(seed, 4) != 0,
	};

	if (m.minor == 0) {
		m.oas = sizes[any(seed, 6)];
		return m;
	}
	m.stt = any(seed, 2);
	m.oas = sizes[any(seed, m.granule[G64K] ? 7 : 6)];
	m.vax = m.oas == 52 || m.granule[G64K] ? (unsigned)any(seed, 2) : 0;
	return m;
}

static void build(struct world *w, const struct machine *m)
{
	unsigned oas = 0;

	while (sizes[oas] != m->oas)
		oas++;
	w->config.aidr = m->minor;
	w->config.idr[3] = m->minor ? UINT32_C(0x0500) | (uint32_t)m->stt << 9 : 0; /* FWB, RIL */
	change_id(w, HAD, m->minor && m->s1p);                                      /* HAD */
	change_id(w, XNX, m->minor && m->s2p);                                      /* XNX */
	change_id(w, FWB, m->minor && m->s2p);                                      /* FWB */
	change_id(w, S2P, m->s2p);
	change_id(w, S1P, m->s1p);
	change_id(w, ASID16, m->s1p && m->asid16);
	change_id(w, VMID16, m->s2p && m->vmid16);
	change_id(w, CD2L, m->cd2l);
	change_id(w, TERM_MODEL, m->term_model);
	change_id(w, SSIDSIZE, m->ssidsize);
	change_id(w, OAS, oas);
	change_id(w, GRAN4K, m->granule[G4K]);
	change_id(w, GRAN16K, m->granule[G16K]);
	change_id(w, GRAN64K, m->granule[G64K]);
	change_id(w, VAX, m->vax);
}

/* ---- The second judge */

static uint64_t bits(const uint64_t *words, unsigned word, unsigned msb, unsigned lsb)
{
	return words[word] >> lsb & (BIT(msb - lsb + 1) - 1);
}

/* IPS and S2PS, capped.  5.4 */
static unsigned output_size(const struct machine *m, uint64_t field)
{
	const unsigned last = m->minor ? 6 : 5, size = sizes[field > last ? last : field];

	return size < m->oas ? size : m->oas;
}

static bool table_out_of_range(const struct machine *m, uint64_t word, unsigned granule,
			       uint64_t size_field)
{
	const uint64_t high = m->minor ? 0 : UINT64_C(0x000f000000000000); /* not in SMMUv3.0 */
	const uint64_t address = word & UINT64_C(0x000ffffffffffff0) & ~high;
	const unsigned size = output_size(m, size_field);

	return address >> size || (granule != G64K && address >> 48);
}

static bool granule_supported(const struct machine *m, unsigned granule)
{
	return granule < 3 && m->granule[granule];
}

static unsigned largest_txsz(const struct machine *m, unsigned granule)
{
	return !m->stt ? 39 : granule == G64K ? 47 : 48;
}

/* D8.2: the levels that SL0 names, what they resolve, and the output sizes that they need */
static bool walk_inconsistent(const struct machine *m, unsigned t0sz, unsigned sl0,
			      unsigned granule)
{
	static const int levels[3][4] = { { 2, 1, 0, 3 }, { 3, 2, 1, -1 }, { 3, 2, 1, -1 } };
	static const unsigned shifts[] = { 12, 16, 14 };
	const int level = levels[granule][sl0];
	const unsigned stride = shifts[granule] - 3;
	unsigned least;

	if (level < 0 || (granule == G4K && level == 3 && !m->stt))
		return true;
	if ((granule == G4K && level == 0 && m->oas < 44) ||
	    (granule == G16K && level == 1 && m->oas < 42) ||
	    (granule == G64K && level == 1 && m->oas < 44))
		return true;
	least = (3 - (unsigned)level) * stride + shifts[granule] + 1;
	return 64 - t0sz < least || 64 - t0sz > least + stride - 1 + 4;
}

static bool stage2_illegal(const struct machine *m, const uint64_t ste[8])
{
	const unsigned granule = (unsigned)bits(ste, 2, 47, 46),
		       t0sz = (unsigned)bits(ste, 2, 37, 32);
	unsigned least = 64 - m->oas;

	if (m->minor && granule != G64K && least < 16)
		least = 16;
	return bits(ste, 2, 57, 57) || !bits(ste, 2, 51, 51) || bits(ste, 2, 56, 55) ||
	       bits(ste, 2, 52, 52) || !granule_supported(m, granule) ||
	       table_out_of_range(m, ste[3], granule, bits(ste, 2, 50, 48)) || t0sz < least ||
	       t0sz > largest_txsz(m, granule) ||
	       walk_inconsistent(m, t0sz, (unsigned)bits(ste, 2, 39, 38), granule);
}

static bool stage1_illegal(const struct machine *m, const uint64_t ste[8])
{
	const unsigned cdmax = (unsigned)bits(ste, 0, 63, 59), fmt = (unsigned)bits(ste, 0, 5, 4);

	if (bits(ste, 1, 27, 27))
		return true;
	if (m->ssidsize && (cdmax > m->ssidsize || (cdmax && !m->cd2l && (fmt == 1 || fmt == 2))))
		return true;
	return bits(ste, 0, 3, 1) == S1_ONLY && bits(ste, 0, 55, 6) << 6 >> m->oas;
}

static bool ste_illegal(const struct machine *m, const uint64_t ste[8])
{
	const unsigned config = (unsigned)bits(ste, 0, 3, 1);

	if (!bits(ste, 0, 0, 0))
		return true;
	if (config < BYPASS)
		return false;
	if ((config == S1_ONLY || config == NESTED) && (!m->s1p || stage1_illegal(m, ste)))
		return true;
	if (config >= S2_ONLY && (!m->s2p || stage2_illegal(m, ste)))
		return true;
	return m->s2p && !m->vmid16 && config != BYPASS && bits(ste, 2, 15, 8);
}

static bool half_illegal(const struct machine *m, const uint64_t cd[8], unsigned half)
{
	static const unsigned tg1[] = { 3, G16K, G4K, G64K };
	const unsigned field = (unsigned)bits(cd, 0, 7 + 16 * half, 6 + 16 * half);
	const unsigned granule = half ? tg1[field] : field;
	const unsigned txsz = (unsigned)bits(cd, 0, 5 + 16 * half, 16 * half);

	if (bits(cd, 0, 14 + 16 * half, 14 + 16 * half))
		return false;
	return !granule_supported(m, granule) || txsz < (m->vax && granule == G64K ? 12U : 16U) ||
	       txsz > largest_txsz(m, granule) ||
	       table_out_of_range(m, cd[1 + half], granule, bits(cd, 0, 34, 32));
}

static bool cd_illegal(const struct machine *m, const uint64_t cd[8])
{
	const bool walked = !bits(cd, 0, 14, 14) || !bits(cd, 0, 30, 30);

	return !bits(cd, 0, 31, 31) || (m->term_model && !bits(cd, 0, 46, 46)) ||
	       bits(cd, 0, 44, 44) || (walked && bits(cd, 0, 15, 15)) || !bits(cd, 0, 41, 41) ||
	       bits(cd, 0, 43, 42) || (!m->asid16 && bits(cd, 0, 63, 56)) ||
	       half_illegal(m, cd, 0) || half_illegal(m, cd, 1);
}

/* ---- Structures that are nearly legal */

static const unsigned ste_fields[] = {
	AT(0, 0, 0),   AT(0, 3, 1),   AT(0, 5, 4),   AT(0, 63, 59), AT(1, 1, 0),   AT(1, 25, 25),
	AT(1, 27, 27), AT(1, 29, 28), AT(1, 31, 30), AT(2, 15, 0),  AT(2, 37, 32), AT(2, 37, 32),
	AT(2, 39, 32), AT(2, 39, 38), AT(2, 47, 46), AT(2, 50, 48), AT(2, 51, 51), AT(2, 52, 52),
	AT(2, 56, 55), AT(2, 57, 57), AT(3, 47, 40), AT(3, 55, 48), AT(0, 55, 48), AT(0, 39, 32),
	AT(3, 39, 32), AT(2, 63, 59), AT(1, 23, 8),  AT(3, 3, 0),   AT(4, 62, 0),  AT(7, 62, 0),
};

static const unsigned cd_fields[] = {
	AT(0, 5, 0),   AT(0, 7, 6),   AT(0, 14, 14), AT(0, 15, 15), AT(0, 21, 16), AT(0, 23, 22),
	AT(0, 30, 30), AT(0, 31, 31), AT(0, 34, 32), AT(0, 37, 37), AT(0, 41, 41), AT(0, 43, 42),
	AT(0, 44, 44), AT(0, 46, 46), AT(0, 47, 47), AT(0, 63, 48), AT(1, 39, 32), AT(1, 47, 40),
	AT(1, 55, 48), AT(2, 39, 32), AT(2, 47, 40), AT(2, 55, 48), AT(1, 63, 56), AT(2, 63, 56),
	AT(1, 3, 0),   AT(2, 3, 0),   AT(0, 7, 0),   AT(0, 23, 16), AT(6, 62, 0),  AT(7, 62, 0),
};

/* Sets a few of the fields, each to any value, often with few bits. */
static void disturb(uint64_t words[8], const unsigned *fields, int count, uint64_t *seed)
{
	for (uint64_t n = any(seed, 4); n > 0; n--) {
		const unsigned at = fields[any(seed, (uint64_t)count)];
		const uint64_t values = BIT(at & 0xff), few = any(seed, values) & any(seed, values);

		change(words, at, any(seed, 2) ? few : any(seed, values));
	}
}

/* Granules that are there, sizes that fit. */
static unsigned any_granule(const struct machine *m, uint64_t *seed)
{
	unsigned granule;

	do
		granule = (unsigned)any(seed, 3);
	while (!m->granule[granule]);
	return granule;
}

static void legal_ste(const struct machine *m, uint64_t ste[8], uint64_t *seed)
{
	change(ste, CONFIG, any(seed, 8));
	change(ste, S2VMID, any(seed, 256));
	change(ste, S2TG, any_granule(m, seed));
	change(ste, S2T0SZ, m->oas > 48 ? 16 : 64 - m->oas);
	change(ste, S2SL0, any(seed, 3));
	ste[3] &= UINT64_C(0xffffffff);
}

static void legal_cd(const struct machine *m, uint64_t cd[8], uint64_t *seed)
{
	static const uint8_t tg1[] = { 2, 3, 1 };

	change(cd, TG0, any_granule(m, seed));
	change(cd, TG1, tg1[any_granule(m, seed)]);
	change(cd, T1SZ, 16 + any(seed, 24));
	set_field(&cd[0], 30, 1, any(seed, 2));
	cd[2] = cd[1];
}

static void judge(struct world *w, unsigned event, bool illegal, const uint64_t words[8],
		  uint64_t *seed)
{
	static const uint64_t tops[] = { 0, 0, UINT64_C(0xffff000000000000),
					 UINT64_C(0xfff0000000000000) };

	w->txn.bytes = 1 + any(seed, 0x3000);
	w->txn.ssid = (uint32_t)any(seed, 4);
	reach(w, tops[any(seed, 4)] | any(seed, BIT(44)),
	      (unsigned)any(seed, 64) & ~(unsigned)SMMU3_TXN_SSV);
	ck_assert_msg((w->out.event == event) == illegal,
		      "%s, but it is %s: 0x%016jx 0x%016jx 0x%016jx 0x%016jx",
		      smmu3_why(w->out.why)->name, illegal ? "illegal" : "legal",
		      (uintmax_t)words[0], (uintmax_t)words[1], (uintmax_t)words[2],
		      (uintmax_t)words[3]);
	if (illegal) {
		expect_words(w, word0(w, event, 0), 0, 0, 0);
		ck_assert_uint_eq(w->out.verdict, SMMU3_ABORT);
	}
}

/* STE-43, STE-44, STE-53, STE-55, STE-57, STE-58, STE-59, STE-61, STE-62, STE-63, STE-64, STE-65,
 * STE-66, STE-68, STE-69, STE-72, STE-75, STE-77, STE-78 */
START_TEST(two_judges_agree_about_stes)
{
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15) * (unsigned)(_i + 1);
	const struct machine m = any_machine(&seed);
	struct world w = world(BYPASS);
	unsigned illegal = 0;

	build(&w, &m);
	open_world(&w);
	use_stream_table(&w, FREE_AREA, 16);
	for (unsigned i = 0; i < STRUCTURES; i++) {
		uint64_t ste[8];

		memcpy(ste, w.ste, sizeof(ste));
		legal_ste(&m, ste, &seed);
		disturb(ste, ste_fields, ROWS(ste_fields), &seed);
		put_structure(&w, FREE_AREA + 64 * i, ste);
		w.txn.sid = i;
		illegal += ste_illegal(&m, ste);
		judge(&w, C_BAD_STE, ste_illegal(&m, ste), ste, &seed);
	}
	ck_assert_uint_gt(illegal, STRUCTURES / 20);
	ck_assert_uint_lt(illegal, STRUCTURES * 19 / 20);
	close_world(&w);
}
END_TEST

/* CD-28, CD-30, CD-31, CD-32, CD-33, CD-35, CD-36, CD-37, CD-39, CD-40, CD-41, CD-44, CD-09, CD-11,
 * STE-78: each CD is another stream's */
START_TEST(two_judges_agree_about_cds)
{
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15) * (unsigned)(_i + 1001);
	struct machine m = any_machine(&seed);
	struct world w = world(S1_ONLY);
	unsigned illegal = 0;

	m.s1p = true;
	build(&w, &m);
	open_world(&w);
	use_stream_table(&w, FREE_AREA, 12);
	for (unsigned i = 0; i < STRUCTURES; i++) {
		uint64_t ste[8], cd[8];

		memcpy(ste, w.ste, sizeof(ste));
		memcpy(cd, w.cd, sizeof(cd));
		ste[0] = (ste[0] & 0xf) | (FREE_AREA + 64 * (4096 + i));
		ste[2] = 7;
		legal_cd(&m, cd, &seed);
		disturb(cd, cd_fields, ROWS(cd_fields), &seed);
		put_structure(&w, FREE_AREA + 64 * i, ste);
		put_structure(&w, FREE_AREA + 64 * (4096 + i), cd);
		w.txn.sid = i;
		illegal += cd_illegal(&m, cd);
		judge(&w, C_BAD_CD, cd_illegal(&m, cd), cd, &seed);
	}
	ck_assert_uint_gt(illegal, STRUCTURES / 20);
	ck_assert_uint_lt(illegal, STRUCTURES * 19 / 20);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, two_judges_agree_about_stes, 0, MACHINES);
	tcase_add_loop_test(tests, two_judges_agree_about_cds, 0, MACHINES);
}

int main(void)
{
	return run_suite("second-judge", add);
}
