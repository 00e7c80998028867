/* SPDX-License-Identifier: MIT */
/* What invalidation commands announce: at least what they must reach.  4.3, 4.4 */
#include "driver.h"
#include "run.h"
#include "states.h"

#include <check.h>

#define S1 SMMU3_INVALIDATES_STAGE1
#define S2 SMMU3_INVALIDATES_STAGE2
#define BOTH SMMU3_INVALIDATES_STAGES
#define STREAM SMMU3_INVALIDATES_STREAM
#define CONTEXT SMMU3_INVALIDATES_CONTEXT

static void expect_scope(const struct smmu3_invalidation *got,
			 const struct smmu3_invalidation *want)
{
	ck_assert_uint_eq(got->sec_sid, SMMU3_PAS_NS);
	expect_reach(got, want);
}

static struct smmu3_invalidation announced(struct machine *m, struct command command)
{
	look_away(m);
	submit(m, command);
	ck_assert_uint_eq(count(m, INVALIDATES), 1);
	/* between the fetch and consumption: what is announced has happened when CONS passes it */
	ck_assert_uint_eq(nth(m, 1, INVALIDATES)->cmdq_cons, (m->prod - 1) % 16);
	return nth(m, 1, INVALIDATES)->scope;
}

static const struct command_controls as_reset = { .vmw = 0, .e2h = false };

#define ALL_OF(what)                                                        \
	{                                                                   \
		.kind = (what), .any_asid = 1, .any_vmid = 1, .any_ssid = 1 \
	}
#define OF_VMID(what, id)                                                              \
	{                                                                              \
		.kind = (what), .any_asid = 1, .any_ssid = 1, .vmid = (id), .vmids = 1 \
	}

struct row {
	struct command command;
	struct smmu3_invalidation scope;
};

/* CMD-CFGI-STE, CMD-CFGI-STE-RANGE, CMD-CFGI-ALL, CMD-CFGI-CD, CMD-CFGI-CD-1, CMD-CFGI-CD-ALL,
 * CMD-CFGI-NS, CMD-002, CMD-004 */
static const struct row structures[] = {
	{ { { 0x03 | UINT64_C(0x1234) << 32, 0 } },
	  { .kind = STREAM,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .any_ssid = 1,
	    .sid = 0x1234,
	    .sids = 1 } },
	{ { { 0x03 | UINT64_C(0x1234) << 32, 1 } },
	  { .kind = STREAM,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .any_ssid = 1,
	    .leaf = 1,
	    .sid = 0x1234,
	    .sids = 1 } },
	/* 2^(Range + 1) streams, aligned */
	{ { { 0x04 | UINT64_C(0x1237) << 32, 0 } },
	  { .kind = STREAM,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .any_ssid = 1,
	    .sid = 0x1236,
	    .sids = 2 } },
	{ { { 0x04 | UINT64_C(0x1237) << 32, 5 } },
	  { .kind = STREAM,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .any_ssid = 1,
	    .sid = 0x1200,
	    .sids = 64 } },
	{ { { 0x04 | UINT64_C(0xfedcba98) << 32, 30 } },
	  { .kind = STREAM,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .any_ssid = 1,
	    .sid = 0x80000000,
	    .sids = UINT64_C(0x80000000) } },
	{ { { 0x04 | UINT64_C(0xffffffff) << 32, 31 } },
	  { .kind = STREAM,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .any_ssid = 1,
	    .sids = UINT64_C(0x100000000) } },
	/* CDs by stream and index; without an SSV */
	{ { { 0x05 | 0xabcde000 | UINT64_C(7) << 32, 1 } },
	  { .kind = CONTEXT,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .leaf = 1,
	    .sid = 7,
	    .sids = 1,
	    .ssid = 0xabcde } },
	{ { { 0x05 | UINT64_C(7) << 32, 0 } },
	  { .kind = CONTEXT, .any_asid = 1, .any_vmid = 1, .sid = 7, .sids = 1 } },
	{ { { 0x06 | UINT64_C(7) << 32, 1 } },
	  { .kind = CONTEXT, .any_asid = 1, .any_vmid = 1, .any_ssid = 1, .sid = 7, .sids = 1 } },
};

START_TEST(a_structure_is_invalidated_by_its_stream)
{
	struct machine *m = started("generic-3.1");
	const struct smmu3_invalidation got = announced(m, structures[_i].command);

	expect_scope(&got, &structures[_i].scope);
	close_machine(m);
}
END_TEST

#define VMID_ASID (UINT64_C(0xbeef1234) << 32) /* VMID 0x1234, ASID 0xbeef */
#define ADDR UINT64_C(0xffff123456789000)
#define IPA_ADDR UINT64_C(0x000b123456789000)

/* CMD-TLBI-NH-ALL, CMD-TLBI-NH-ASID, CMD-TLBI-NH-VA, CMD-TLBI-NH-VAA, CMD-TLBI-S12-VMALL,
 * CMD-TLBI-S2-IPA, CMD-TLBI-NSNH-ALL, CMD-TLBI-S2-1, CMD-TLBI-NH-1, CMD-002, CMD-010: by what each
 * has, and no more */
static const struct row translations[] = {
	{ { { 0x10 | VMID_ASID, ADDR } }, OF_VMID(S1, 0x1234) },
	{ { { 0x11 | VMID_ASID, ADDR } },
	  { .kind = S1, .any_ssid = 1, .asid = 0xbeef, .vmid = 0x1234, .vmids = 1 } },
	{ { { 0x12 | VMID_ASID, ADDR } },
	  { .kind = S1,
	    .any_ssid = 1,
	    .asid = 0xbeef,
	    .vmid = 0x1234,
	    .vmids = 1,
	    .addr = ADDR,
	    .bytes = 0x1000 } },
	{ { { 0x13 | VMID_ASID, ADDR | 1 } },
	  { .kind = S1,
	    .any_asid = 1,
	    .any_ssid = 1,
	    .leaf = 1,
	    .vmid = 0x1234,
	    .vmids = 1,
	    .addr = ADDR,
	    .bytes = 0x1000 } },
	{ { { 0x28 | VMID_ASID, ADDR } }, OF_VMID(BOTH, 0x1234) },
	{ { { 0x2a | VMID_ASID, IPA_ADDR | 1 } },
	  { .kind = S2,
	    .any_asid = 1,
	    .any_ssid = 1,
	    .leaf = 1,
	    .vmid = 0x1234,
	    .vmids = 1,
	    .addr = IPA_ADDR,
	    .bytes = 0x1000 } },
	{ { { 0x30 | VMID_ASID, ADDR } }, ALL_OF(BOTH) },
};

START_TEST(a_translation_is_invalidated_by_its_tags)
{
	struct machine *m = started("generic-3.1");
	const struct smmu3_invalidation got = announced(m, translations[_i].command);

	expect_scope(&got, &translations[_i].scope);
	close_machine(m);
}
END_TEST

/* CMD-TLBI-NH-1: without stage 2 VMID is no tag */
START_TEST(without_stage_2_every_vmid_is_meant)
{
	struct machine *m = started("linux-session");

	for (unsigned opcode = 0x10; opcode <= 0x13; opcode++) {
		const struct smmu3_invalidation got = announced(
			m, (struct command){ { opcode | VMID_ASID, 0 } });

		ck_assert_uint_eq(got.any_vmid, 1);
		ck_assert_uint_eq(got.vmid, 0);
		ck_assert_uint_eq(got.any_asid, opcode == 0x10 || opcode == 0x13);
	}
	close_machine(m);
}
END_TEST

/* CMD-TLBI-EL2-ALL, CMD-TLBI-EL2-ASID, CMD-TLBI-EL2-VA, CMD-TLBI-EL2-VAA, CMD-TLBI-EL2-1: EL2 has
 * no VMID, and an ASID only with E2H; by address they mean the mode that CR2.E2H names */
START_TEST(translations_of_el2_have_no_vmid_and_an_asid_with_e2h)
{
	enum { EL2 = SMMU3_WORLD_EL2, E2H = SMMU3_WORLD_EL2_E2H };
	static const struct {
		unsigned opcode;
		bool e2h;
		unsigned worlds;
		bool any_asid;
		uint64_t bytes;
	} rows[] = {
		{ 0x20, false, EL2 | E2H, true, 0 }, { 0x20, true, EL2 | E2H, true, 0 },
		{ 0x21, false, E2H, false, 0 },      { 0x21, true, E2H, false, 0 },
		{ 0x22, false, EL2, true, 0x1000 },  { 0x22, true, E2H, false, 0x1000 },
		{ 0x23, false, EL2, true, 0x1000 },  { 0x23, true, E2H, true, 0x1000 },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine("generic-3.1");

		m->config.idr[0] |= 1u << 9; /* Hyp */
		start_machine(m);
		set_reg(m, CR0, CMDQEN); /* CR2 is locked while SMMUEN is 1 */
		set_reg(m, CR2, rows[i].e2h);
		const struct smmu3_invalidation got = announced(
			m, (struct command){ { rows[i].opcode | VMID_ASID, ADDR | 1 } });

		ck_assert_uint_eq(got.kind, S1);
		ck_assert_uint_eq(got.worlds, rows[i].worlds);
		ck_assert_uint_eq(got.any_vmid, 1);
		ck_assert_uint_eq(got.any_asid, rows[i].any_asid);
		ck_assert_uint_eq(got.asid, rows[i].any_asid ? 0 : 0xbeef);
		ck_assert_uint_eq(got.bytes, rows[i].bytes);
		ck_assert_uint_eq(got.leaf, rows[i].bytes != 0);
		close_machine(m);
	}
}
END_TEST

/* CMD-TLBI-NH-2, CMD-TLBI-NSNH-ALL, CMD-TLBI-S12-VMALL, CMD-TLBI-S2-IPA: commands of EL1 name it
 * alone, whatever CR2.E2H is; those for structures name no translations */
START_TEST(commands_of_el1_name_its_translations_alone)
{
	static const unsigned el1[] = { 0x10, 0x11, 0x12, 0x13, 0x28, 0x2a, 0x30 };
	static const unsigned cfgi[] = { 0x03, 0x04, 0x05, 0x06 };
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= 1u << 9; /* Hyp */
	start_machine(m);
	set_reg(m, CR0, CMDQEN);
	for (unsigned e2h = 0; e2h < 2; e2h++) {
		set_reg(m, CR2, e2h);
		for (int i = 0; i < COUNT(el1); i++)
			ck_assert_uint_eq(announced(m, (struct command){ { el1[i], 0 } }).worlds,
					  SMMU3_WORLD_EL1);
		for (int i = 0; i < COUNT(cfgi); i++)
			ck_assert_uint_eq(announced(m, (struct command){ { cfgi[i], 0 } }).worlds,
					  0);
	}
	close_machine(m);
}
END_TEST

/* CR-020, CMD-010, CMDQ-018, TLB-34: VMID[VMW-1:0] do not count, by CR0 as it stands */
START_TEST(vmw_widens_what_a_vmid_matches)
{
	static const struct {
		bool implemented;
		uint32_t vmw;
		uint16_t vmid, vmids;
	} rows[] = {
		{ true, 0, 0x123f, 1 }, { true, 1, 0x123e, 2 },  { true, 2, 0x123c, 4 },
		{ true, 3, 0x1238, 8 }, { true, 4, 0x1230, 16 }, { true, 5, 0x123f, 1 },
		{ true, 6, 0x123f, 1 }, { true, 7, 0x123f, 1 },  { false, 4, 0x123f, 1 },
	};
	static const unsigned opcodes[] = { 0x10, 0x11, 0x12, 0x13, 0x28, 0x2a };

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine("generic-3.1");

		m->config.idr[0] |= (uint32_t)rows[i].implemented << 17;
		start_machine(m);
		set_reg(m, CR0, CMDQEN | rows[i].vmw << 6);
		for (int j = 0; j < COUNT(opcodes); j++) {
			const struct smmu3_invalidation got = announced(
				m, (struct command){ { opcodes[j] | UINT64_C(0x123f) << 32, 0 } });

			ck_assert_uint_eq(got.any_vmid, 0);
			ck_assert_uint_eq(got.vmid, rows[i].vmid);
			ck_assert_uint_eq(got.vmids, rows[i].vmids);
		}
		close_machine(m);
	}
}
END_TEST

/* ---- Ranges ---- */

/* RIL-002 to RIL-005, CMD-011, TLB-29: (NUM + 1) * 2^SCALE granules, cut where addresses end */
static const struct {
	uint64_t addr;
	unsigned tg, num, scale, ttl;
	uint64_t bytes;
} ranges[] = {
	{ 0x1000, 0, 31, 31, 3, 0x1000 }, /* no granule: one address */
	{ 0x1000, 1, 0, 0, 3, 0x1000 },
	{ 0x1000, 1, 0, 0, 1, 0x1000 },
	{ 0x1000, 1, 3, 2, 0, 0x10000 },
	{ 0x4000, 2, 0, 0, 2, 0x4000 },
	{ 0x4000, 2, 2, 1, 1, 0x18000 },
	{ 0x10000, 3, 30, 0, 0, 0x1f0000 },
	{ 0, 1, 31, 31, 0, UINT64_C(1) << 48 },
	{ 0, 2, 31, 31, 0, UINT64_C(1) << 50 },
	{ 0, 3, 31, 31, 0, UINT64_C(1) << 52 },
	{ 0, 3, 0, 31, 0, UINT64_C(1) << 47 },
	{ 0x7654321000, 1, 0, 0, 1, 0x1000 }, /* RIL-010: bits that a level has not */
	{ 0x7654321000, 3, 1, 0, 2, 0x20000 },
	{ 0x1000, 1, 0, 0x21, 0, 0x2000 }, /* bit 25 is none of SCALE's */
	{ UINT64_C(0xfffffffffffff000), 1, 31, 0, 0, 0x1000 },
	{ UINT64_C(0xffffffffffff0000), 1, 31, 0, 0, 0x10000 },
	{ UINT64_C(0xffffffffffff0000), 1, 15, 0, 0, 0x10000 },
	{ UINT64_C(0xffffffffffff0000), 1, 14, 0, 0, 0xf000 },
};

START_TEST(a_range_covers_its_granules)
{
	struct machine *m = started("generic-3.1");
	const struct command command = {
		{ 0x12 | ranges[_i].num << 12 | (uint64_t)ranges[_i].scale << 20,
		  ranges[_i].addr | ranges[_i].tg << 10 | ranges[_i].ttl << 8 }
	};
	const struct smmu3_invalidation got = announced(m, command);

	ck_assert_uint_eq(got.addr, ranges[_i].addr);
	ck_assert_uint_eq(got.bytes, ranges[_i].bytes);
	close_machine(m);
}
END_TEST

/* RIL-009, RIL-011: TTL128, bit 71, makes a hint one of VMSAv9-128, where there is that.  A hint
 * narrows nothing here, and an address with bits that its level has not takes away as much as
 * another */
START_TEST(a_hint_of_128_bit_tables_covers_the_same_granules)
{
	struct machine *m = started("generic-3.1");

	for (unsigned tg = 1; tg <= 3; tg++)
		for (unsigned ttl = 1; ttl <= 3; ttl++) {
			const uint64_t word = UINT64_C(0x7654321000) | tg << 10 | ttl << 8;
			const struct command commands[] = { { { 0x12 | 1 << 12, word } },
							    { { 0x12 | 1 << 12, word | 1 << 7 } } };
			const struct smmu3_invalidation of_64 = announced(m, commands[0]);
			const struct smmu3_invalidation of_128 = announced(m, commands[1]);

			ck_assert_mem_eq(&of_64, &of_128, sizeof(of_64));
			ck_assert_uint_eq(of_128.addr, UINT64_C(0x7654321000));
			ck_assert_uint_eq(of_128.bytes, UINT64_C(2) << (10 + 2 * tg));
		}
	close_machine(m);
}
END_TEST

/* RIL-001 to RIL-003, RIL-007 to RIL-009, RIL-012, TLB-31: TG and TTL are announced beside the
 * range, a level as 1 + it; without RIL, or a granule, none is, nor TTL128 without D128 or a level,
 * nor a level 1 of 16KB without DS. */
START_TEST(hints_are_announced)
{
	static const struct {
		bool ril, ds, d128;
		unsigned tg, ttl, ttl128;
		uint8_t granule_lg2, level;
	} rows[] = {
		{ true, false, false, 0, 0, 0, 0, 0 },   { true, false, false, 0, 3, 1, 0, 0 },
		{ true, false, false, 1, 0, 0, 12, 0 },  { true, false, false, 1, 1, 0, 12, 2 },
		{ true, false, false, 1, 2, 0, 12, 3 },  { true, false, false, 1, 3, 0, 12, 4 },
		{ true, false, false, 2, 1, 0, 14, 0 },  { true, true, false, 2, 1, 0, 14, 2 },
		{ true, false, false, 2, 2, 0, 14, 3 },  { true, false, false, 3, 1, 0, 16, 2 },
		{ true, false, false, 3, 3, 0, 16, 4 },  { true, true, false, 3, 3, 1, 16, 4 },
		{ true, true, true, 3, 3, 1, 16, 0x84 }, { true, true, true, 3, 3, 0, 16, 4 },
		{ true, true, true, 3, 0, 1, 16, 0 },    { true, true, true, 2, 1, 1, 14, 0x82 },
		{ false, true, true, 3, 3, 1, 0, 0 },
	};
	/* CMD_TLBI_NH_VA, _NH_VAA, _EL2_VA, _EL2_VAA, _S2_IPA */
	static const unsigned opcodes[] = { 0x12, 0x13, 0x22, 0x23, 0x2a };

	for (int i = 0; i < COUNT(rows) * COUNT(opcodes); i++) {
		const int r = i / COUNT(opcodes);
		const struct features features = { .s1p = true,
						   .s2p = true,
						   .hyp = true,
						   .ril = rows[r].ril,
						   .ds = rows[r].ds,
						   .d128 = rows[r].d128,
						   .minor = 4 };
		const struct command_rules rules = non_secure_commands(&features);
		const struct cmd cmd = { { opcodes[i % COUNT(opcodes)] | 1 << 12,
					   UINT64_C(0x10000) | rows[r].tg << 10 | rows[r].ttl << 8 |
						   rows[r].ttl128 << 7 } };
		const struct smmu3_invalidation scope = command_scope(&rules, as_reset, &cmd);

		ck_assert_uint_eq(scope.hint_granule_lg2, rows[r].granule_lg2);
		ck_assert_uint_eq(scope.hint_level, rows[r].level);
	}
}
END_TEST

/* RIL-002, RIL-005: with DS SCALE has six bits, and more than 39 is 39 */
START_TEST(with_ds_a_scale_goes_to_39)
{
	static const struct {
		unsigned tg, num;
		uint64_t scale, bytes;
	} rows[] = {
		{ 1, 0, 32, UINT64_C(1) << 44 },  { 1, 0, 39, UINT64_C(1) << 51 },
		{ 3, 31, 39, UINT64_C(1) << 60 }, { 3, 31, 40, UINT64_C(1) << 60 },
		{ 3, 31, 63, UINT64_C(1) << 60 }, { 2, 2, 39, UINT64_C(3) << 53 },
	};
	const struct features features = { .s1p = true, .ril = true, .ds = true, .minor = 4 };
	const struct command_rules rules = non_secure_commands(&features);

	for (int i = 0; i < COUNT(rows); i++) {
		const struct cmd cmd = { { 0x12 | rows[i].num << 12 | rows[i].scale << 20,
					   (uint64_t)rows[i].tg << 10 } };

		ck_assert_uint_eq(command_scope(&rules, as_reset, &cmd).bytes, rows[i].bytes);
	}
}
END_TEST

/* CMD-003: an IPA ends at bit 47 in SMMUv3.0, at bit 51 up to v3.3; what is above is no part */
START_TEST(an_ipa_has_the_bits_of_its_version)
{
	static const struct {
		uint8_t minor;
		uint64_t addr;
	} rows[] = {
		{ 0, UINT64_C(0x0000fffffffff000) },
		{ 1, UINT64_C(0x000ffffffffff000) },
		{ 3, UINT64_C(0x000ffffffffff000) },
		{ 4, UINT64_C(0x00fffffffffff000) },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		const struct features features = { .s2p = true, .minor = rows[i].minor };
		const struct command_rules rules = non_secure_commands(&features);
		const struct cmd cmd = { { 0x2a, ~UINT64_C(0xfff) } };

		ck_assert_uint_eq(command_scope(&rules, as_reset, &cmd).addr, rows[i].addr);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_structure_is_invalidated_by_its_stream, 0, COUNT(structures));
	tcase_add_loop_test(tests, a_translation_is_invalidated_by_its_tags, 0,
			    COUNT(translations));
	tcase_add_test(tests, without_stage_2_every_vmid_is_meant);
	tcase_add_test(tests, translations_of_el2_have_no_vmid_and_an_asid_with_e2h);
	tcase_add_test(tests, commands_of_el1_name_its_translations_alone);
	tcase_add_test(tests, vmw_widens_what_a_vmid_matches);
	tcase_add_loop_test(tests, a_range_covers_its_granules, 0, COUNT(ranges));
	tcase_add_test(tests, a_hint_of_128_bit_tables_covers_the_same_granules);
	tcase_add_test(tests, hints_are_announced);
	tcase_add_test(tests, with_ds_a_scale_goes_to_39);
	tcase_add_test(tests, an_ipa_has_the_bits_of_its_version);
}

int main(void)
{
	return run("scopes", add);
}
