/* SPDX-License-Identifier: MIT */
/* What is wrong with a configuration is said with its place and in a sentence: one row for each
 * mistake. */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A master that is complete but for what a row adds. */
#define M "version: 1\nmasters:\n  - {name: a, stream_id: 1, mode: bypass}\n"
#define T "version: 1\ntables:\n"
#define MAP T "  t:\n    stage: 1\n    va_bits: 39\n    map:\n      - "
#define MAP2 T "  t:\n    stage: 2\n    map:\n      - "

struct mistake {
	const char *text;
	const char *said; /* all of it */
	int code;         /* 0: SMMU3_E_FORMAT */
};

static const struct mistake mistakes[] = {
	/* Form */
	{ "", "1:1: nothing in it: a configuration begins with 'version: 1'\n", 0 },
	{ "# only a comment\n", "1:1: nothing in it: a configuration begins with 'version: 1'\n",
	  0 },
	{ "just words\n",
	  "1:1: a configuration is a map: 'key: value' lines, or {key: value, ...}\n", 0 },
	{ "masters: []\n", "1:1: a configuration needs 'version'\n", 0 },
	{ "version: 2\n", "1:10: '2' is not one of 1\n", 0 },
	{ "version: 1\nmaster: []\n",
	  "2:1: unknown key 'master' of a configuration; did you mean 'masters'?\n", 0 },
	{ "version: 1\nversion: 1\n", "2:1: duplicate key 'version' (first set on line 1)\n", 0 },
	{ "version: 1\nmasters: {}\n",
	  "2:10: masters is a list: lines that begin with '-', or [...]\n", 0 },
	{ "version: 1\nmasters: [a\n",
	  "3:1: did not find expected ',' or ']' while parsing a flow sequence\n"
	  "note: 2:10: while parsing a flow sequence\n",
	  0 },
	{ "version: 1\nmasters:\n  - name: a\n     stream_id: 1\n",
	  "4:15: mapping values are not allowed in this context; is the line indented like its "
	  "neighbours?\n",
	  0 },
	{ "version: 1\nmasters:\n  - name: a\n stream_id: 1\n",
	  "4:2: did not find expected key while parsing a block mapping; is the line indented like "
	  "its neighbours?\nnote: 1:1: while parsing a block mapping\n",
	  0 },
	{ "version: 1\n---\nversion: 1\n", "2:1: one document only\n", 0 },
	{ "version: &a 1\n", "1:10: no anchors or aliases\n", 0 },
	{ "version: 1\nmasters: *a\n", "2:10: no anchors or aliases\n", 0 },
	{ "version: !!int 1\n", "1:10: no tags\n", 0 },
	{ "version: 1\n? [a]\n: 1\n", "2:3: a key is one word\n", 0 },
	{ "version: 1\nmasters: \x01\n", "2:10: control characters are not allowed\n", 0 },
	{ "version: 1\nmasters: \xff\n", "2:10: invalid leading UTF-8 octet\n", 0 },

	/* Scalars */
	{ "version: 1\nmemory: [{name: m, base: 010, size: 4K}]\n",
	  "2:26: '010' is no number here: no leading zeros (hexadecimal is 0x)\n", 0 },
	{ "version: 1\nmemory: [{name: m, base: 0x8000_0000, size: 4K}]\n",
	  "2:26: '0x8000_0000' is no number: digits stand without '_'\n", 0 },
	{ "version: 1\nmemory: [{name: m, base: \"0\", size: 4K}]\n",
	  "2:26: '0' is no number: it stands in quotes\n", 0 },
	{ "version: 1\nmemory: [{name: m, base: -1, size: 4K}]\n",
	  "2:26: '-1' is no number: decimal or 0x, then perhaps K, M, G or T\n", 0 },
	{ "version: 1\nmemory: [{name: m, base: 4k, size: 4K}]\n",
	  "2:26: '4k' is no number: decimal or 0x, then perhaps K, M, G or T\n", 0 },
	{ "version: 1\nmemory: [{name: m, base: 0x, size: 4K}]\n",
	  "2:26: '0x' is no number: decimal or 0x, then perhaps K, M, G or T\n", 0 },
	{ "version: 1\nmemory: [{name: m, base: 0x10000000000000000, size: 4K}]\n",
	  "2:26: '0x10000000000000000' does not fit 64 bits\n", 0 },
	{ "version: 1\nmemory: [{name: m, base: 16777216T, size: 4K}]\n",
	  "2:26: '16777216T' does not fit 64 bits\n", 0 },
	{ "version: 1\nmemory: [{name: m, base: [], size: 4K}]\n",
	  "2:26: this is a list; 'base' takes a number\n", 0 },
	{ "version: 1\nsmmu: [{enabled: yes}]\n", "2:18: 'yes' is not true or false\n", 0 },
	{ "version: 1\nsmmu: [{enabled: \"true\"}]\n",
	  "2:18: 'true' stands in quotes: write true or false\n", 0 },
	{ "version: 1\nsmmu: [{enabled: True}]\n",
	  "2:18: 'True' is not true or false; did you mean 'true'?\n", 0 },
	{ "version: 1\nmemory: [{name: 1st, base: 0, size: 4K}]\n",
	  "2:17: '1st' is no name: 1 to 63 letters, digits, '_', '-', a letter first\n", 0 },

	/* SMMUs */
	{ "version: 1\nsmmu: [{profile: generic-3.2}]\n",
	  "2:18: there is no profile 'generic-3.2'; did you mean 'generic-3.1'?\n", 0 },
	/* ... and nothing more, though the map needs a granule */
	{ "version: 1\nsmmu: [{profile: generic-31}]\nmasters: [{name: a, stream_id: 1, map: [{va: "
	  "0x1000, pa: 0x80001000, size: 4K}]}]\n",
	  "2:18: there is no profile 'generic-31'; did you mean 'generic-3.1'?\n", 0 },
	{ "version: 1\nsmmu:\n  - {name: a}\n  - {name: a}\n", "4:12: the name is taken (line 3)\n",
	  0 },
	{ "version: 1\nsmmu: [{features: {oas: 50}}]\n",
	  "2:25: '50' is not one of 32, 36, 40, 42, 44, 48, 52, 56; did you mean '40'?\n", 0 },
	{ "version: 1\nsmmu: [{features: {sid_bits: 33}}]\n",
	  "2:30: '33' is out of range: 0 to 32\n", 0 },
	{ "version: 1\nsmmu: [{features: {stall_max: 65536}}]\n",
	  "2:31: '65536' is out of range: 0 to 65535\n", 0 },
	{ "version: 1\nsmmu: [{features: {stall_max: 1}}]\n",
	  "2:8: IDR5.STALL_MAX is 1, but must be 0 when IDR0.STALL_MODEL is 1 (6.3.6)\n",
	  SMMU3_E_INCONSISTENT },
	{ "version: 1\nsmmu: [{features: {sidbits: 3}}]\n",
	  "2:20: unknown feature 'sidbits'; did you mean 'sid_bits'?\n", 0 },
	{ "version: 1\nsmmu: [{features: {granules: 4K}}]\n", "2:30: granules is a list, [...]\n",
	  0 },
	{ "version: 1\nsmmu: [{features: {granules: [8K]}}]\n",
	  "2:31: '8K' is not one of 4K, 16K, 64K; did you mean '4K'?\n", 0 },
	{ "version: 1\nsmmu: [{idr: {IDR7: 0}}]\n",
	  "2:15: unknown identification register 'IDR7'; did you mean 'IDR0'?\n", 0 },
	{ "version: 1\nsmmu: [{idr: {IDR0: 0x100000000}}]\n",
	  "2:21: '0x100000000' is out of range: 0x0 to 0xffffffff\n", 0 },
	{ "version: 1\nsmmu: [{registers: r.csv}]\n", "2:20: dir/r.csv: no such file\n",
	  SMMU3_E_IO },
	{ "version: 1\nsmmu: [{image: {index: i.csv}}]\n", "2:16: an image needs 'data'\n", 0 },
	{ "version: 1\nsmmu: [{image: {index: i.csv, data: d.bin}}]\n",
	  "2:24: dir/i.csv: no such file\n2:37: dir/d.bin: no such file\n", SMMU3_E_IO },
	{ "version: 1\nsmmu: [{caches: 16}]\n",
	  "2:17: caches is a map: 'key: value' lines, or {key: value, ...}\n", 0 },
	{ "version: 1\nsmmu: [{caches: {tlbs: 16}}]\n",
	  "2:18: unknown key 'tlbs' of caches; did you mean 'tlb'?\n", 0 },
	{ "version: 1\nsmmu:\n  - caches: {tlb: 64, stes: 48}\n",
	  "3:29: 48 places are no power of two\n", 0 },
	{ "version: 1\nsmmu: [{caches: {all: 3}}]\n", "2:23: 3 places are no power of two\n", 0 },
	{ "version: 1\nsmmu: [{caches: {tables: 2097152}}]\n",
	  "2:26: '2097152' is out of range: 0x0 to 0x100000\n", 0 },
	{ "version: 1\nsmmu: [{tables_in: nowhere}]\n",
	  "2:20: there is no Non-secure memory 'nowhere'\n", 0 },

	/* Memory */
	{ "version: 1\nmemory:\n  - {name: a, base: 0x1000, size: 8K}\n  - {name: b, base: 0x2000, size: 4K}\n",
	  "4:5: memory 'b' overlaps 'a' of line 3\nnote: 3:5: the other memory\n", 0 },
	{ "version: 1\nmemory: [{name: a, base: 0x800, size: 4K}]\n",
	  "2:26: 0x800 is no multiple of 4K\n", 0 },
	{ "version: 1\nmemory: [{name: a, base: 0, size: 5000}]\n",
	  "2:35: 0x1388 is no multiple of 4K\n", 0 },
	{ "version: 1\nmemory: [{name: a, base: 0, size: 1025G}]\n",
	  "2:35: more than 1T of memory in all, or more than 16384 memories\n", 0 },
	{ "version: 1\nmemory: [{name: a, base: 0xffffffffff000, size: 8K}]\n",
	  "2:49: the memory passes 2^52, the end of physical addresses\n", 0 },
	{ "version: 1\nmemory: [{name: a, base: 0, size: 4K, pas: nonsecure}]\n",
	  "2:44: 'nonsecure' is not one of ns, secure, realm, root; did you mean 'secure'?\n", 0 },

	/* Tables */
	{ T "  t: {}\n", "3:6: a table needs 'stage'\n", 0 },
	{ T "  t: {stage: 3}\n", "3:14: '3' is not one of 1, 2\n", 0 },
	{ T "  t: {stage: 1, granul: 4K}\n",
	  "3:17: unknown key 'granul' of a table; did you mean 'granule'?\n", 0 },
	{ T "  t: {stage: 1, ipa_bits: 40}\n",
	  "3:27: 'ipa_bits' is for stage 2 tables; this is stage 1\n", 0 },
	{ T "  t: {stage: 1, va_bits: 39, t0sz: 25}\n",
	  "3:36: 't0sz' and 'va_bits' say the same: give one\n", 0 },
	{ T "  t: {stage: 1, va_bits: 49}\n",
	  "3:6: tables of these sizes do not exist: granule, input size and start level do not fit\n",
	  0 },
	{ T "  t: {stage: 2, ipa_bits: 40, start_level: 2}\n",
	  "3:6: tables of these sizes do not exist: granule, input size and start level do not fit\n",
	  0 },
	{ T "  t: {stage: 1, output_bits: 52}\n", "3:30: outputs of 52 bits need 'granule: 64K'\n",
	  0 },
	{ T "  t: {stage: 1, in: u}\n", "3:21: there is no stage 2 table 'u'\n", 0 },
	{ T "  t: {stage: 1, at_ipa: 0}\n",
	  "3:25: no master uses this table behind stage 2, and 'in' names no stage 2 table\n", 0 },

	/* Mappings */
	{ MAP "{pa: 0x80000000, size: 4K}\n", "7:9: a mapping of stage 1 needs 'va'\n", 0 },
	{ MAP "{va: 0, size: 4K}\n", "7:9: a mapping needs 'pa' or 'ipa'\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000}\n", "7:9: a mapping needs 'size'\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, ipa: 0, size: 4K}\n",
	  "7:21: 'pa' and 'ipa' are both outputs: give one\n", 0 },
	{ MAP "{va: 0x800, pa: 0x80000800, size: 0x1800}\n",
	  "7:14: 0x800 is no multiple of the granule, 4K\n7:25: 0x80000800 is no multiple of the granule, 4K\n"
	  "7:43: 0x1800 is no multiple of the granule, 4K\n",
	  0 },
	{ MAP "{va: 0x7ffffff000, pa: 0x80000000, size: 8K}\n",
	  "7:14: the mapping leaves the table, whose addresses are 0x0 to 0x7fffffffff\n", 0 },
	{ MAP "{va: 0, pa: 0x70000000, size: 4K}\n",
	  "7:21: 0x70000000 to 0x70000fff is not all in Non-secure memory\n", 0 },
	{ MAP "{va: 0, pa: 0xbffff000, size: 8K}\n",
	  "7:21: 0xbffff000 to 0xc0000fff is not all in Non-secure memory\n", 0 },
	{ MAP "{va: 0, ipa: 0x1000000000000, size: 4K}\n",
	  "7:22: the mapping's output passes 48 bits (output_bits)\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, perm: wo}\n",
	  "7:49: stage 1 has no such permission: ro or rw\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, perm: r}\n",
	  "7:49: 'r' is not one of none, ro, wo, rw; did you mean 'ro'?\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, memattr: 5}\n",
	  "7:52: 'memattr' is for stage 2 tables; this is stage 1\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, attr: WB}\n",
	  "7:49: 'WB' is no memory type: wb, wt, nc, nGnRnE, nGnRE, nGRE, GRE, iwb-onc and the like, or a byte of "
	  "CD.MAIR\n",
	  0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 2M, block: 64K}\n",
	  "7:50: the granule has no blocks of 0x10000 bytes\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, raw: 0x1000}\n",
	  "7:48: bits 49:12 are the address's, bits 1:0 the type's\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, table_bits: 1}\n",
	  "7:55: only bits 63 to 59 of a table descriptor are free\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, fault: translation}\n",
	  "7:21: a hole has no output address\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 8K}\n      - {va: 0x1000, pa: 0x80000000, size: 4K}\n",
	  "8:9: the mapping overlaps that of line 7\nnote: 7:9: the other mapping\n", 0 },
	{ MAP
	  "{va: 0x1000, size: 4K, fault: translation}\n      - {va: 0, pa: 0x80000000, size: 8K}\n",
	  "8:9: the mapping overlaps that of line 7\nnote: 7:9: the other mapping\n", 0 },
	{ MAP2 "{va: 0, pa: 0x80000000, size: 4K}\n",
	  "6:14: 'va' is for stage 1 tables; this is stage 2\n6:9: a mapping of stage 2 needs 'ipa'\n",
	  0 },
	{ MAP2 "{ipa: 0, pa: 0x80000000, size: 4K, attr: 0xf7}\n",
	  "6:50: stage 2 has no encoding for this memory type\n", 0 },
	{ MAP2 "{ipa: 0, pa: 0x80000000, size: 4K, user: true}\n",
	  "6:50: 'user' is for stage 1 tables; this is stage 2\n", 0 },

	/* Masters */
	{ "version: 1\nmasters:\n  - {name: a}\n", "3:5: a master needs 'stream_id'\n", 0 },
	{ "version: 1\nmasters:\n  - {name: a, stream_id: 1}\n",
	  "3:5: master 'a' needs 'map', 'table', 'substreams', 'stage2', 'mode' or 'ste_raw'\n",
	  0 },
	{ M "  - {name: b, stream_id: 1, mode: abort}\n",
	  "4:26: StreamID 0x1 is already that of master 'a' (line 3)\nnote: 3:26: the other master\n",
	  0 },
	{ M "  - {name: b, stream_id: 0, count: 2, mode: abort}\n",
	  "4:26: StreamID 0x1 is already that of master 'a' (line 3)\nnote: 3:26: the other master\n",
	  0 },
	{ M "  - {name: a, stream_id: 2, mode: abort}\n", "4:12: the name is taken (line 3)\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: abort, smmu: smmu1}\n",
	  "4:48: there is no SMMU 'smmu1'; did you mean 'smmu0'?\n", 0 },
	{ M "  - {name: b, stream_id: 0x10000, mode: abort}\n",
	  "4:26: StreamID 0x10000 is beyond the Stream table of 'smmu0', which has 2^16 entries\n",
	  0 },
	{ M "  - {name: b, stream_id: 0xffffffff, count: 2, mode: abort}\n",
	  "4:45: the last StreamID passes 32 bits\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: abort, security: secure}\n",
	  "4:52: streams other than 'ns' are not built in this version\n", SMMU3_E_UNSUPPORTED },
	{ M "  - {name: b, stream_id: 2, table: t}\n", "4:36: there is no table 't'\n", 0 },
	{ M "  - {name: b, stream_id: 2, stage2: t}\ntables: {t: {stage: 1}}\n",
	  "4:37: 'stage2' takes a stage 2 table; table 't' (line 5) is none\n", 0 },
	{ M "  - {name: b, stream_id: 2, table: t}\ntables: {t: {stage: 1, upper: true}}\n",
	  "4:36: 'table' takes a stage 1 table without 'upper'; table 't' (line 5) is none\n", 0 },
	{ M "  - {name: b, stream_id: 2, table: t, mode: abort}\ntables: {t: {stage: 1}}\n",
	  "4:36: 'table' does not go with 'mode'\n", 0 },
	{ M "  - {name: b, stream_id: 2, stage2: t, asid: 1}\ntables: {t: {stage: 2}}\n",
	  "4:46: 'asid' does not go with a master without stage 1\n", 0 },
	{ M "  - {name: b, stream_id: 2, map: [], cd_at_ipa: 0}\n",
	  "4:49: 'cd_at_ipa' does not go with a master that has not both stages\n", 0 },
	{ M "  - {name: b, stream_id: 2, map: [], world: el2}\n",
	  "4:45: an SMMU with EL2 says so: features: {hyp: true}\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: bypass, world: el1}\n",
	  "4:50: 'world' does not go with 'mode'\n"
	  "4:50: 'world' is of masters that have stage 1 alone\n",
	  0 },
	{ M
	  "  - {name: b, stream_id: 2, map: [], stage2: t, world: el1}\ntables: {t: {stage: 2}}\n",
	  "4:56: 'world' is of masters that have stage 1 alone\n", 0 },
	{ M "  - {name: b, stream_id: 2, map: [], world: el3}\n",
	  "4:45: 'el3' is not one of el1, el2; did you mean 'el1'?\n", 0 },
	{ "version: 1\nsmmu: [{e2h: true}]\n",
	  "2:14: an SMMU with EL2 says so: features: {hyp: true}\n", 0 },
	{ M "  - {name: b, stream_id: 2, ste_raw: [1, 2]}\n",
	  "4:38: ste_raw is a list of 8 words; there are 2\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: bypass, atc: {}}\n",
	  "4:48: SMMU 'smmu0' has no ATS (IDR0.ATS = 0): what would an ATC ask?\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: bypass, atc: {entries: 1025}}\n",
	  "4:58: '1025' is out of range: 1 to 1024\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: bypass, atc: {entris: 1}}\n",
	  "4:49: unknown key 'entris' of an ATC; did you mean 'entries'?\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: bypass, ste: {SHCFGG: 1}}\n",
	  "4:49: 'SHCFGG' is no field of STE; did you mean 'SHCFG'?\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: bypass, ste: {SHCFG: 4}}\n",
	  "4:56: 0x4 does not fit STE.SHCFG, bits 109 to 108\n", 0 },
	{ M "  - {name: b, stream_id: 2, substreams: [{ssid: 3, map: []}, {ssid: 3, map: []}]}\n",
	  "4:69: two substreams have the SubstreamID 0x3 (line 4)\n", 0 },
	{ M "  - {name: b, stream_id: 2, map: [], substreams: [{ssid: 0, map: []}]}\n",
	  "4:58: CD 0 is that of the master's own 'table' or 'map'\n", 0 },
	{ M "  - {name: b, stream_id: 2, cdmax: 3, substreams: [{ssid: 8, map: []}]}\n",
	  "4:59: a CD table of 2^3 has no CD 0x8\n", 0 },
	{ M "  - {name: b, stream_id: 2, substreams: [{ssid: 1}]}\n",
	  "4:42: a substream needs 'table', 'table_upper', 'map' or 'cd_raw'\n", 0 },
	{ "version: 1\ntables: {t: {stage: 1}, u: {stage: 2}}\nmasters:\n"
	  "  - {name: a, stream_id: 1, table: t}\n  - {name: b, stream_id: 2, table: t, stage2: u}\n",
	  "5:5: table 't' would live at two places: the master of line 4 has another stage2\n"
	  "note: 4:5: the other master\n",
	  0 },
	{ "version: 1\ntables:\n  u: {stage: 2, map: [{ipa: 0x80000000, pa: 0x90000000, size: 1M}]}\nmasters:\n"
	  "  - {name: b, stream_id: 2, map: [], stage2: u, cd_at_ipa: 0x80000000, cd_s2_perm: ro}\n",
	  "5:5: IPA 0x80000000 of the tables is in the mapping of line 3, whose 'perm' holds\n",
	  0 },
};

START_TEST(each_mistake_is_named_at_its_place)
{
	const struct mistake *const row = &mistakes[_i];
	struct loading loading = load(row->text);

	ck_assert_str_eq(loading.said, row->said);
	ck_assert_int_eq(loading.code, row->code ? -row->code : -SMMU3_E_FORMAT);
	ck_assert_ptr_null(loading.machine);
}
END_TEST

START_TEST(a_complaint_shows_its_file_and_line)
{
	struct loading loading = load("version: 1\nmasters: [] # fine\nmemorry: []\n");

	ck_assert_str_eq(loading.file, "dir/test.yaml");
	ck_assert_str_eq(loading.shown, "memorry: []");
	ck_assert_uint_eq(loading.length, 7);
}
END_TEST

START_TEST(characters_that_disturb_a_terminal_are_tamed)
{
	struct loading loading = load("version: 1\n\"\\e[31m\": 1\n");

	ck_assert_str_eq(loading.said, "2:1: unknown key '?[31m' of a configuration\n");
}
END_TEST

START_TEST(an_inconsistent_smmu_is_refused_at_its_entry)
{
	struct loading loading = load(
		"version: 1\nsmmu:\n  - {features: {s1: false, s2: false}}\n");

	ck_assert_int_eq(loading.code, -SMMU3_E_INCONSISTENT);
	ck_assert_ptr_nonnull(strstr(loading.said, "3:5: "));
}
END_TEST

START_TEST(a_feature_that_is_not_built_is_refused_as_such)
{
	struct loading loading = load("version: 1\nsmmu:\n  - {features: {httu: 2}}\n");

	ck_assert_int_eq(loading.code, -SMMU3_E_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(loading.said, "HTTU"));
}
END_TEST

START_TEST(at_most_20_complaints_are_made)
{
	char text[4096] = "version: 1\nmasters:\n";
	struct loading loading;

	for (unsigned i = 0; i < 30; i++)
		strcat(text, "  - {name: 1}\n");
	loading = load(text);
	ck_assert_uint_eq(loading.complaints, 20);
}
END_TEST

/* ---- Bounds ---- */

static char *repeated(const char *head, const char *part, size_t times, const char *tail)
{
	const size_t head_length = strlen(head), part_length = strlen(part);
	char *const text = malloc(head_length + part_length * times + strlen(tail) + 1);

	memcpy(text, head, head_length);
	for (size_t i = 0; i < times; i++)
		memcpy(text + head_length + i * part_length, part, part_length);
	strcpy(text + head_length + part_length * times, tail);
	return text;
}

static void check_said(char *text, const char *said)
{
	struct loading loading = load(text);

	ck_assert_str_eq(loading.said, said);
	ck_assert_int_eq(loading.code, -SMMU3_E_FORMAT);
	free(text);
}

START_TEST(depth_is_bounded)
{
	check_said(repeated("version: 1\nmasters: ", "[", 40, ""),
		   "2:41: nested too deeply: at most 32 levels\n");
	check_said(repeated("version: 1\nmasters: ", "[", 100000, ""),
		   "2:41: nested too deeply: at most 32 levels\n");
}
END_TEST

START_TEST(the_number_of_values_is_bounded)
{
	check_said(repeated("version: 1\nmasters: [", "1,\n", 1100000, "]"),
		   "1048573:1: too many values: a configuration has at most 1048576\n");
}
END_TEST

START_TEST(the_length_of_a_value_is_bounded)
{
	check_said(repeated("version: 1\nmasters: ", "a", 4097, "\n"),
		   "2:10: a value has at most 4096 bytes, and no NUL\n");
}
END_TEST

/* 2^26 bytes: 11 of the first line, 15 each of 4473923 lines, and 8 more fit. */
START_TEST(the_size_of_a_file_is_bounded)
{
	check_said(repeated("version: 1\n", "# 456789abcdef\n", (64 << 20) / 15 + 1, ""),
		   "4473925:9: a configuration has at most 64 MiB\n");
}
END_TEST

/* The place is that of the first byte which is not there. */
START_TEST(a_stream_that_is_cut_is_named_where_it_ends)
{
	struct loading cut = load_cut("version: 1\nmast", SIZE_MAX);
	struct loading later = load_cut("version: 1\n", 5);
	struct loading at_once = load_cut("", SIZE_MAX);

	ck_assert_str_eq(cut.said, "2:5: the stream is cut\n");
	ck_assert_str_eq(cut.shown, "mast");
	ck_assert_int_eq(cut.code, -SMMU3_E_IO);
	ck_assert_str_eq(later.said, "2:1: the stream is cut\n");
	ck_assert_str_eq(at_once.said, "1:1: the stream is cut\n");
}
END_TEST

START_TEST(a_hundred_thousand_equal_keys_end_quickly)
{
	struct loading loading;
	char *const text = repeated("version: 1\n", "a: 1\n", 100000, "");

	loading = load(text);
	ck_assert_uint_eq(loading.complaints, 20);
	free(text);
}
END_TEST

#define TOGETHER "all tables together would take more than 256M\n"

START_TEST(tables_are_bounded)
{
	struct loading loading = load(MAP "{va: 0, ipa: 0, size: 512G, block: 4K}\n");
	struct loading apart = load(MAP "{va: 0, ipa: 4K, size: 511G}\n");
	struct loading together = load(MAP "{va: 0, ipa: 0, size: 100G, block: 4K}\n"
					   "      - {va: 128G, ipa: 0, size: 100G, block: 4K}\n");

	ck_assert_str_eq(loading.said, "7:9: " TOGETHER);
	ck_assert_str_eq(apart.said, loading.said);
	ck_assert_str_eq(together.said, "8:9: " TOGETHER);
	ck_assert_int_eq(loading.code, -SMMU3_E_LIMIT);
	ck_assert_int_eq(together.code, -SMMU3_E_LIMIT);
}
END_TEST

/* A linear table of 2^23 STEs has 512M. */
START_TEST(a_stream_table_counts_among_all_tables)
{
	struct loading loading = load("version: 1\nsmmu:\n  - features: {sid_bits: 23}\n"
				      "    stream_table: {format: linear, log2size: 23}\n");

	ck_assert_str_eq(loading.said, "4:19: " TOGETHER);
	ck_assert_int_eq(loading.code, -SMMU3_E_LIMIT);
}
END_TEST

/* 64G in 4K pages: 128M of level 3 tables, each. */
START_TEST(tables_count_wherever_stage_2_has_them)
{
	static const char shape[] = "stage: 1, va_bits: 39, in: u";
	char text[600];
	struct loading loading;

	(void)snprintf(text, sizeof(text),
		       "version: 1\ntables:\n"
		       "  u: {stage: 2, map: [{ipa: 0, pa: 0x80000000, size: 512M}]}\n"
		       "  s: {%s, at_ipa: 0, map: [{va: 0, ipa: 0, size: 64G, block: 4K}]}\n"
		       "  t: {%s, at_ipa: 256M, map: [{va: 0, ipa: 0, size: 64G, block: 4K}]}\n",
		       shape, shape);
	loading = load(text);
	ck_assert_str_eq(loading.said, "5:57: " TOGETHER);
	ck_assert_int_eq(loading.code, -SMMU3_E_LIMIT);
}
END_TEST

static long pages_touched(void)
{
	struct rusage usage;

	ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt;
}

/* 128G in 4K pages takes 256M of level 3 tables, 65536 pages of a host's, and more above them;
 * 30000 mappings a level 1, 2 and 3 table each. */
START_TEST(a_hopeless_table_is_refused_before_it_is_built)
{
	const long before = pages_touched();
	struct loading loading = load(MAP "{va: 0, ipa: 0, size: 128G, block: 4K}\n");
	struct loading second = load(MAP "{va: 0, ipa: 0, size: 64G}\n"
					 "      - {va: 64G, ipa: 0, size: 127G, block: 4K}\n"
					 "      - {va: 192G, ipa: 0, size: 2G, block: 4K}\n");

	ck_assert_int_lt(pages_touched() - before, 20000);
	ck_assert_str_eq(loading.said, "7:9: " TOGETHER);
	ck_assert_str_eq(second.said, "9:9: " TOGETHER);
}
END_TEST

/* A level 3 table maps 2M in 4K pages: 127G take 254M of them, a level 2 table maps 1G: 127 more
 * pages. */
START_TEST(a_table_just_within_the_bound_is_built)
{
	struct loading loading = load_good(
		MAP "{va: 0, ipa: 0, size: 64G, block: 4K}\n"
		    "      - {va: 64G, ipa: 64G, size: 63G, block: 4K}\n"
		    "      - {va: 0x1fc0001000, ipa: 0, size: 4K}\n"
		    "      - {va: 0x1fc0003000, ipa: 0x1fc0003000, size: 1G}\n");

	unload(&loading);
}
END_TEST

struct small {
	const char *text, *said;
};

#define TINY "version: 1\nmemory: [{name: tiny, base: 0, size: 16K}]\n"
#define NESTED                                                                             \
	"tables:\n  t:\n    stage: 2\n    ipa_bits: 39\n    map: []\n  s:\n    stage: 1\n" \
	"    in: t\n    va_bits: 39\n    map:\n      - {va: 0, ipa: 0, size: 4K}\n"
#define FULL "no room for tables in memory 'tiny'\n"

/* A 4K page each: of 39 bits the level 1 table, then levels 2 and 3; a level 2 stream table of 256
 * STEs has 16K; of 2^16 StreamIDs level 1 is 2K. */
static const struct small smalls[] = {
	{ TINY "smmu: [{stream_table: {format: linear, log2size: 9}}]\n", "3:23: " FULL },
	{ TINY "smmu: [{name: a}]\nmasters:\n - {name: a, stream_id: 1, mode: abort}\n",
	  "5:4: " FULL },
	{ TINY "tables:\n  t: {stage: 1, granule: 64K, va_bits: 42}\n", "4:6: " FULL },
	{ TINY "tables:\n  t:\n    stage: 1\n    map:\n"
	       "      - {va: 0, ipa: 0, size: 4K}\n      - {va: 4M, ipa: 0, size: 4K}\n",
	  "8:9: " FULL },
	{ TINY NESTED, "13:9: " FULL },
	{ "version: 1\nmemory: [{name: tiny, base: 0, size: 12K}]\n" NESTED, "9:5: " FULL },
};

START_TEST(a_memory_too_small_for_its_tables_is_a_wrong_configuration)
{
	struct loading loading = load(smalls[_i].text);

	ck_assert_str_eq(loading.said, smalls[_i].said);
	ck_assert_int_eq(loading.code, -SMMU3_E_FORMAT);
}
END_TEST

/* ---- What the machine that loads it lacks ---- */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { CAN_LIMIT = 0 }; /* a sanitizer's own memory would run out */
#else
enum { CAN_LIMIT = 1 };
#endif

/* Leaves this process so many bytes of address space beyond what it has. */
static void leave_bytes(rlim_t bytes)
{
	FILE *const statm = fopen("/proc/self/statm", "r");
	struct rlimit limit;
	unsigned long pages = 0;

	if (!statm || fscanf(statm, "%lu", &pages) != 1)
		_exit(77);
	(void)fclose(statm);
	limit.rlim_cur = limit.rlim_max = pages * (rlim_t)sysconf(_SC_PAGESIZE) + bytes;
	if (setrlimit(RLIMIT_AS, &limit))
		_exit(77);
}

/* Loads in a process of its own; what it says of the code. */
static int code_within(const char *text, rlim_t bytes)
{
	const pid_t child = fork();
	int status = 0;

	if (!child) {
		struct loading loading;

		leave_bytes(bytes);
		loading = load(text);
		_exit(loading.complaints && strstr(loading.said, "out of memory") ? -loading.code :
										    78);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status), "a signal ended it: 0x%x", (unsigned)status);
	return WEXITSTATUS(status);
}

/* The nodes of this text take some 4 MB, the machine's memory 1 GB of address space: wherever it
 * runs out, in the text, the tree, what is made of it or the machine, that is the reason given. */
START_TEST(memory_that_runs_out_anywhere_is_the_reason_given)
{
	char *const text = repeated("version: 1\nmasters:\n",
				    "- {name: a, stream_id: 0, mode: bypass, ste: {S2VMID: 0}}\n",
				    3000, "");

	for (rlim_t bytes = 256 << 10; CAN_LIMIT && bytes < 8 << 20; bytes += 100 << 10)
		ck_assert_msg(code_within(text, bytes) == SMMU3_E_MEMORY, "code %d with %lu KB",
			      code_within(text, bytes), (unsigned long)bytes >> 10);
	free(text);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: config errors");
	TCase *const tests = tcase_create("errors");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, each_mistake_is_named_at_its_place, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	tcase_add_test(tests, a_complaint_shows_its_file_and_line);
	tcase_add_test(tests, characters_that_disturb_a_terminal_are_tamed);
	tcase_add_test(tests, an_inconsistent_smmu_is_refused_at_its_entry);
	tcase_add_test(tests, a_feature_that_is_not_built_is_refused_as_such);
	tcase_add_test(tests, at_most_20_complaints_are_made);
	tcase_add_test(tests, depth_is_bounded);
	tcase_add_test(tests, the_number_of_values_is_bounded);
	tcase_add_test(tests, the_length_of_a_value_is_bounded);
	tcase_add_test(tests, the_size_of_a_file_is_bounded);
	tcase_add_test(tests, a_stream_that_is_cut_is_named_where_it_ends);
	tcase_add_test(tests, a_hundred_thousand_equal_keys_end_quickly);
	tcase_add_test(tests, tables_are_bounded);
	tcase_add_test(tests, a_stream_table_counts_among_all_tables);
	tcase_add_test(tests, tables_count_wherever_stage_2_has_them);
	tcase_add_test(tests, a_hopeless_table_is_refused_before_it_is_built);
	tcase_add_test(tests, a_table_just_within_the_bound_is_built);
	tcase_add_loop_test(tests, a_memory_too_small_for_its_tables_is_a_wrong_configuration, 0,
			    (int)(sizeof(smalls) / sizeof(smalls[0])));
	tcase_add_test(tests, memory_that_runs_out_anywhere_is_the_reason_given);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
