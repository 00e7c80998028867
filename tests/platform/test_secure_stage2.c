/* SPDX-License-Identifier: MIT */
/* Stage 2 of Secure masters: two trees, each in one PA space and mapping one.  IHI 0070 3.10.2.2 */
#include "load.h"
#include "story.h"
#include "support/suite.h"

#include <check.h>
#include <smmu/inspect.h>
#include <stdio.h>
#include <string.h>

/* A linear Secure Stream table of four STEs.  Tables of Secure memory are taken from 0x70100000
 * downward, those of Non-secure memory from 0xc0000000. */
#define MACHINE(rest)                                                                     \
	"version: 1\n"                                                                    \
	"smmu: [{profile: secure-3.3, secure: {stream_table: {format: linear, log2size: " \
	"2}}}]\n"                                                                         \
	"memory: [{name: ns_ram, base: 0x80000000, size: 1G}, {name: s_ram, base: "       \
	"0x70000000, size: 1M, pas: secure}]\n" rest

/* ---- What is in memory ---- */

/* STE-40: S_S2TTB has 30 bits from level 2, S2TTB 39 from level 1; S2PS is the larger, S2VMID that
 * of `stage2`.  What Non-secure IPAs map is Non-secure: S2NSA */
START_TEST(an_ste_has_a_tree_for_each_ipa_space)
{
	TELL(MACHINE("tables:\n"
		     "  own: {stage: 2, vmid: 3, ipa_bits: 30, output_bits: 36, map: [{ipa: 0x1000, pa: "
		     "0x70002000, size: 4K}]}\n"
		     "  other: {stage: 2, ipa_bits: 39, map: [{ipa: 0x3000, pa: 0x80004000, size: 4K}]}\n"
		     "masters: [{name: a, security: secure, stream_id: 1, stage2: own, stage2_ns: other}]\n"),
	     "! secure: r64 0x700fe008 expect=0x00400000700027ff",
	     "! secure: r64 0x700fb018 expect=0x00400000800047ff",
	     "! secure: r64 0x700faf40 expect=0xd",
	     "! secure: r64 0x700faf50 expect=0x040d355900000003",
	     "! secure: r64 0x700faf58 expect=0x700fd002",
	     "! secure: r64 0x700faf60 expect=0x0000002200000000",
	     "! secure: r64 0x700faf70 expect=0x700ff000",
	     "R a 0x1010 4 expect=pa:0x70002010,pas:secure,attr:wb",
	     "R a 0x3010 4 ns=1 expect=pa:0x80004010,pas:ns,attr:wb",
	     "R a 0x3010 4 expect=F_TRANSLATION,s2:1,class:IN,ipa:0x3010");
}
END_TEST

/* STE-40: T0SZ 25, SL0 1 in both, and one VMID */
START_TEST(both_spaces_have_one_tree_where_no_other_is_named)
{
	TELL(MACHINE("tables: {t: {stage: 2, vmid: 3, ipa_bits: 39, map: [{ipa: 0x1000, pa: 0x70002000, "
		     "size: 4K}]}}\n"
		     "masters: [{name: a, security: secure, stream_id: 1, stage2: t}]\n"),
	     "! secure: r64 0x700fcf50 expect=0x040d355900000003",
	     "! secure: r64 0x700fcf58 expect=0x700ff000",
	     "! secure: r64 0x700fcf60 expect=0x0000005900000000",
	     "! secure: r64 0x700fcf70 expect=0x700ff000",
	     "R a 0x1010 4 expect=pa:0x70002010,pas:secure,attr:wb",
	     "R a 0x1010 4 ns=1 expect=pa:0x70002010,pas:secure,attr:wb");
}
END_TEST

#define BOTH_STAGES                                                                              \
	MACHINE("tables:\n"                                                                      \
		"  own: {stage: 2, ipa_bits: 30, map: [{ipa: 0x100000, pa: 0x70008000, size: "   \
		"16K}]}\n"                                                                       \
		"  other: {stage: 2, ipa_bits: 30, map: [{ipa: 0x200000, pa: 0x80020000, size: " \
		"16K}]}\n"                                                                       \
		"  t: {stage: 1, va_bits: 21, at_ipa: 0x100000, map: [{va: 0, ipa: 0x101000, "   \
		"size: 4K}, {va: 0x1000, ipa: 0x201000, size: 4K, ns: true}]}\n"                 \
		"  open: {stage: 1, va_bits: 21, in: other, at_ipa: 0x200000, map: [{va: 0, "    \
		"ipa: 0x203000, size: 4K}]}\n"                                                   \
		"masters:\n"                                                                     \
		"  - {name: a, security: secure, stream_id: 0, table: t, stage2: own, "          \
		"stage2_ns: other, cd_at_ipa: 0x103000}\n"                                       \
		"  - {name: b, security: secure, stream_id: 1, table: open, stage2: own, "       \
		"stage2_ns: other, asid: 1, cd_at_ipa: 0x102000}\n")

/* NS-12, NS-13: CDs have Secure IPAs; tables of stage 1 those of the tree that they are in, which
 * NSCFG0, bit 64, says */
START_TEST(cds_and_tables_of_stage_1_have_ipas_of_either_space)
{
	TELL(BOTH_STAGES, "! secure: r64 0x7000b008 expect=0x100000",
	     "! secure: r64 0x7000a008 expect=0x200001",
	     "! secure: r64 0x70008008 expect=0x0060000000201f63",
	     "! r64 0x80020000 expect=0x0060000000203f43",
	     "R a 0x10 4 expect=pa:0x70009010,pas:secure,attr:wb",
	     "R a 0x1010 4 expect=pa:0x80021010,pas:ns,attr:wb",
	     "R b 0x10 4 expect=pa:0x80023010,pas:ns,attr:wb");
}
END_TEST

/* NS-13: NSCFG1 is bit 128 */
START_TEST(so_has_the_table_of_the_upper_half)
{
	TELL(MACHINE("tables:\n"
		     "  own: {stage: 2, ipa_bits: 30, map: [{ipa: 0x100000, pa: 0x70008000, size: 16K}]}\n"
		     "  other: {stage: 2, ipa_bits: 30, map: [{ipa: 0x200000, pa: 0x80020000, size: 16K}]}\n"
		     "  t: {stage: 1, va_bits: 21, upper: true, in: other, at_ipa: 0x200000, map: []}\n"
		     "masters: [{name: a, security: secure, stream_id: 0, table_upper: t, stage2: own, "
		     "stage2_ns: other, cd_at_ipa: 0x103000}]\n"),
	     "! secure: r64 0x7000b008 expect=0", "! secure: r64 0x7000b010 expect=0x200001");
}
END_TEST

/* NS-12, 3.10.2.2: S2SA = 1: Secure IPAs are in Non-secure memory, those of CDs, too.  The
 * Non-secure Stream table is at 0xbfffe800 */
START_TEST(secure_ipas_may_be_in_non_secure_memory)
{
	TELL(MACHINE("tables:\n"
		     "  own: {stage: 2, map: [{ipa: 0x1000, pa: 0x80001000, size: 4K}]}\n"
		     "  t: {stage: 1, va_bits: 21, map: [{va: 0, ipa: 0x1000, size: 4K}]}\n"
		     "masters: [{name: a, security: secure, stream_id: 0, table: t, stage2: own}]\n"),
	     "! r64 0xbffff000 expect=0x0060000000001f43", "! r64 0xbfffd008 expect=0xbffff000",
	     "R a 0x10 4 expect=pa:0x80001010,pas:ns,attr:wb");
}
END_TEST

enum { SW = 1, SA = 2, NSW = 4, NSA = 8 };

/* Trees of 30 bits, each where its S2SW or S2NSW says, which map 0x1000 to where it will be. */
static void spaces_machine(unsigned spaces, char *text, size_t size)
{
	const bool ns = spaces & (SW | SA);

	(void)snprintf(
		text, size,
		MACHINE("tables:\n"
			"  own: {stage: 2, ipa_bits: 30, tables_in: %s, map: [{ipa: 0x1000, pa: "
			"0x%s0002000, size: 4K}]}\n"
			"  other: {stage: 2, ipa_bits: 30, tables_in: %s, map: [{ipa: 0x1000, pa: "
			"0x%s0003000, size: 4K}]}\n"
			"masters: [{name: a, security: secure, stream_id: 0, stage2: own, "
			"stage2_ns: other, ste: {S2SA: %d, S2NSA: %d}}]\n"),
		spaces & SW ? "ns_ram" : "s_ram", ns ? "8" : "7", spaces & NSW ? "ns_ram" : "s_ram",
		spaces ? "8" : "7", (spaces & SA) != 0, (spaces & NSA) != 0);
}

/* SEC-013, NS-10, NS-11: all S2SW, S2SA, S2NSW, S2NSA, bits 0 and 1 of words 6 and 3; a walk in the
 * other space finds nothing */
START_TEST(walks_and_outputs_are_in_the_spaces_that_the_ste_says)
{
	const unsigned spaces = (unsigned)_i;
	const unsigned in_secure = (spaces & SW ? 0u : 2u) + (spaces & NSW ? 0u : 2u);
	const uint64_t ste = 0x70100000 - 0x1000 * (uint64_t)in_secure - 0x100;
	const bool own_ns = spaces & (SW | SA);
	char text[1024], word3[64], word6[64], own[64], other[64];

	spaces_machine(spaces, text, sizeof(text));
	(void)snprintf(word3, sizeof(word3), "! secure: r64 0x%llx expect=%d/3",
		       (unsigned long long)ste + 24, !!(spaces & NSW) + 2 * !!(spaces & NSA));
	(void)snprintf(word6, sizeof(word6), "! secure: r64 0x%llx expect=%d/3",
		       (unsigned long long)ste + 48, !!(spaces & SW) + 2 * !!(spaces & SA));
	(void)snprintf(own, sizeof(own), "R a 0x1010 4 expect=pa:0x%c0002010,pas:%s,attr:wb",
		       own_ns ? '8' : '7', own_ns ? "ns" : "secure");
	(void)snprintf(other, sizeof(other),
		       "R a 0x1010 4 ns=1 expect=pa:0x%c0003010,pas:%s,attr:wb", spaces ? '8' : '7',
		       spaces ? "ns" : "secure");
	TELL(text, word3, word6, own, other);
}
END_TEST

/* SEC-013, 3.10.2.2: a mapping of Secure memory does not change that: S2SA goes with S2SW */
START_TEST(a_tree_in_non_secure_memory_maps_non_secure_memory)
{
	TELL(MACHINE("tables: {own: {stage: 2, ipa_bits: 30, tables_in: ns_ram, map: [{ipa: 0, pa: "
		     "0x70000000, size: 4K}]}}\n"
		     "masters: [{name: a, security: secure, stream_id: 0, stage2: own}]\n"),
	     "! secure: r64 0x700fff30 expect=3/3", "! secure: r64 0x700fff18 expect=3/3",
	     "R a 0x10 4 expect=pa:0x70000010,pas:ns,attr:wb");
}
END_TEST

/* 3.10.2.2: a tree says where it is and what it maps without `ste`: S2SW and S2SA, S2NSW and S2NSA
 */
START_TEST(the_spaces_follow_from_memories)
{
	TELL(MACHINE("tables:\n"
		     "  own: {stage: 2, ipa_bits: 30, tables_in: ns_ram, map: [{ipa: 0, pa: 0x80000000, size: "
		     "4K}]}\n"
		     "  empty: {stage: 2, ipa_bits: 30, map: []}\n"
		     "masters:\n"
		     "  - {name: a, security: secure, stream_id: 0, stage2: own, stage2_ns: empty}\n"
		     "  - {name: b, security: secure, stream_id: 1, stage2: empty, stage2_ns: own}\n"),
	     "! secure: r64 0x700fef18 expect=2/3", "! secure: r64 0x700fef30 expect=3/3",
	     "! secure: r64 0x700fef58 expect=3/3", "! secure: r64 0x700fef70 expect=2/3");
	TELL(MACHINE("tables: {own: {stage: 2, ipa_bits: 30, map: []}, other: {stage: 2, ipa_bits: 30, "
		     "map: [{ipa: 0, fault: translation, size: 4K}]}}\n"
		     "masters: [{name: a, security: secure, stream_id: 0, stage2: own, stage2_ns: other}]\n"),
	     "! secure: r64 0x700fdf18 expect=2/3", "! secure: r64 0x700fdf30 expect=0/3");
}
END_TEST

/* A table that a Non-secure master has for stage 2, too, is in Non-secure memory */
START_TEST(a_stage_2_table_of_both_states_is_in_non_secure_memory)
{
	TELL(MACHINE("tables: {t: {stage: 2, ipa_bits: 30, map: [{ipa: 0, pa: 0x80001000, size: 4K}]}}\n"
		     "masters: [{name: a, security: secure, stream_id: 0, stage2: t},"
		     " {name: b, stream_id: 0, stage2: t}]\n"),
	     "! r64 0xbfffe000 expect=0x00400000800017ff",
	     "! secure: r64 0x700fff18 expect=0xbffff003",
	     "! secure: r64 0x700fff30 expect=0xbffff003",
	     "R a 0x10 4 expect=pa:0x80001010,pas:ns,attr:wb",
	     "R b 0x10 4 expect=pa:0x80001010,pas:ns,attr:wb");
}
END_TEST

/* ---- What is seen of it ---- */

static const char *space(unsigned pas)
{
	return pas == SMMU3_PAS_SECURE ? "s" : "ns";
}

static int note_mapping(void *context, const struct smmu3_mapping *mapping)
{
	char *const said = context;

	(void)snprintf(said + strlen(said), 100 - strlen(said), "%s:%llx-%s:%llx ",
		       space(mapping->ipa_pas), (unsigned long long)mapping->input,
		       space(mapping->pas), (unsigned long long)mapping->output);
	return 0;
}

static int mappings(struct loading *loading, unsigned sid, uint64_t budget, char said[100])
{
	said[0] = 0;
	return smmu3_inspect_mappings(smmu3_machine_smmu(loading->machine, 0), SMMU3_PAS_SECURE,
				      sid, 0, 2, budget, note_mapping, said);
}

/* inspect.h: Secure IPAs, then Non-secure ones.  A tree has a root of 512 entries, and a table */
START_TEST(mappings_of_both_ipa_spaces_are_listed)
{
	struct loading loading = load_good(MACHINE(
		"tables:\n"
		"  own: {stage: 2, ipa_bits: 30, map: [{ipa: 0x5000, pa: 0x70002000, size: 4K}]}\n"
		"  other: {stage: 2, ipa_bits: 30, map: [{ipa: 0x3000, pa: 0x80004000, size: 4K}]}\n"
		"masters: [{name: a, security: secure, stream_id: 1, stage2: own, stage2_ns: other},"
		" {name: b, security: secure, stream_id: 2, map: []}]\n"));
	char said[100];

	ck_assert_int_eq(mappings(&loading, 1, 2048, said), 0);
	ck_assert_str_eq(said, "s:5000-s:70002000 ns:3000-ns:80004000 ");
	ck_assert_int_eq(mappings(&loading, 1, 1026, said), -SMMU3_E_LIMIT);
	ck_assert_str_eq(said, "s:5000-s:70002000 ");
	ck_assert_int_eq(mappings(&loading, 2, 2048, said), -SMMU3_E_NOT_FOUND);
	unload(&loading);
}
END_TEST

static void note_step(void *context, const struct smmu3_step *step)
{
	static const char *const names[] = { "l1std", "ste", "l1cd", "cd", "s1", "s2" };
	char *const said = context;

	(void)snprintf(said + strlen(said), 200 - strlen(said), "%s:%s:%s ", names[step->reason],
		       space(step->pas), space(step->ipa_pas));
}

static void expect_steps(struct loading *loading, unsigned sid, uint64_t addr, const char *expected)
{
	const struct smmu3_txn txn = {
		.addr = addr, .bytes = 4, .sid = sid, .sec_sid = SMMU3_PAS_SECURE
	};
	struct smmu3_outcome outcome;
	char said[200] = "";

	(void)smmu3_explain(smmu3_machine_smmu(loading->machine, 0), &txn, &outcome, note_step,
			    said);
	ck_assert_str_eq(said, expected);
}

/* inspect.h, 3.10.2.2: each structure behind stage 2 has an IPA of a space, as has what stage 2
 * translates; the tables of stage 1 of `b` are at Non-secure IPAs */
START_TEST(steps_say_of_which_space_an_ipa_is)
{
	struct loading loading = load_good(BOTH_STAGES);

	expect_steps(&loading, 0, 0,
		     "ste:s:ns s2:s:s s2:s:s cd:s:s s2:s:s s2:s:s s1:s:s s2:s:s s2:s:s ");
	expect_steps(&loading, 0, 0x1000,
		     "ste:s:ns s2:s:s s2:s:s cd:s:s s2:s:s s2:s:s s1:s:s s2:s:ns s2:s:ns ");
	expect_steps(&loading, 1, 0,
		     "ste:s:ns s2:s:s s2:s:s cd:s:s s2:s:ns s2:s:ns s1:ns:ns s2:s:ns s2:s:ns ");
	unload(&loading);
}
END_TEST

/* ---- Worlds ---- */

/* 6.3.60, 5.2 STRW: E2H is bit 0; STRW, bits 95:94, is 2.  S-EL2-E2H has two privileges */
START_TEST(a_secure_el2_may_have_both_halves)
{
	TELL("version: 1\nsmmu: [{profile: secure-3.3, secure: {e2h: true, stream_table: {format: linear, "
	     "log2size: 2}}}]\n"
	     "memory: [{name: n, base: 0x80000000, size: 1M}, {name: s, base: 0x70000000, size: 1M, pas: "
	     "secure}]\n"
	     "tables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x70002000, size: 4K, user: false}]}}\n"
	     "masters: [{name: a, security: secure, world: el2, stream_id: 0, table: t}]\n",
	     "! secure: mmio r32 S_CR2 expect=3", "! mmio r32 CR2 expect=2",
	     "! secure: r64 0x700fef08 expect=0x80000000/0xc0000000",
	     "R a 0x10 4 priv expect=pa:0x70002010,pas:secure,attr:wb",
	     "R a 0x10 4 expect=F_PERMISSION,s2:0,class:IN");
}
END_TEST

/* 5.2 STRW, 3.3.3: 1; EL3 has one privilege */
START_TEST(a_secure_master_may_be_the_monitors)
{
	TELL(MACHINE("tables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x70002000, size: 4K, user: "
		     "false}]}}\n"
		     "masters: [{name: a, security: secure, world: el3, stream_id: 0, table: t}]\n"),
	     "! secure: r64 0x700fef08 expect=0x40000000/0xc0000000",
	     "R a 0x10 4 expect=pa:0x70002010,pas:secure,attr:wb");
}
END_TEST

/* ---- Mistakes ---- */

#define OWN "  own: {stage: 2, vmid: 1, map: [{ipa: 0, pa: 0x70000000, size: 4K}]}\n"
#define OTHER "  other: {stage: 2, map: [{ipa: 0, pa: 0x80000000, size: 4K}]}\n"
#define A(more) "masters:\n  - {name: a, security: secure, stream_id: 0, " more "}\n"
#define M(tables, masters) MACHINE("tables:\n" tables masters)

struct mistake {
	const char *text, *said;
};

static const struct mistake mistakes[] = {
	{ M(OTHER, "masters: [{name: a, stream_id: 0, stage2: other, stage2_ns: other}]\n"),
	  "6:61: 'stage2_ns' is of masters with 'security: secure', whose IPAs are of two spaces\n" },
	{ M(OTHER, A("stage2_ns: other")),
	  "7:5: master 'a' needs 'map', 'table', 'substreams', 'stage2', 'mode' or 'ste_raw'\n"
	  "7:58: 'stage2_ns' needs 'stage2', the table of Secure IPAs, beside it\n" },
	{ M(OTHER, A("mode: bypass, stage2_ns: other")),
	  "7:72: 'stage2_ns' does not go with 'mode'\n"
	  "7:72: 'stage2_ns' needs 'stage2', the table of Secure IPAs, beside it\n" },
	{ M(OTHER "  t: {stage: 1}\n", A("stage2: other, stage2_ns: t")),
	  "8:73: 'stage2_ns' takes a stage 2 table; table 't' (line 6) is none\n" },
	{ M(OTHER, A("stage2: other, stage2_ns: others")),
	  "7:73: there is no table 'others'; did you mean 'other'?\n" },
	{ M(OWN "  seven: {stage: 2, vmid: 7, map: []}\n", A("stage2: own, stage2_ns: seven")),
	  "8:71: table 'seven' has VMID 7, 'stage2' 1: an STE has one\n"
	  "note: 6:27: the VMID\n" },
	{ M("  t: {stage: 2, map: [{ipa: 0, pa: 0x70000000, size: 4K}, {ipa: 0x1000, pa: 0x80000000, "
	    "size: 4K}]}\n",
	    A("stage2: t")),
	  "5:77: a stage 2 table of a Secure master maps one PA space: this is Non-secure, the mapping "
	  "of line 5 not\n" },
	{ M("  t:\n    stage: 2\n    map:\n      - {ipa: 0, pa: 0x80000000, size: 4K}\n"
	    "      - {ipa: 0x1000, pa: 0x70000000, size: 4K}\n",
	    A("stage2: t")),
	  "9:27: a stage 2 table of a Secure master maps one PA space: this is Secure, the mapping "
	  "of line 8 not\n" },
	{ M(OTHER "  secure: {stage: 2, map: [{ipa: 0, pa: 0x70000000, size: 4K}]}\n",
	    A("stage2: other, stage2_ns: secure")),
	  "8:73: 'secure' maps Secure memory, but where Secure IPAs are in Non-secure memory, as with "
	  "'stage2: other', so are all others\n" },
	{ M(OWN "  t: {stage: 1, tables_in: ns_ram, map: []}\n", A("table: t, stage2: own")),
	  "6:28: 'ns_ram' is Non-secure memory: what stage 2 table 'own' maps is Secure\n" },
	{ M(OWN OTHER "  t: {stage: 1, in: other, tables_in: s_ram, map: []}\n",
	    A("table: t, stage2: own, stage2_ns: other")),
	  "7:39: 's_ram' is Secure memory: what stage 2 table 'other' maps is Non-secure\n" },
	{ M(OWN OTHER "  t: {stage: 1, in: other, map: []}\n", A("table: t, stage2: own")),
	  "9:5: table 't' lives in 'other', which is not the stage2 of this master\n" },
	{ "version: 1\nsmmu: [{features: {secure: true}, secure: {e2h: true}}]\n"
	  "memory: [{name: n, base: 2G, size: 1M}, {name: s, base: 1G, size: 1M, pas: secure}]\n",
	  "2:49: streams of a Secure EL2 need one (S_IDR1.SEL2)\n" },
	{ "version: 1\nmasters: [{name: a, stream_id: 0, world: el3, map: []}]\n",
	  "2:42: streams of EL3 are Secure: 'security: secure'\n" },
};

START_TEST(each_mistake_is_named_at_its_place)
{
	const struct mistake *const row = &mistakes[_i];
	struct loading loading = load(row->text);

	ck_assert_str_eq(loading.said, row->said);
	ck_assert_int_eq(loading.code, -SMMU3_E_FORMAT);
	ck_assert_ptr_null(loading.machine);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: stage 2 of Secure masters");
	TCase *const tests = tcase_create("secure stage 2");

	tcase_add_test(tests, an_ste_has_a_tree_for_each_ipa_space);
	tcase_add_test(tests, both_spaces_have_one_tree_where_no_other_is_named);
	tcase_add_test(tests, cds_and_tables_of_stage_1_have_ipas_of_either_space);
	tcase_add_test(tests, so_has_the_table_of_the_upper_half);
	tcase_add_test(tests, secure_ipas_may_be_in_non_secure_memory);
	tcase_add_loop_test(tests, walks_and_outputs_are_in_the_spaces_that_the_ste_says, 0, 16);
	tcase_add_test(tests, a_tree_in_non_secure_memory_maps_non_secure_memory);
	tcase_add_test(tests, the_spaces_follow_from_memories);
	tcase_add_test(tests, a_stage_2_table_of_both_states_is_in_non_secure_memory);
	tcase_add_test(tests, mappings_of_both_ipa_spaces_are_listed);
	tcase_add_test(tests, steps_say_of_which_space_an_ipa_is);
	tcase_add_test(tests, a_secure_el2_may_have_both_halves);
	tcase_add_test(tests, a_secure_master_may_be_the_monitors);
	tcase_add_loop_test(tests, each_mistake_is_named_at_its_place, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
