/* SPDX-License-Identifier: MIT */
/* What tests of configuration add to the small machine: changes of one field, and what is true of
 * every outcome. */
#ifndef SMMU_TEST_CONF_WORLD_H
#define SMMU_TEST_CONF_WORLD_H

#include "support/walk_world.h"

#include <smmu/decode.h>

/* An output below 4GB, which every output size reaches. */
#define NEAR_PAGE (RAM_BASE + 0x9000)
#define NEAR_PA (NEAR_PAGE | OFFSET)

/* Tables of a test's own: nothing of the machine lies here. */
#define FREE_AREA (RAM_BASE + 0x400000)

/* Events, 7.3 */
enum { C_BAD_STREAMID = 0x02, F_STREAM_DISABLED = 0x06, C_BAD_SUBSTREAMID = 0x08 };

/* Sets of values of STE.Config. */
#define CONFIGS_S1 0xa0u /* stage 1 translates */
#define CONFIGS_S2 0xc0u /* stage 2 translates */
#define CONFIGS_ALL 0xffu
#define CONFIGS_ABORT 0x0fu

/* Fields of IDR0 to IDR5.  6.3 */
enum {
	S2P = AT(0, 0, 0),
	S1P = AT(0, 1, 1),
	ASID16 = AT(0, 12, 12),
	VMID16 = AT(0, 18, 18),
	CD2L = AT(0, 19, 19),
	TERM_MODEL = AT(0, 26, 26),
	ST_LEVEL = AT(0, 28, 27),
	SIDSIZE = AT(1, 5, 0),
	SSIDSIZE = AT(1, 10, 6),
	ATTR_PERMS_OVR = AT(1, 26, 26),
	ATTR_TYPES_OVR = AT(1, 27, 27),
	HAD = AT(3, 2, 2),
	PBHA = AT(3, 3, 3),
	XNX = AT(3, 4, 4),
	FWB = AT(3, 8, 8),
	STT = AT(3, 9, 9),
	OAS = AT(5, 2, 0),
	GRAN4K = AT(5, 4, 4),
	GRAN16K = AT(5, 5, 5),
	GRAN64K = AT(5, 6, 6),
	VAX = AT(5, 11, 10),
};

/* Fields of the STE.  5.2 */
enum {
	STE_V = AT(0, 0, 0),
	CONFIG = AT(0, 3, 1),
	S1FMT = AT(0, 5, 4),
	S1CDMAX = AT(0, 63, 59),
	S1DSS = AT(1, 1, 0),
	S1CIR = AT(1, 3, 2),
	S1COR = AT(1, 5, 4),
	S1CSH = AT(1, 7, 6),
	S2HWU = AT(1, 11, 8),
	CONT = AT(1, 16, 13),
	MEV = AT(1, 19, 19),
	S1MPAM = AT(1, 26, 26),
	S1STALLD = AT(1, 27, 27),
	EATS = AT(1, 29, 28),
	STRW = AT(1, 31, 30),
	MEMATTR = AT(1, 35, 32),
	MTCFG = AT(1, 36, 36),
	ALLOCCFG = AT(1, 40, 37),
	SHCFG = AT(1, 45, 44),
	NSCFG = AT(1, 47, 46),
	PRIVCFG = AT(1, 49, 48),
	INSTCFG = AT(1, 51, 50),
	S2VMID = AT(2, 15, 0),
	S2T0SZ = AT(2, 37, 32),
	S2SL0 = AT(2, 39, 38),
	S2TG = AT(2, 47, 46),
	S2PS = AT(2, 50, 48),
	S2AA64 = AT(2, 51, 51),
	S2ENDI = AT(2, 52, 52),
	S2HD = AT(2, 55, 55),
	S2HA = AT(2, 56, 56),
	S2S = AT(2, 57, 57),
	S2R = AT(2, 58, 58),
	S2HAFT = AT(2, 59, 59),
	S2SL0_2_S2DS = AT(3, 3, 2),
	VMSPTR = AT(5, 55, 12),
};

/* Fields of the CD.  5.4 */
enum {
	T0SZ = AT(0, 5, 0),
	TG0 = AT(0, 7, 6),
	ENDI = AT(0, 15, 15),
	T1SZ = AT(0, 21, 16),
	TG1 = AT(0, 23, 22),
	CD_V = AT(0, 31, 31),
	IPS = AT(0, 34, 32),
	AA64 = AT(0, 41, 41),
	HD = AT(0, 42, 42),
	HA = AT(0, 43, 43),
	CD_S = AT(0, 44, 44),
	CD_R = AT(0, 45, 45),
	CD_A = AT(0, 46, 46),
	CD_R_A = AT(0, 46, 45),
	ASID = AT(0, 63, 48),
};

/* IDR5.OAS */
enum { OAS_32, OAS_36, OAS_40, OAS_42, OAS_44, OAS_48, OAS_52 };

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

static inline void change_id(struct world *w, unsigned at, uint64_t value)
{
	if (at)
		set_id(w, at >> 16, at >> 8 & 0xff, at & 0xff, (uint32_t)value);
}

/* A stream whose address input_of() goes to NEAR_PA wherever it is translated. */
static inline struct world stream(unsigned config)
{
	struct world w = world(config);

	put(&w, slot1(3), (config == NESTED ? IPA_PAGE : NEAR_PAGE) | S1_PAGE);
	put(&w, slot2(3), NEAR_PAGE | S2_PAGE);
	return w;
}

static inline uint64_t input_of(unsigned config)
{
	return config & 1 ? VA : IPA_PAGE | OFFSET;
}

/* What is true of an outcome, whatever it is. */
static inline void expect_coherent(const struct world *w, uint64_t address)
{
	const struct smmu3_outcome *out = &w->out;
	const struct smmu3_rule *rule = smmu3_why(out->why);

	ck_assert_uint_le(out->bytes, w->txn.bytes);
	ck_assert(out->verdict == SMMU3_ERROR || out->bytes > 0);
	ck_assert_msg((out->why == 0) == (out->verdict == SMMU3_OK), "verdict %u, why %u",
		      out->verdict, out->why);
	ck_assert(out->why == 0 || (*rule->name && *rule->sentence));
	if (out->verdict == SMMU3_OK && out->span)
		ck_assert_uint_le((address & (out->span - 1)) + out->bytes, out->span);
	if (out->event == 0)
		ck_assert_uint_eq(out->recorded, 0);
	else
		ck_assert_uint_eq(out->record.word[0] & 0xff, out->event);
}

/* One access; opens the world at the first. */
static inline enum smmu3_verdict reach(struct world *w, uint64_t address, unsigned flags)
{
	const enum smmu3_verdict verdict = ask(w, address, flags);

	ck_assert_uint_eq(w->out.verdict, verdict);
	expect_coherent(w, address);
	return verdict;
}

/* Word 0 of a record.  FLT-03 */
static inline uint64_t word0(const struct world *w, unsigned event, unsigned flags)
{
	const uint64_t stream = event | (uint64_t)w->txn.sid << 32;
	const uint64_t substream = (uint64_t)w->txn.ssid << 12;

	if (!(flags & SMMU3_TXN_SSV) || event == F_STREAM_DISABLED)
		return stream;
	return stream | substream | (event == C_BAD_SUBSTREAMID ? 0 : BIT(11));
}

static inline void expect_words(const struct world *w, uint64_t word0, uint64_t word1,
				uint64_t word2, uint64_t word3)
{
	ck_assert_uint_eq(w->out.record.word[0], word0);
	ck_assert_uint_eq(w->out.record.word[1], word1);
	ck_assert_uint_eq(w->out.record.word[2], word2);
	ck_assert_uint_eq(w->out.record.word[3], word3);
}

/* An abort and a record of an event that is not of a translation; `fetch` is 0 or what could not be
 * fetched. */
static inline void expect_error(struct world *w, uint64_t address, unsigned flags, unsigned event,
				uint64_t fetch)
{
	ck_assert_msg(reach(w, address, flags) == SMMU3_ABORT && w->out.event == event,
		      "verdict %u, event 0x%02x (%s), not 0x%02x", w->out.verdict, w->out.event,
		      smmu3_why(w->out.why)->name, event);
	expect_words(w, word0(w, event, flags), 0, 0, fetch);
	ck_assert_uint_eq(w->out.recorded, 1);
	ck_assert_uint_eq(w->out.bytes, w->txn.bytes);
	ck_assert_uint_eq(w->out.fault_stage, 0);
	ck_assert_int_eq(w->out.fault_level, NO_WALK);
	ck_assert_uint_eq(w->out.fault_addr, fetch);
}

/* A silent abort. */
static inline void expect_silence(struct world *w, uint64_t address, unsigned flags)
{
	ck_assert_uint_eq(reach(w, address, flags), SMMU3_ABORT);
	ck_assert_uint_eq(w->out.event, 0);
	ck_assert_uint_eq(w->out.recorded, 0);
}

static inline void expect_reaches(struct world *w, uint64_t address, unsigned flags, uint64_t pa)
{
	ck_assert_msg(reach(w, address, flags) == SMMU3_OK, "verdict %u event 0x%02x (%s)",
		      w->out.verdict, w->out.event, smmu3_why(w->out.why)->name);
	ck_assert_uint_eq(w->out.pa, pa);
	ck_assert_uint_eq(w->out.pas, SMMU3_PAS_NS);
}

/* The stream of stream(config) does what it would do if nothing had been changed. */
static inline void expect_unchanged(struct world *w, unsigned config)
{
	const uint64_t address = input_of(config);

	if (config < BYPASS)
		expect_silence(w, address, 0);
	else
		expect_reaches(w, address, 0, config == BYPASS ? address : NEAR_PA);
}

/* The field that decided. */
static inline void expect_because(const struct world *w, const char *field)
{
	const struct smmu3_rule *rule = smmu3_why(w->out.why);

	ck_assert_msg(strstr(rule->field, field) != NULL, "%s, not %s", rule->field, field);
}

/* Disables the SMMU, changes the Stream table, enables it. */
static inline void use_stream_table(struct world *w, uint64_t base, uint32_t config)
{
	if (!w->smmu)
		open_world(w);
	mmio(w, 0x20, 4, 0);
	mmio(w, 0x80, 8, base);
	mmio(w, 0x88, 4, config);
	mmio(w, 0x20, 4, 0xd);
}

/* Puts 64 bytes into memory. */
static inline void put_structure(struct world *w, uint64_t pa, const uint64_t words[8])
{
	memcpy(word_at(w, pa), words, 64);
}

/* Where the first read for `reason` went, or 0. */
static inline uint64_t fetched(const struct world *w, unsigned reason)
{
	for (unsigned i = 0; i < w->seen_count && i < SEEN_MAX; i++)
		if (w->seen[i].reason == reason)
			return w->seen[i].pa;
	return 0;
}

#endif
