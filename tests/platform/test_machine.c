/* SPDX-License-Identifier: MIT */
/*
 * Machines: what a configuration writes into memory and registers, worked out by hand from IHI 0070
 * 5.1 to 5.4 and DDI 0487 D8.3, and what is done with a machine then.
 */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An STE in the two-level table of an SMMU: of StreamIDs below 256. */
static uint64_t ste_word(struct loading *loading, unsigned sid, unsigned index)
{
	const uint64_t l1 = reg(loading, 0, 0x80, 8) & 0xffffffffffffc0;
	const uint64_t leaf = word_at(loading, l1) & 0xffffffffffffc0;

	return word_at(loading, leaf + 64 * sid + 8 * index);
}

static const char quickstart[] = "version: 1\n"
				 "masters:\n"
				 "  - name: dma0\n"
				 "    stream_id: 0x10\n"
				 "    map:\n"
				 "      - {va: 0x1000, pa: 0x80001000, size: 64K, perm: rw}\n";

/* 5.1, 5.2, 5.4; WALK-16: the smallest configuration, every word of it, from the top of memory down
 */
START_TEST(the_smallest_machine_has_these_words)
{
	struct loading loading = load_good(quickstart);

	ck_assert_uint_eq(word_at(&loading, 0xbffff000), 0xbfffe003); /* levels 0, 1, 2 */
	ck_assert_uint_eq(word_at(&loading, 0xbfffe000), 0xbfffd003);
	ck_assert_uint_eq(word_at(&loading, 0xbfffd000), 0xbfffc003);
	ck_assert_uint_eq(word_at(&loading, 0xbfffc000), 0);
	ck_assert_uint_eq(word_at(&loading, 0xbfffc008),
			  0x0060000080001f43); /* nG AF ISH AP=01, PXN UXN */
	ck_assert_uint_eq(word_at(&loading, 0xbfffc080), 0x0060000080010f43);
	ck_assert_uint_eq(word_at(&loading, 0xbfffc088), 0);
	ck_assert_uint_eq(word_at(&loading, 0xbfffb800), 0xbfff4009); /* L1STD: Span 9 */
	ck_assert_uint_eq(word_at(&loading, 0xbfff4400),
			  0xbfffb7cb); /* STE 0x10: V, Config 0b101 */
	ck_assert_uint_eq(word_at(&loading, 0xbfff4408),
			  0x00001000000000d6); /* S1DSS 2, S1CIR 1, S1COR 1, S1CSH 3, SHCFG 1 */
	ck_assert_uint_eq(word_at(&loading, 0xbfff4410), 0);
	ck_assert_uint_eq(word_at(&loading, 0xbfffb7c0), 0x0000e205f5003510); /* CD */
	ck_assert_uint_eq(word_at(&loading, 0xbfffb7c8), 0xbffff000);
	ck_assert_uint_eq(word_at(&loading, 0xbfffb7d0), 0);
	ck_assert_uint_eq(word_at(&loading, 0xbfffb7d8), 0x000000bb000444ff);
	unload(&loading);
}
END_TEST

/* 6.3.9, 6.3.11, 6.3.12, 6.3.24, 6.3.25 */
START_TEST(the_smallest_machine_has_these_registers)
{
	struct loading loading = load_good(quickstart);

	ck_assert_uint_eq(reg(&loading, 0, 0x80, 8), 0x40000000bfffb800);
	ck_assert_uint_eq(reg(&loading, 0, 0x88, 4), 0x10210);
	ck_assert_uint_eq(reg(&loading, 0, 0x28, 4), 0xd75);
	ck_assert_uint_eq(reg(&loading, 0, 0x2c, 4), 2);
	ck_assert_uint_eq(reg(&loading, 0, 0x20, 4), 0xd); /* SMMUEN, EVENTQEN, CMDQEN */
	ck_assert_uint_eq(reg(&loading, 0, 0x24, 4), 0xd);
	unload(&loading);
}
END_TEST

START_TEST(the_smallest_machine_translates)
{
	static const char *const lines[] = {
		"R dma0 0x1000 64 expect=pa:0x80001000,pas:ns,attr:wb,sh:ish",
		"W dma0 0x10fff 1 expect=pa:0x80010fff,pas:ns,attr:0xff",
		"W 0x10 0x10fff 1 expect=pa:0x80010fff,pas:ns,attr:wb",
		"R dma0 0x11000 1 expect=F_TRANSLATION,s2:0,class:IN",
		"X dma0 0x1000 4 expect=F_PERMISSION,s2:0,class:IN",
		"R 0x11 0x1000 4 expect=C_BAD_STE",
		"R 0x10000 0 1 expect=C_BAD_STREAMID",
		"! w64 0xbfffc008 0x0",
		"! tlbi nsnh_all",
		"! sync",
		"R dma0 0x1000 64 expect=F_TRANSLATION,s2:0,class:IN",
		"! mmio w32 CR0 0",
		"R dma0 0x1000 64 expect=pa:0x1000,pas:ns,attr:wb,sh:nsh",
	};
	struct loading loading = load_good(quickstart);

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* One stage 1 mapping at VA 0; its leaf is where the walk of a 21-bit table, one level, has it. */
static uint64_t leaf_of(const char *keys)
{
	char text[1000];
	struct loading loading;
	uint64_t leaf;

	(void)snprintf(
		text, sizeof(text),
		"version: 1\ntables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x80000000, size: 4K%s}]}}\n",
		keys);
	loading = load_good(text);
	leaf = word_at(&loading, 0xbffff000);
	unload(&loading);
	return leaf;
}

struct key {
	const char *keys;
	uint64_t leaf;
};

/* WALK-16.  Without keys: UXN PXN nG AF SH=3 AP=01 AttrIndx=0 page */
static const struct key s1_keys[] = {
	{ "", 0x0060000080000f43 },
	{ ", perm: ro", 0x0060000080000fc3 },
	{ ", user: false", 0x0060000080000f03 },
	{ ", perm: ro, user: false", 0x0060000080000f83 },
	{ ", exec: true", 0x0000000080000f43 },
	{ ", px: true", 0x0040000080000f43 },
	{ ", ux: true", 0x0020000080000f43 },
	{ ", exec: true, px: false", 0x0020000080000f43 },
	{ ", attr: nc", 0x0060000080000e47 }, /* AttrIndx 1, OSH */
	{ ", attr: device-nGnRE", 0x0060000080000e4b },
	{ ", attr: nGnRnE", 0x0060000080000e4f },
	{ ", attr: wt", 0x0060000080000f53 },
	{ ", attr: iwb-onc", 0x0060000080000f57 }, /* the first that is allotted: AttrIndx 5 */
	{ ", attr: 0xf7", 0x0060000080000f57 },
	{ ", attr_index: 7", 0x0060000080000f5f },
	{ ", sh: nsh", 0x0060000080000c43 },
	{ ", sh: osh", 0x0060000080000e43 },
	{ ", af: false", 0x0060000080000b43 },
	{ ", ng: false", 0x0060000080000743 },
	{ ", ns: true", 0x0060000080000f63 },
	{ ", dbm: true", 0x0068000080000f43 },
	/* PERM-25: PIIndex 54, 53, 51, 6, nDirty 7 */
	{ ", pi: 0", 0x0000000080000f03 },
	{ ", pi: 1", 0x0000000080000f43 },
	{ ", pi: 14", 0x0068000080000f03 },
	{ ", pi: 0, dirty: false", 0x0000000080000f83 },
	{ ", protected: true", 0x0070000080000f43 },
	{ ", raw: 0x8000000000000448", 0x800000008000044b },
};

START_TEST(each_key_of_a_stage_1_mapping_has_its_bits)
{
	ck_assert_uint_eq(leaf_of(s1_keys[_i].keys), s1_keys[_i].leaf);
}
END_TEST

/* NEST-18: all tables that a walk goes through are Protected, not those of other mappings */
START_TEST(tables_that_lead_to_what_is_protected_are_so_too)
{
	struct loading loading = load_good(
		"version: 1\ntables: {t: {stage: 1, va_bits: 39, map: [{va: 0, pa: 0x80000000, size: 4K, protected: true}, {va: 1G, pa: 0x80000000, size: 4K}]}}\n");
	const uint64_t protected_bit = UINT64_C(1) << 52, address = UINT64_C(0xfffffffff000);
	const uint64_t first = word_at(&loading, 0xbffff000);
	const uint64_t second = word_at(&loading, first & address);

	ck_assert_uint_eq(first & (protected_bit | 3), protected_bit | 3);
	ck_assert_uint_eq(second & (protected_bit | 3), protected_bit | 3);
	ck_assert_uint_eq(word_at(&loading, 0xbffff008) & (protected_bit | 3), 3);
	unload(&loading);
}
END_TEST

/* WALK-17; D8.4.2: XN[1:0].  Without keys: XN=2 AF SH=3 S2AP=3 MemAttr=15 page */
static const struct key s2_keys[] = {
	{ "", 0x00400000800007ff },
	{ ", perm: none", 0x004000008000073f },
	{ ", perm: ro", 0x004000008000077f },
	{ ", perm: wo", 0x00400000800007bf },
	{ ", exec: true", 0x00000000800007ff },
	{ ", px: true", 0x00600000800007ff },
	{ ", ux: true", 0x00200000800007ff },
	{ ", attr: nc", 0x00400000800006d7 }, /* 0b0101, OSH */
	{ ", attr: wt", 0x00400000800007eb }, /* 0b1010 */
	{ ", attr: nGnRnE", 0x00400000800006c3 },
	{ ", attr: GRE", 0x00400000800006cf },
	{ ", attr: iwb-onc", 0x00400000800007df }, /* outer 01, inner 11 */
	{ ", memattr: 6", 0x00400000800007db },
	{ ", af: false", 0x00400000800003ff },
	{ ", dbm: true", 0x00480000800007ff },
	/* PERM-27: PIIndex 54, 53, 51, 6, POIndex 62:59, Dirty 7 */
	{ ", pi: 0", 0x00000000800007bf },
	{ ", pi: 1", 0x00000000800007ff },
	{ ", pi: 14, po: 9", 0x48680000800007bf },
	{ ", pi: 0, dirty: false", 0x000000008000073f },
	{ ", assured_only: true", 0x04400000800007ff },
};

START_TEST(each_key_of_a_stage_2_mapping_has_its_bits)
{
	const struct key *const row = &s2_keys[_i];
	char text[1000];
	struct loading loading;

	(void)snprintf(
		text, sizeof(text),
		"version: 1\ntables: {t: {stage: 2, ipa_bits: 21, map: [{ipa: 0, pa: 0x80000000, size: 4K%s}]}}\n",
		row->keys);
	loading = load_good(text);
	ck_assert_uint_eq(word_at(&loading, 0xbffff000), row->leaf);
	unload(&loading);
}
END_TEST

/* A hole stays 0 and keeps others out; block and contiguous choose leaves; table_bits go into
 * tables. */
START_TEST(leaves_are_as_the_mapping_asks)
{
	struct loading loading = load_good(
		"version: 1\ntables: {t: {stage: 1, va_bits: 30, map: ["
		"{va: 0, ipa: 0x40000000, size: 2M}, {va: 2M, ipa: 0x40200000, size: 64K, contiguous: true},"
		"{va: 4M, ipa: 0x40400000, size: 4M, block: 4K, table_bits: 0x4000000000000000},"
		"{va: 8M, size: 2M, fault: translation}]}}\n");

	ck_assert_uint_eq(word_at(&loading, 0xbffff000), 0x0060000040000f41);
	ck_assert_uint_eq(word_at(&loading, 0xbffff008), 0xbfffe003);
	ck_assert_uint_eq(word_at(&loading, 0xbfffe000), 0x0070000040200f43);
	ck_assert_uint_eq(word_at(&loading, 0xbffff010), 0x40000000bfffd003);
	ck_assert_uint_eq(word_at(&loading, 0xbffff018), 0x40000000bfffc003);
	ck_assert_uint_eq(word_at(&loading, 0xbffff020), 0);
	unload(&loading);
}
END_TEST

/* ---- Stages ---- */

static const char nested[] =
	"version: 1\n"
	"tables:\n"
	"  vm7:  {stage: 2, vmid: 7, ipa_bits: 39, map: [{ipa: 0x40000000, pa: 0x90000000, size: 64M}]}\n"
	"  as1:  {stage: 1, va_bits: 39, at_ipa: 0x40100000, map: [{va: 0, ipa: 0x40200000, size: 2M, block: 2M}]}\n"
	"masters:\n"
	"  - {name: vf0, stream_id: 9, table: as1, stage2: vm7, asid: 1, cd_at_ipa: 0x40001000}\n"
	"  - {name: vf1, stream_id: 10, table: as1, stage2: vm7, cd_at_ipa: 0x50000000, cd_s2_perm: none}\n"
	"  - {name: vf2, stream_id: 11, stage2: vm7}\n"
	"  - {name: vf3, stream_id: 12, stage2: vm7, map: [{va: 0, ipa: 0x40000000, size: 4K}]}\n";

/* NEST-01; 5.2: S1ContextPtr and CD.TTB0 hold IPAs; S2VMID 7, S2T0SZ 25, S2SL0 1, walks WB ISH,
 * S2PS 5, S2AA64, S2R */
START_TEST(a_guests_tables_lie_where_stage_2_says)
{
	struct loading loading = load_good(nested);

	ck_assert_uint_eq(ste_word(&loading, 9, 0), 0x4000100f);
	ck_assert_uint_eq(ste_word(&loading, 9, 2), 0x040d355900000007);
	ck_assert_uint_eq(ste_word(&loading, 9, 3), 0xbffff000);
	ck_assert_uint_eq(word_at(&loading, 0x90001000) >> 48, 1);    /* CD: ASID */
	ck_assert_uint_eq(word_at(&loading, 0x90001008), 0x40100000); /* TTB0 */
	ck_assert_uint_eq(word_at(&loading, 0x90100000), 0x40101003);
	ck_assert_uint_eq(word_at(&loading, 0x90101000), 0x0060000040200f41);
	unload(&loading);
}
END_TEST

START_TEST(a_nested_machine_translates_and_faults_as_a_guests_would)
{
	static const char *const lines[] = {
		"R vf0 0x1000 8 expect=pa:0x90201000,pas:ns,attr:wb,sh:ish",
		"R vf1 0x1000 8 expect=F_TRANSLATION,s2:1,class:CD,ipa:0x50000000",
		"R vf2 0x40001000 8 expect=pa:0x90001000,pas:ns,attr:wb",
		"R vf2 0x44000000 8 expect=F_TRANSLATION,s2:1,class:IN,ipa:0x44000000",
		"R vf3 0x10 8 expect=pa:0x90000010,pas:ns,attr:wb",
	};
	struct loading loading = load_good(nested);

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* Stage 2 maps two halves of one 8 KB of tables apart; S1 sees one. */
START_TEST(a_guests_tables_may_be_scattered)
{
	struct loading loading = load_good(
		"version: 1\n"
		"tables:\n"
		"  s2: {stage: 2, ipa_bits: 39, map: [{ipa: 0, pa: 0x90001000, size: 4K}, {ipa: 0x1000, pa: 0x90000000, size: 4K}]}\n"
		"  s1: {stage: 1, in: s2, granule: 16K, va_bits: 26, at_ipa: 0x4000, map: [{va: 0, ipa: 0, size: 16K}]}\n"
		"  s3: {stage: 1, in: s2, va_bits: 30, at_ipa: 0, map: [{va: 0, ipa: 0, size: 4K}]}\n");

	ck_assert_uint_eq(word_at(&loading, 0x90001000), 0x1003);
	ck_assert_uint_eq(word_at(&loading, 0x90000000), 0x0060000000000f43);
	unload(&loading);
}
END_TEST

/* ---- Masters ---- */

static const char modes[] =
	"version: 1\n"
	"tables: {lo: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x80000000, size: 4K}]},\n"
	"  hi: {stage: 1, upper: true, va_bits: 39, map: [{va: 0xfffffffffffff000, pa: 0x80001000, size: 4K}]}}\n"
	"masters:\n"
	"  - {name: pass, stream_id: 0, mode: bypass}\n"
	"  - {name: stop, stream_id: 1, mode: abort}\n"
	"  - {name: none, stream_id: 2, mode: invalid}\n"
	"  - {name: raw, stream_id: 3, ste_raw: [0x9, 1, 2, 3, 4, 5, 6, 7]}\n"
	"  - {name: both, stream_id: 4, table: lo, table_upper: hi, asid: 5, cd: {TBI0: 1, A: 0}, ste: {S1STALLD: 1}}\n"
	"  - {name: upper, stream_id: 5, table_upper: hi}\n"
	"  - {name: cd, stream_id: 6, cd_raw: [1, 2, 3, 4, 5, 6, 7, 8]}\n"
	"  - {name: many, stream_id: 8, count: 3, bus_width: 32, priv: true, attr: nc, mode: bypass}\n"
	"  - {name: subs, stream_id: 16, cd_format: two-level-4K, substreams: [{ssid: 1, table: lo}, {ssid: 70, table: lo}]}\n"
	"  - {name: main, stream_id: 17, table: lo, s1dss: bypass, cdmax: 4, substreams: [{ssid: 3, table: lo, asid: 9}]}\n";

/* 5.2: Config 4 is 8, 5 is 0xa; S1STALLD is bit 91; SHCFG = 1 is bit 108 */
START_TEST(the_mode_of_a_master_is_its_config)
{
	struct loading loading = load_good(modes);

	ck_assert_uint_eq(ste_word(&loading, 0, 0), 0x9);
	ck_assert_uint_eq(ste_word(&loading, 0, 1), 0x0000100000000000);
	ck_assert_uint_eq(ste_word(&loading, 1, 0), 0x1);
	ck_assert_uint_eq(ste_word(&loading, 2, 0), 0x0);
	for (unsigned i = 1; i < 8; i++)
		ck_assert_uint_eq(ste_word(&loading, 3, i), i);
	ck_assert_uint_eq(ste_word(&loading, 4, 1), 0x00001000080000d6);
	ck_assert_uint_eq(ste_word(&loading, 9, 0), 0x9);
	ck_assert_uint_eq(ste_word(&loading, 10, 0), 0x9);
	ck_assert_uint_eq(ste_word(&loading, 11, 0), 0);
	unload(&loading);
}
END_TEST

/* 5.4: T0SZ 43, T1SZ 25, TG1 4K = 2, TBI0 bit 38, A bit 46, EPD0 bit 14 */
START_TEST(halves_and_fields_of_a_cd_are_as_given)
{
	struct loading loading = load_good(modes);
	const uint64_t both = ste_word(&loading, 4, 0) & 0xffffffffffc0,
		       upper = ste_word(&loading, 5, 0) & 0xffffffffffc0;
	const uint64_t raw = ste_word(&loading, 6, 0) & 0xffffffffffc0;

	ck_assert_uint_eq(word_at(&loading, both), 0x0005a245b599352b);
	ck_assert_uint_eq(word_at(&loading, both + 8), 0xbffff000);
	ck_assert_uint_eq(word_at(&loading, both + 16) & ~UINT64_C(0xfff), 0xbfffe000);
	ck_assert_uint_eq(word_at(&loading, upper) & 0x40004000, 0x4000);
	for (unsigned i = 0; i < 8; i++)
		ck_assert_uint_eq(word_at(&loading, raw + 8 * i), i + 1);
	unload(&loading);
}
END_TEST

/* 5.2: S1Fmt 1 at 5:4, S1CDMax 7 at 63:59, S1DSS 0 at 65:64; 5.3 */
START_TEST(substreams_make_a_cd_table)
{
	static const char *const lines[] = {
		"R subs.1 0 1 expect=pa:0x80000000,pas:ns,attr:wb",
		"R subs.70 0 1 expect=pa:0x80000000,pas:ns,attr:wb",
		"R subs.2 0 1 expect=C_BAD_CD",
		"R subs.100 0 1 expect=C_BAD_CD",
		"R subs 0 1 expect=F_STREAM_DISABLED",
		"R subs.128 0 1 expect=C_BAD_SUBSTREAMID",
		"R main 0x1234 1 expect=pa:0x1234,pas:ns,attr:wb",
		"R main.3 0 1 expect=pa:0x80000000,pas:ns,attr:wb",
		"R main.15 0 1 expect=C_BAD_CD",
		"R main.16 0 1 expect=C_BAD_SUBSTREAMID",
	};
	struct loading loading = load_good(modes);
	const uint64_t ste = ste_word(&loading, 16, 0);

	ck_assert_uint_eq(ste >> 59, 7);
	ck_assert_uint_eq(ste & 0x3f, 0x1b);
	ck_assert_uint_eq(ste_word(&loading, 16, 1) & 3, 0);
	ck_assert_uint_eq(word_at(&loading, (ste & 0xffffffffffc0)) & 0xfff, 1);
	ck_assert_uint_eq(word_at(&loading, (ste & 0xffffffffffc0) + 8) & 0xfff, 1);
	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

START_TEST(what_a_master_drives_completes_a_line)
{
	struct loading loading = load_good(modes);
	const struct smmu3_outcome plain = perform(&loading, "R many+2 0x1000 4");
	const struct smmu3_outcome said = perform(&loading, "R many 0x1000 4 user attr=wt sh=ish");

	ck_assert_uint_eq(plain.privileged, 1);
	ck_assert_uint_eq(plain.attr.mair, 0x44);
	ck_assert_uint_eq(plain.attr.sh, SMMU3_OSH);
	ck_assert_uint_eq(said.privileged, 0);
	ck_assert_uint_eq(said.attr.mair, 0xbb);
	ck_assert_uint_eq(said.attr.sh, SMMU3_ISH);
	unload(&loading);
}
END_TEST

struct refusal {
	const char *line, *text;
	int code;
	unsigned column; /* of what is wrong */
};

static const struct refusal refusals[] = {
	{ "R nome 0 1", "there is no master 'nome'; did you mean 'none'?", SMMU3_E_NOT_FOUND, 3 },
	{ " R  many+3 0 1", "master 'many' has 3 StreamIDs, from 0: there is no +3",
	  SMMU3_E_NOT_FOUND, 5 },
	{ "R many 0x100000000 1", "master 'many' has a bus of 32 bits: it cannot drive 0x100000000",
	  SMMU3_E_ARGUMENT, 8 },
	{ "R many  0xffffffff 2", "master 'many' has a bus of 32 bits: it cannot drive 0x100000000",
	  SMMU3_E_ARGUMENT, 9 },
	{ "! w64 0 0", "there is no memory at 0x0", SMMU3_E_ABORT, 7 },
	{ "! r64 0", "there is no memory at 0x0", SMMU3_E_ABORT, 7 },
	{ "! secure: w64 0x80000000 0", "there is no memory at 0x80000000", SMMU3_E_ABORT, 15 },
};

START_TEST(a_line_that_cannot_be_carried_out_says_why)
{
	const struct refusal *const row = &refusals[_i];
	struct loading loading = load_good(modes);
	struct smmu3_outcome outcome;
	struct smmu3_error error;
	struct smmu3_trace_op op;

	ck_assert_int_eq(smmu3_trace_parse(row->line, "t", 1, &op, NULL, NULL), 1);
	ck_assert_int_eq(smmu3_machine_perform(loading.machine, &op, &outcome, &error), -row->code);
	ck_assert_str_eq(error.text, row->text);
	ck_assert_int_eq(error.code, -row->code);
	ck_assert_uint_eq(row->code == SMMU3_E_NOT_FOUND ? op.who_column : op.address_column,
			  row->column);
	unload(&loading);
}
END_TEST

START_TEST(masters_and_smmus_can_be_listed)
{
	struct loading loading = load_good(
		"version: 1\nsmmu: [{name: left}, {profile: minimal-3.0}]\nmasters:\n"
		"  - {name: b, stream_id: 1, mode: bypass, smmu: smmu1, bus_width: 40}\n"
		"  - {name: a, stream_id: 1, count: 2, mode: bypass}\n");
	const struct smmu3_master *const b = smmu3_machine_master(loading.machine, 0);

	ck_assert_str_eq(smmu3_machine_smmu_name(loading.machine, 0), "left");
	ck_assert_str_eq(smmu3_machine_smmu_name(loading.machine, 1), "smmu1");
	ck_assert_ptr_null(smmu3_machine_smmu_name(loading.machine, 2));
	ck_assert_ptr_null(smmu3_machine_smmu(loading.machine, 2));
	ck_assert_ptr_null(smmu3_machine_smmu_config(loading.machine, 2));
	ck_assert_str_eq(b->name, "b");
	ck_assert_uint_eq(b->smmu, 1);
	ck_assert_uint_eq(b->bus_width, 40);
	ck_assert_ptr_eq(smmu3_machine_find(loading.machine, "b"), b);
	ck_assert_uint_eq(smmu3_machine_find(loading.machine, "a")->count, 2);
	ck_assert_ptr_null(smmu3_machine_find(loading.machine, "c"));
	ck_assert_ptr_null(smmu3_machine_master(loading.machine, 2));
	unload(&loading);
}
END_TEST

#define LOOP(tests, test, rows) \
	tcase_add_loop_test(tests, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: machines");
	TCase *const tests = tcase_create("machines");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, the_smallest_machine_has_these_words);
	tcase_add_test(tests, the_smallest_machine_has_these_registers);
	tcase_add_test(tests, the_smallest_machine_translates);
	LOOP(tests, each_key_of_a_stage_1_mapping_has_its_bits, s1_keys);
	tcase_add_test(tests, tables_that_lead_to_what_is_protected_are_so_too);
	LOOP(tests, each_key_of_a_stage_2_mapping_has_its_bits, s2_keys);
	tcase_add_test(tests, leaves_are_as_the_mapping_asks);
	tcase_add_test(tests, a_guests_tables_lie_where_stage_2_says);
	tcase_add_test(tests, a_nested_machine_translates_and_faults_as_a_guests_would);
	tcase_add_test(tests, a_guests_tables_may_be_scattered);
	tcase_add_test(tests, the_mode_of_a_master_is_its_config);
	tcase_add_test(tests, halves_and_fields_of_a_cd_are_as_given);
	tcase_add_test(tests, substreams_make_a_cd_table);
	tcase_add_test(tests, what_a_master_drives_completes_a_line);
	LOOP(tests, a_line_that_cannot_be_carried_out_says_why, refusals);
	tcase_add_test(tests, masters_and_smmus_can_be_listed);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
