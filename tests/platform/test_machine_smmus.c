/* SPDX-License-Identifier: MIT */
/* Machines: their SMMUs, captures, memory, and a machine printed. */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char quickstart[] = "version: 1\n"
				 "masters:\n"
				 "  - name: dma0\n"
				 "    stream_id: 0x10\n"
				 "    map:\n"
				 "      - {va: 0x1000, pa: 0x80001000, size: 64K, perm: rw}\n";

/* ---- SMMUs ---- */

/* 6.3.1: S2P is bit 0; 6.3.2: SIDSIZE 5:0; 6.3.6: OAS 2:0, granules 6:4; 6.3.8 */
START_TEST(features_change_a_profile_and_idr_wins)
{
	struct loading loading = load_good(
		"version: 1\nsmmu:\n  - features: {s2: false, xnx: false, fwb: false, sid_bits: 5, oas: 44, granules: [4K, 64K]}\n"
		"    idr: {IIDR: 0x43b, IDR5: 0x54}\n    gbpa: 0x101000\n");
	const struct smmu3_config *const config = smmu3_machine_smmu_config(loading.machine, 0);

	ck_assert_uint_eq(config->idr[0] & 1, 0);
	ck_assert_uint_eq(config->idr[1] & 0x3f, 5);
	ck_assert_uint_eq(config->idr[5], 0x54);
	ck_assert_uint_eq(config->iidr, 0x43b);
	ck_assert_uint_eq(reg(&loading, 0, 0x44, 4), 0x101000);
	unload(&loading);
}
END_TEST

/* 3.21: a machine keeps what its `caches` say, or its caller; nothing without either */
START_TEST(caches_are_as_given)
{
	struct loading loading = load_good(
		"version: 1\nsmmu:\n  - {name: nothing}\n"
		"  - {name: some, caches: {all: 16, tlb: 64, cds: 0}}\n"
		"  - {name: micro, caches: {micro: 32, micro_streams: 8}}\n");
	const struct smmu3_caches none = { 0 },
				  some = { .l1stds = 16,
					   .stes = 16,
					   .tlb = 64,
					   .tables = 16,
					   .dpt = 16,
					   .gpt = 16 },
				  micro = { .micro = 32, .micro_streams = 8 };

	ck_assert_mem_eq(&smmu3_machine_smmu_config(loading.machine, 0)->caches, &none,
			 sizeof(none));
	ck_assert_mem_eq(&smmu3_machine_smmu_config(loading.machine, 1)->caches, &some,
			 sizeof(some));
	ck_assert_mem_eq(&smmu3_machine_smmu_config(loading.machine, 2)->caches, &micro,
			 sizeof(micro));
	unload(&loading);
}
END_TEST

static const char *const places_of[] = { "tlb: 16", "micro: 16, micro_streams: 1" };

/* 3.21.1, CMD-TLBI-NH-VA: what is kept is met until a command invalidates it */
START_TEST(a_machine_with_caches_keeps_translations)
{
	static const char *const lines[] = {
		"R dma0 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb",
		"! w64 0xbfffc008 0",
		"R dma0 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb",
		"! tlbi nh_va asid=0 va=0x1000 leaf",
		"! sync",
		"R dma0 0x1000 8 expect=F_TRANSLATION,s2:0,class:IN",
	};
	char text[512];

	(void)snprintf(text, sizeof(text), "%ssmmu: [{caches: {%s}}]\n", quickstart, places_of[_i]);
	struct loading loading = load_good(text);

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* A machine whose text says nothing of caches has those of the suite's pass. */
START_TEST(what_the_pass_asks_for_is_what_a_machine_keeps)
{
	static const char *const kept[] = {
		"R dma0 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb",
		"! w64 0xbfffc008 0",
		"R dma0 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb",
	};
	static const char *const afresh[] = {
		"R dma0 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb",
		"! w64 0xbfffc008 0",
		"R dma0 0x1000 8 expect=F_TRANSLATION,s2:0,class:IN",
	};
	struct loading loading = load_good(quickstart);

	perform_all(&loading, getenv("SMMU_TEST_CACHES") ? kept : afresh, 3);
	unload(&loading);
}
END_TEST

/* 6.3.1: STALL_MODEL is 25:24; 6.3.6: STALL_MAX is 31:16 */
START_TEST(stall_model_and_stall_max_say_what_may_stall)
{
	struct loading loading = load_good(
		"version: 1\nsmmu:\n  - features: {stall_model: 0, stall_max: 258}\n");
	const struct smmu3_config *const config = smmu3_machine_smmu_config(loading.machine, 0);

	ck_assert_uint_eq(config->idr[0] >> 24 & 3, 0);
	ck_assert_uint_eq(config->idr[5] >> 16, 258);
	unload(&loading);
}
END_TEST

/* GBP-001: MemAttr 3:0, MTCFG 4, ALLOCCFG 11:8, SHCFG 13:12, PRIVCFG 17:16, INSTCFG 19:18, ABORT 20
 */
START_TEST(bypass_is_written_before_smmuen)
{
	struct loading loading = load_good(
		"version: 1\nsmmu:\n  - enabled: false\n    table_attr: nc\n    table_sh: osh\n    recinvsid: false\n"
		"    bypass: {abort: true, mtcfg: true, memattr: 5, alloccfg: 9, shcfg: 2, privcfg: 3, instcfg: 2}\n"
		"    stream_table: {format: linear, log2size: 5}\n");

	ck_assert_uint_eq(reg(&loading, 0, 0x44, 4), 0x1b2915);
	ck_assert_uint_eq(reg(&loading, 0, 0x20, 4), 0xc); /* the queues alone */
	ck_assert_uint_eq(reg(&loading, 0, 0x28, 4),
			  0x835); /* TABLE_SH 2, TABLE_OC, TABLE_IC 0; queues WB ISH */
	ck_assert_uint_eq(reg(&loading, 0, 0x2c, 4), 0);
	ck_assert_uint_eq(reg(&loading, 0, 0x88, 4), 5);
	unload(&loading);
}
END_TEST

/* 6.3.12: E2H is bit 0, RECINVSID bit 1; 5.2: STRW is bits 95:94.  SW-01 */
START_TEST(a_hypervisors_streams_say_so)
{
	struct loading loading = load_good(
		"version: 1\nsmmu: [{features: {hyp: true}, e2h: true, stream_table: {format: linear}}]\n"
		"masters:\n  - {name: a, stream_id: 0, world: el2, map: [{va: 0, pa: 2G, size: 4K, user: false}]}\n"
		"  - {name: b, stream_id: 1, world: el1, map: []}\n  - {name: c, stream_id: 2, map: []}\n");
	const uint64_t streams = reg(&loading, 0, 0x80, 8) & 0xffffffffffc0;

	ck_assert_uint_eq(reg(&loading, 0, 0x2c, 4), 3);
	ck_assert_uint_eq(word_at(&loading, streams + 8) >> 30 & 3, 2);
	ck_assert_uint_eq(word_at(&loading, streams + 64 + 8) >> 30 & 3, 0);
	ck_assert_uint_eq(word_at(&loading, streams + 128 + 8) >> 30 & 3, 0);
	unload(&loading);
}
END_TEST

START_TEST(a_memory_elsewhere_may_hold_tables)
{
	struct loading loading = load_good(
		"version: 1\nsmmu: [{tables_in: sram, stream_table: {format: linear}}]\n"
		"memory:\n  - {name: far, base: 0, size: 4K, pas: secure}\n  - {name: ram, base: 0x1000, size: 1M}\n"
		"  - {name: sram, base: 0x800000000, size: 1M}\n"
		"tables: {t: {stage: 1, tables_in: sram, va_bits: 21, map: [{va: 0, pa: 0x1000, size: 4K}]}}\n"
		"masters: [{name: a, stream_id: 3, table: t}]\n");

	ck_assert_uint_eq(word_at(&loading, 0x8000ff000), 0x0060000000001f43);
	ck_assert_uint_eq(reg(&loading, 0, 0x80, 8),
			  0x40000008000fef00); /* 4 STEs, below the table */
	ck_assert_uint_eq(word_at(&loading, 0x8000fefc0), 0x8000feecb);
	unload(&loading);
}
END_TEST

/* ---- Captures ---- */

static uint8_t capture_data[8192];

/* A linear Stream table of two STEs at 0x40001000: bypass, and nothing. */
static const struct text_file *capture(const char *registers, const char *index)
{
	static struct text_file files[4];

	capture_data[4096] = 9;
	files[0] = (struct text_file){ "r.csv", registers, 0 };
	files[1] = (struct text_file){ "i.csv", index, 0 };
	files[2] = (struct text_file){ "d.bin", (const char *)capture_data, sizeof(capture_data) };
	return files;
}

static const char capture_config[] =
	"version: 1\nsmmu: [{registers: r.csv, image: {index: i.csv, data: d.bin}}]\n"
	"masters: [{name: dev, stream_id: 0}]\n";

static const char capture_registers[] =
	"offset,width,value\n0x0,32,0x0d44101b\n0x4,32,0x02730010\n0xc,32,0x00001414\n0x14,32,0x00000074\n0x1c,32,0x1\n"
	"0x20,32,0x1\n0x44,32,0x00001000\n0x80,64,0x40001000\n0x88,32,0x1\n";

START_TEST(a_capture_is_a_machine)
{
	static const char *const lines[] = {
		"R dev 0x1234 4 expect=pa:0x1234,pas:ns,attr:wb",
		"R 1 0 4 expect=C_BAD_STE",
		"R 2 0 1 expect=abort",
	};
	struct loading loading = load_with(
		capture_config,
		capture(capture_registers, "pa,offset,kind\n"
					   "0x40001000,0x1000,stream-table\r\n0x40000000,0x0,x\n"));

	ck_assert_msg(loading.machine != NULL, "%s", loading.said);
	ck_assert_uint_eq(smmu3_machine_smmu_config(loading.machine, 0)->idr[1], 0x02730010);
	ck_assert_uint_eq(reg(&loading, 0, 0x24, 4), 1);
	ck_assert_uint_eq(word_at(&loading, 0x40001000), 9);
	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* A Secure state: S_IDR1 says so, with one bit of StreamIDs; its Stream table is in the page of
 * Secure memory, and its STE 0 that of the other test; S_GBPA aborts, were it asked.  Of pages at
 * one address of both spaces the Non-secure one is meant.  6.3.52, 6.3.73 */
START_TEST(a_capture_may_have_secure_registers)
{
	static const char secure_registers[] =
		"0x0,32,0x0d44101b\n0x4,32,0x02730010\n0xc,32,0x00001414\n0x14,32,0x00000074\n0x1c,32,1\n"
		"0x8000,32,0x01000000\n0x8004,32,0x80000001\n"
		"0x8020,32,0x1\n0x8028,32,0xd75\n0x802c,32,2\n0x8044,32,0x00101000\n"
		"0x8080,64,0x70001000\n0x8088,32,0x1\n0x20,32,0x0\n0x44,32,0x1000\n0x28,32,0xd74\n";
	struct loading loading = load_with(
		"version: 1\nsmmu: [{registers: r.csv, image: {index: i.csv, data: d.bin}}]\n"
		"memory: [{name: n, base: 0x80000000, size: 64K}, {name: s, base: 0x70000000, size: 64K, "
		"pas: secure}, {name: both, base: 0x80000000, size: 64K, pas: secure}]\n"
		"masters: [{name: dev, security: secure, stream_id: 0}]\n",
		capture(secure_registers, "0x70001000,0x1000,x\n0x80002000,0x1000,x\n"));
	static const char *const lines[] = {
		"R dev 0x1234 4 expect=pa:0x1234,pas:secure,attr:wb",
		"R 1 0 4 secure expect=C_BAD_STE",
		"R 0 0x1234 4 expect=pa:0x1234,pas:ns,attr:wb",
		"! secure: mmio r32 S_CR0ACK expect=1",
		"! secure: mmio r32 S_CR1 expect=0xd75",
		"! secure: mmio r32 S_GBPA expect=0x00101000",
		"! mmio r32 CR0 expect=0",
		"! mmio r32 CR1 expect=0xd74",
		"! secure: r64 0x70001000 expect=9",
		"! r64 0x80002000 expect=9",
		"! secure: r64 0x80002000 expect=0",
	};

	ck_assert_msg(loading.machine != NULL, "%s", loading.said);
	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

struct capture_mistake {
	const char *registers, *index, *said;
	int code;
};

static const struct capture_mistake capture_mistakes[] = {
	{ "0x0,32\n", "", "1:7: a number is missing\n", SMMU3_E_FORMAT },
	{ "0x0,16,0\n", "", "1:5: a register has 32 or 64 bits\n", SMMU3_E_FORMAT },
	{ "0x2,32,0\n", "", "1:1: no register lies at this offset\n", SMMU3_E_FORMAT },
	{ "0x0,32,0x100000000\n", "", "1:8: the value has more than 32 bits\n", SMMU3_E_FORMAT },
	{ "0x0,32,zero\n", "",
	  "1:8: 'zero' is no number: decimal or 0x, then perhaps K, M, G or T\n", SMMU3_E_FORMAT },
	{ capture_registers, "0x800,0x0,x\n", "1:1: no 4 KiB page begins at this address\n",
	  SMMU3_E_FORMAT },
	{ capture_registers, "0x1000,0x0,x\n0x2000,0x1800,x\n",
	  "2:8: the page at 0x1800 is not in the image, which has 0x2000 bytes: is it cut?\n",
	  SMMU3_E_IO },
	{ capture_registers, "0x1000,0x0,x\n0x1000,0x1000,x\n",
	  "2:1: the page at 0x1000 is given twice\n", SMMU3_E_FORMAT },
};

START_TEST(what_is_wrong_with_a_capture_is_said_at_its_place)
{
	const struct capture_mistake *const row = &capture_mistakes[_i];
	struct loading loading = load_with(capture_config, capture(row->registers, row->index));

	ck_assert_ptr_nonnull(strstr(loading.said, row->said));
	ck_assert_int_eq(loading.code, -row->code);
}
END_TEST

START_TEST(masters_of_a_capture_bring_no_tables)
{
	struct loading loading = load_with(
		"version: 1\nsmmu: [{registers: r.csv, recinvsid: true}]\n"
		"masters: [{name: dev, stream_id: 0, mode: bypass}]\n",
		capture(capture_registers, ""));

	ck_assert_str_eq(loading.said,
			 "2:38: with 'registers', 'recinvsid' is what the capture says\n"
			 "3:43: 'mode' does not go with an SMMU that has 'registers'\n");
}
END_TEST

/* ---- Memory ---- */

START_TEST(memory_is_read_and_written_across_neighbours)
{
	struct loading loading = load_good(
		"version: 1\nmemory:\n  - {name: b, base: 0x2000, size: 64K}\n"
		"  - {name: a, base: 0x1000, size: 4K}\n  - {name: s, base: 0x1000, size: 4K, pas: secure}\n");
	char data[16] = "across the edge", back[16];

	ck_assert_int_eq(smmu3_machine_write(loading.machine, SMMU3_PAS_NS, 0x1ff8, data, 16), 0);
	ck_assert_int_eq(smmu3_machine_read(loading.machine, SMMU3_PAS_NS, 0x1ff8, back, 16), 0);
	ck_assert_str_eq(back, data);
	ck_assert_int_eq(smmu3_machine_read(loading.machine, SMMU3_PAS_NS, 0xff8, back, 16),
			 -SMMU3_E_ABORT);
	ck_assert_int_eq(smmu3_machine_write(loading.machine, SMMU3_PAS_NS, 0x11ff8, data, 16),
			 -SMMU3_E_ABORT);
	ck_assert_int_eq(smmu3_machine_read(loading.machine, SMMU3_PAS_NS, UINT64_MAX, back, 2),
			 -SMMU3_E_ABORT);
	ck_assert_int_eq(smmu3_machine_read(loading.machine, SMMU3_PAS_SECURE, 0x1ff8, back, 8), 0);
	ck_assert_int_eq(back[0], 0);
	unload(&loading);
}
END_TEST

/* ---- Printing ---- */

struct printed {
	char text[32768];
	size_t used;
};

static int keep(void *context, const char *text, size_t size)
{
	struct printed *const printed = context;

	ck_assert_uint_lt(printed->used + size, sizeof(printed->text));
	memcpy(printed->text + printed->used, text, size + 1);
	printed->used += size;
	return 0;
}

static int refuse(void *context, const char *text, size_t size)
{
	(void)context;
	(void)text;
	(void)size;
	return -1;
}

/* Every key that a table-building configuration has. */
static const char every_key[] =
	"version: 1\n"
	"smmu:\n"
	"  - {name: s, profile: generic-3.1, features: {oas: 48, hyp: true, minor: 3, e0pd: true, ptwnnc: true, s2pi: true, s2po: true}, s2pii: 0xfedc, idr: {IIDR: 1}, gbpa: 0x1000, enabled: true, e2h: true,\n"
	"     bypass: {abort: true, mtcfg: false, memattr: 3, alloccfg: 8, shcfg: 1, privcfg: 2, instcfg: 3}, recinvsid: true,\n"
	"     caches: {all: 4, tlb: 8, tables: 0, micro: 16, micro_streams: 2},\n"
	"     table_attr: wt, table_sh: nsh, stream_table: {format: two-level, log2size: 12, split: 6}, tables_in: m}\n"
	"memory: [{name: m, base: 2G, size: 1G, pas: ns}, {name: n, base: 4G, size: 1G, pas: realm}]\n"
	"tables:\n"
	"  s2: {stage: 2, granule: 4K, t0sz: 24, start_level: 0, output_bits: 44, vmid: 3, tables_in: m,\n"
	"       map: [{ipa: 0, pa: 2G, size: 2M, perm: wo, px: true, ux: false, memattr: 5, sh: nsh, block: 2M, dbm: true},\n"
	"             {ipa: 2M, pa: 2G, size: 2M, pi: 3, po: 4, dirty: false}]}\n"
	"  s1: {stage: 1, granule: 16K, va_bits: 47, output_bits: 40, in: s2, at_ipa: 4M, s2_perm: ro,\n"
	"       map: [{va: 0, ipa: 0, size: 16K, perm: ro, user: false, exec: true, attr: iwt-onc, sh: osh, contiguous: true,\n"
	"              af: false, ng: false, ns: true, table_bits: 0x8000000000000000},\n"
	"             {va: 16K, pa: 2G, size: 16K, attr_index: 6, raw: 0x400}, {va: 1M, size: 16K, fault: translation}]}\n"
	"  hi: {stage: 1, upper: true}\n"
	"masters:\n"
	"  - {name: a, smmu: s, stream_id: 1, count: 2, security: ns, bus_width: 48, attr: wt, sh: ish, priv: true,\n"
	"     table: s1, stage2: s2, asid: 7, s1dss: terminate, cdmax: 5, cd_format: two-level-64K, cd_at_ipa: 8M, cd_s2_perm: ro,\n"
	"     cd: {R: 0}, ste: {}, substreams: [{ssid: 9, table: s1, asid: 2, cd: {PAN: 1}}, {ssid: 8, map: []},\n"
	"     {ssid: 7, cd_raw: [0, 0, 0, 0, 0, 0, 0, 0]}]}\n"
	"  - {name: b, stream_id: 5, ste_raw: [1, 0, 0, 0, 0, 0, 0, 0]}\n"
	"  - {name: c, stream_id: 6, mode: abort}\n"
	"  - {name: d, stream_id: 7, table_upper: hi}\n"
	"  - {name: e, stream_id: 8, cd_raw: [0, 0, 0, 0, 0, 0, 0, 0]}\n"
	"  - {name: f, stream_id: 9, map: [{va: 0, pa: 2G, size: 4K}]}\n"
	"  - {name: g, stream_id: 10, world: el2, map: [{va: 0, pa: 2G, size: 4K}]}\n";

START_TEST(a_printed_machine_reads_back_as_itself)
{
	struct loading first = load_good(every_key), second;
	struct printed once = { .used = 0 }, twice = { .used = 0 };

	ck_assert_int_eq(smmu3_machine_print(first.machine, keep, &once), 0);
	second = load(once.text);
	ck_assert_msg(second.machine != NULL, "%s", second.said);
	ck_assert_int_eq(smmu3_machine_print(second.machine, keep, &twice), 0);
	ck_assert_str_eq(once.text, twice.text);
	for (uint64_t pa = 0xbff00000; pa < 0xc0000000; pa += 8)
		ck_assert_uint_eq(word_at(&first, pa), word_at(&second, pa));
	ck_assert_int_eq(smmu3_machine_print(first.machine, refuse, NULL), -SMMU3_E_IO);
	unload(&first);
	unload(&second);
}
END_TEST

/* A capture's registers say what elsewhere are keys: they are not printed. */
START_TEST(a_printed_capture_reads_back_as_itself)
{
	const struct text_file *const files = capture(capture_registers, "0x40001000,0x1000,x\n");
	struct loading first = load_with(capture_config, files), second;
	struct printed once = { .used = 0 }, twice = { .used = 0 };

	ck_assert_int_eq(smmu3_machine_print(first.machine, keep, &once), 0);
	second = load_with(once.text, files);
	ck_assert_msg(second.machine != NULL, "%s", second.said);
	ck_assert_int_eq(smmu3_machine_print(second.machine, keep, &twice), 0);
	ck_assert_str_eq(once.text, twice.text);
	ck_assert_uint_eq(reg(&second, 0, 0x80, 8), 0x40001000);
	unload(&first);
	unload(&second);
}
END_TEST

#define LOOP(tests, test, rows) \
	tcase_add_loop_test(tests, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: SMMUs of machines");
	TCase *const tests = tcase_create("smmus");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, features_change_a_profile_and_idr_wins);
	tcase_add_test(tests, caches_are_as_given);
	tcase_add_loop_test(tests, a_machine_with_caches_keeps_translations, 0,
			    sizeof(places_of) / sizeof(places_of[0]));
	tcase_add_test(tests, what_the_pass_asks_for_is_what_a_machine_keeps);
	tcase_add_test(tests, stall_model_and_stall_max_say_what_may_stall);
	tcase_add_test(tests, bypass_is_written_before_smmuen);
	tcase_add_test(tests, a_hypervisors_streams_say_so);
	tcase_add_test(tests, a_memory_elsewhere_may_hold_tables);
	tcase_add_test(tests, a_capture_is_a_machine);
	tcase_add_test(tests, a_capture_may_have_secure_registers);
	LOOP(tests, what_is_wrong_with_a_capture_is_said_at_its_place, capture_mistakes);
	tcase_add_test(tests, masters_of_a_capture_bring_no_tables);
	tcase_add_test(tests, memory_is_read_and_written_across_neighbours);
	tcase_add_test(tests, a_printed_machine_reads_back_as_itself);
	tcase_add_test(tests, a_printed_capture_reads_back_as_itself);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
