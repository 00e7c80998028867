/* SPDX-License-Identifier: MIT */
/* What transactions see of the registers: effective values, worked out by hand. */
#include "prog/gate.h"
#include "run.h"
#include "world.h"

#include <check.h>

static struct gate gate_of(const struct world *w)
{
	return gate_from(&w->prog, &w->features);
}

/* STR-003, STR-004, STR-005, STR-006, STR-007, STR-009, ST-03, ST-05, ST-06, ST-07, ST-08, ST-09,
 * ST-10. generic-3.1: SIDSIZE 16, two levels.  minimal-3.0: SIDSIZE 6, linear alone. Alignment:
 * linear, bits [LOG2SIZE + 5:0] are clear; two-level, bits [max(5, LOG2SIZE - SPLIT - 1 + 3):0]. */
static const struct {
	const char *profile;
	uint64_t base;
	uint32_t cfg;
	uint64_t effective;
	unsigned log2size, split;
	bool two_level;
} tables[] = {
	/* linear: 2^8 entries are 16KB, 1 is 64 bytes, 2^16 are 4MB */
	{ "generic-3.1", 0x12345fc0, 0x00008, 0x12344000, 8, 6, false },
	{ "generic-3.1", 0x12345fc0, 0x00000, 0x12345fc0, 0, 6, false },
	{ "generic-3.1", 0x12345fc0, 0x00010, 0x12000000, 16, 6, false },
	/* LOG2SIZE above SIDSIZE: the table that software wrote is aligned (2^20 entries: 64MB), 16
	   bits are used */
	{ "generic-3.1", 0xfffffffc0, 0x00014, 0xffc000000, 16, 6, false },
	{ "generic-3.1", 0x000fffffffffffc0, 0x0003f, 0, 16, 6, false },
	/* SPLIT means nothing to a linear table */
	{ "generic-3.1", 0x12345fc0, 0x00208, 0x12344000, 8, 8, false },
	/* two levels of 2^16: SPLIT 6 has 2^10 L1STDs (8KB), 8 has 2^8 (2KB), 10 has 2^6 (512
	   bytes) */
	{ "generic-3.1", 0x12345fc0, 0x10190, 0x12344000, 16, 6, true },
	{ "generic-3.1", 0x12345fc0, 0x10210, 0x12345800, 16, 8, true },
	{ "generic-3.1", 0x12345fc0, 0x10290, 0x12345e00, 16, 10, true },
	/* other SPLITs act as 6: 0, 7, 31 */
	{ "generic-3.1", 0x12345fc0, 0x10010, 0x12344000, 16, 6, true },
	{ "generic-3.1", 0x12345fc0, 0x101d0, 0x12344000, 16, 6, true },
	{ "generic-3.1", 0x12345fc0, 0x107d0, 0x12344000, 16, 6, true },
	/* a first level below 64 bytes is aligned to 64: one L1STD, 2^3 of them; 2^4 are 128 bytes
	 */
	{ "generic-3.1", 0x12345fc0, 0x10286, 0x12345fc0, 6, 10, true },
	{ "generic-3.1", 0x12345fc0, 0x10189, 0x12345fc0, 9, 6, true },
	{ "generic-3.1", 0x12345fc0, 0x1018a, 0x12345f80, 10, 6, true },
	/* LOG2SIZE 20, SPLIT 8: 2^12 L1STDs, 32KB; LOG2SIZE 63: 2^60 bytes */
	{ "generic-3.1", 0x12345fc0, 0x10214, 0x12340000, 16, 8, true },
	{ "generic-3.1", 0x000fffffffffffc0, 0x101bf, 0, 16, 6, true },
	/* FMT 2 and 3 act as linear */
	{ "generic-3.1", 0x12345fc0, 0x20208, 0x12344000, 8, 8, false },
	{ "generic-3.1", 0x12345fc0, 0x30208, 0x12344000, 8, 8, false },
	/* without two levels FMT and SPLIT are RES0; bits at and above OAS, 40, too */
	{ "minimal-3.0", 0x12345fc0, 0x10206, 0x12345000, 6, 6, false },
	{ "minimal-3.0", 0x00ffff8012345fc0, 0x00003, 0x8012345e00, 3, 6, false },
	/* what Linux wrote: RA, two levels of 2^16, SPLIT 8 */
	{ "linux-capture", 0x4000000048596000, 0x10210, 0x48596000, 16, 8, true },
};

START_TEST(the_stream_table_is_decoded)
{
	struct world w = world(tables[_i].profile);

	write64(&w, 0x80, tables[_i].base);
	write32(&w, 0x88, tables[_i].cfg);

	struct stream_table streams = gate_of(&w).streams;
	ck_assert_uint_eq(streams.base, tables[_i].effective);
	ck_assert_uint_eq(streams.log2size, tables[_i].log2size);
	ck_assert_uint_eq(streams.split, tables[_i].split);
	ck_assert_int_eq(streams.two_level, tables[_i].two_level);
	ck_assert_uint_eq(read32(&w, 0x88) & 0x3f,
			  tables[_i].cfg & 0x3f); /* reads back as written */
}
END_TEST

/* CR-022, CR-023, CR-025, ST-11.  CR1: TABLE_SH [11:10], TABLE_OC [9:8], TABLE_IC [7:6];
 * STRTAB_BASE.RA. MAIR: outer [7:4], inner [3:0]; 0100 Non-cacheable, 10RW Write-Through, 11RW
 * Write-Back; table reads never write-allocate. */
static const struct {
	uint32_t cr1;
	bool ra;
	uint8_t mair, sh;
} attrs[] = {
	{ 0x000, false, 0x44, SMMU3_OSH }, /* Non-cacheable: Outer Shareable whatever SH says */
	{ 0x000, true, 0x44, SMMU3_OSH },
	{ 0xc00, false, 0x44, SMMU3_OSH },
	{ 0x3c0, true, 0x44, SMMU3_OSH }, /* 3 is reserved: Non-cacheable */
	{ 0xd40, true, 0xee, SMMU3_ISH },
	{ 0xd40, false, 0xcc, SMMU3_ISH },
	{ 0x940, true, 0xee, SMMU3_OSH },
	{ 0x540, true, 0xee, SMMU3_NSH }, /* SH 1 is reserved: Non-shareable */
	{ 0x140, true, 0xee, SMMU3_NSH },
	{ 0xe80, true, 0xaa, SMMU3_ISH },
	{ 0xe80, false, 0x88, SMMU3_ISH },
	{ 0xe40, true, 0xae, SMMU3_ISH }, /* outer WT, inner WB */
	{ 0xd00, true, 0xe4, SMMU3_ISH }, /* outer WB, inner NC */
	{ 0xc40, true, 0x4e, SMMU3_ISH }, /* outer NC, inner WB */
	{ 0xc7f, true, 0x4e, SMMU3_ISH }, /* QUEUE_* is not its business */
};

START_TEST(the_attributes_of_stream_table_reads)
{
	struct world w = world("generic-3.1");

	write32(&w, 0x28, attrs[_i].cr1);
	write64(&w, 0x80, attrs[_i].ra ? 0x4000000000000000 : 0);

	struct smmu3_attr attr = gate_of(&w).streams.attr;
	ck_assert_uint_eq(attr.mair, attrs[_i].mair);
	ck_assert_uint_eq(attr.sh, attrs[_i].sh);
}
END_TEST

/* CR-013, CR-029 */
START_TEST(enable_and_recinvsid)
{
	struct world w = world("generic-3.1");

	ck_assert(!gate_of(&w).smmuen && !gate_of(&w).recinvsid);
	write32(&w, 0x2c, 0x2);
	ck_assert(gate_of(&w).recinvsid);
	write32(&w, 0x20, 0xe);
	ck_assert(!gate_of(&w).smmuen);
	write32(&w, 0x20, 0x1);
	ck_assert(gate_of(&w).smmuen);
}
END_TEST

/* GBP-001, GBP-005, GBP-006: MemAttr 5, MTCFG, ALLOCCFG 0xb, SHCFG 2, PRIVCFG 3, INSTCFG 2, ABORT
 */
START_TEST(the_bypass_attributes_are_gbpas_fields)
{
	struct world w = world("generic-3.1");

	write32(&w, 0x44, 0x801b2b15);
	struct bypass bypass = gate_of(&w).bypass;
	ck_assert(bypass.abort && bypass.mtcfg);
	ck_assert_uint_eq(bypass.memattr, 0x5);
	ck_assert_uint_eq(bypass.alloccfg, 0xb);
	ck_assert_uint_eq(bypass.shcfg, 2);
	ck_assert_uint_eq(bypass.privcfg, 3);
	ck_assert_uint_eq(bypass.instcfg, 2);
}
END_TEST

/* GBP-007: fixed at "use incoming", which is 1 for SHCFG and 0 for the others */
START_TEST(without_overrides_the_bypass_uses_what_comes_in)
{
	struct smmu3_config config = profile_config("generic-3.1");
	struct world types, perms;

	config.idr[1] &= ~0x08000000u; /* ATTR_TYPES_OVR */
	types = world_of(config);
	write32(&types, 0x44, 0x801b2b15);
	struct bypass bypass = gate_of(&types).bypass;
	ck_assert(bypass.abort && !bypass.mtcfg);
	ck_assert_uint_eq(bypass.alloccfg, 0);
	ck_assert_uint_eq(bypass.shcfg, 1);
	ck_assert_uint_eq(bypass.privcfg, 3);
	ck_assert_uint_eq(bypass.instcfg, 2);

	config.idr[1] = (config.idr[1] | 0x08000000u) & ~0x04000000u; /* ATTR_PERMS_OVR */
	perms = world_of(config);
	write32(&perms, 0x44, 0x801b2b15);
	bypass = gate_of(&perms).bypass;
	ck_assert(bypass.abort && bypass.mtcfg);
	ck_assert_uint_eq(bypass.shcfg, 2);
	ck_assert_uint_eq(bypass.privcfg, 0);
	ck_assert_uint_eq(bypass.instcfg, 0);
}
END_TEST

START_TEST(the_gate_at_reset_lets_traffic_pass_as_it_comes)
{
	struct world w = world("generic-3.1");
	struct bypass bypass = gate_of(&w).bypass;

	ck_assert(!bypass.abort && !bypass.mtcfg);
	ck_assert_uint_eq(bypass.shcfg, 1);
}
END_TEST

/* ---- The Secure bank */

/* SECURE_IMPL, S_SIDSIZE 6, SEL2 or not */
static struct world secure_world(bool sel2)
{
	struct world w = { .config = profile_config("generic-3.3") };

	w.config.s_idr[1] = 0x80000006 | (sel2 ? 0x20000000 : 0);
	w.features = features_from(&w.config, BANK_S);
	prog_reset(&w.prog, BANK_S, &w.config);
	return w;
}

/* CR-002, SEC-007: SIF is bit 5 of S_CR0, and none of CR0 */
START_TEST(sif_is_a_bit_of_the_secure_bank)
{
	struct world w = secure_world(false), ns = world("generic-3.3");

	write32(&w, 0x20, 0x1);
	ck_assert(gate_of(&w).smmuen && !gate_of(&w).sif);
	write32(&w, 0x20, 0x20);
	ck_assert(!gate_of(&w).smmuen && gate_of(&w).sif);
	write32(&ns, 0x20, 0x21);
	ck_assert(gate_of(&ns).smmuen && !gate_of(&ns).sif);
}
END_TEST

/* GBP-001, GBP-005, GBP-007: NSCFG, bits 15:14 of S_GBPA alone, and where overrides are */
START_TEST(nscfg_is_a_field_of_s_gbpa)
{
	struct world w = secure_world(false), ns = world("generic-3.3");

	write32(&w, 0x44, 0x8000d000);
	ck_assert_uint_eq(gate_of(&w).bypass.nscfg, 3);
	ck_assert_uint_eq(gate_of(&w).bypass.shcfg, 1);
	write32(&w, 0x44, 0x80009000);
	ck_assert_uint_eq(gate_of(&w).bypass.nscfg, 2);
	w.features.attr_perms_ovr = false;
	ck_assert_uint_eq(gate_of(&w).bypass.nscfg, 0);
	write32(&ns, 0x44, 0x8000d000);
	ck_assert_uint_eq(gate_of(&ns).bypass.nscfg, 0);
}
END_TEST

/* STR-005, ST-03: LOG2SIZE 10 is more than S_SIDSIZE has, whatever SIDSIZE is; CR-002: no ATSCHK */
START_TEST(the_secure_stream_table_is_as_large_as_s_sidsize)
{
	struct world w = secure_world(false);

	write32(&w, 0x88, 10);
	write32(&w, 0x20, 0x10);
	ck_assert_uint_eq(gate_of(&w).streams.log2size, 6);
	ck_assert(!gate_of(&w).atschk);
}
END_TEST

/* 6.3.60: S_CR2.E2H is there with SEL2 */
START_TEST(e2h_of_the_secure_bank_needs_sel2)
{
	struct world without = secure_world(false), with = secure_world(true);

	write32(&without, 0x2c, 1);
	write32(&with, 0x2c, 1);
	ck_assert(!gate_of(&without).streams.e2h && gate_of(&with).streams.e2h);
}
END_TEST

/* CR-033: S2PII, S_S2PII, R_S2PII, each of its own state, with IDR3.S2PI alone */
START_TEST(s2pii_is_a_register_of_every_bank)
{
	const uint64_t value = 0xfedcba9876543210;

	for (unsigned s2pi = 0; s2pi < 2; s2pi++) {
		struct world w = { .config = profile_config("realm-3.3") };

		w.config.idr[3] |= s2pi << 19;
		w.features = features_from(&w.config, (enum bank)_i);
		prog_reset(&w.prog, (enum bank)_i, &w.config);
		write64(&w, 0x30, value);
		ck_assert_uint_eq(gate_of(&w).streams.s2pii, s2pi ? value : 0);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, the_stream_table_is_decoded, 0, COUNT(tables));
	tcase_add_loop_test(tests, the_attributes_of_stream_table_reads, 0, COUNT(attrs));
	tcase_add_test(tests, enable_and_recinvsid);
	tcase_add_test(tests, the_bypass_attributes_are_gbpas_fields);
	tcase_add_test(tests, without_overrides_the_bypass_uses_what_comes_in);
	tcase_add_test(tests, the_gate_at_reset_lets_traffic_pass_as_it_comes);
	tcase_add_test(tests, sif_is_a_bit_of_the_secure_bank);
	tcase_add_test(tests, nscfg_is_a_field_of_s_gbpa);
	tcase_add_test(tests, the_secure_stream_table_is_as_large_as_s_sidsize);
	tcase_add_test(tests, e2h_of_the_secure_bank_needs_sel2);
	tcase_add_loop_test(tests, s2pii_is_a_register_of_every_bank, 0, BANKS);
}

int main(void)
{
	return run("gate", add);
}
