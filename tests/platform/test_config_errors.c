/* SPDX-License-Identifier: MIT */
/* What is wrong with a configuration is said with its place and in a sentence: one row for each
 * mistake. */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A master that is complete but for what a row adds. */
#define M "version: 1\nmasters:\n  - {name: a, stream_id: 1, mode: bypass}\n"
#define T "version: 1\ntables:\n"
#define MAP T "  t:\n    stage: 1\n    va_bits: 39\n    map:\n      - "
#define MAP2 T "  t:\n    stage: 2\n    map:\n      - "

/* An SMMU with a Secure state, and memory of three spaces. */
#define S(more)                                                                          \
	"version: 1\nsmmu: [{features: {secure: true}" more "}]\nmemory: "               \
	"[{name: n, base: 0x80000000, size: 1M}, {name: s, base: 0x70000000, size: 1M, " \
	"pas: secure}, {name: r, base: 0, size: 1M, pas: realm}]\n"

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
	/* Micro-TLBs.  3.21 */
	{ "version: 1\nsmmu:\n  - caches: {micro: 24, micro_streams: 4}\n",
	  "3:21: 24 places are no power of two\n", 0 },
	{ "version: 1\nsmmu:\n  - caches: {micro: 16, micro_streams: 3}\n",
	  "3:40: 3 places are no power of two\n", 0 },
	{ "version: 1\nsmmu: [{caches: {micro: 2048, micro_streams: 4}}]\n",
	  "2:25: '2048' is out of range: 0 to 1024\n", 0 },
	{ "version: 1\nsmmu: [{caches: {micro: 4, micro_streams: 2048}}]\n",
	  "2:43: '2048' is out of range: 0 to 1024\n", 0 },
	{ "version: 1\nsmmu: [{caches: {all: 16, micro: 4}}]\n",
	  "2:34: 'micro' is of each of so many streams: 'micro_streams' is wanted, too\n", 0 },
	{ "version: 1\nsmmu: [{caches: {micro_streams: 4}}]\n",
	  "2:33: 'micro_streams' have so many entries each: 'micro' is wanted, too\n", 0 },
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
	{ "version: 1\nmemory: [{name: a, base: 0xfffffffffff000, size: 8K}]\n",
	  "2:50: the memory passes 2^56, the end of physical addresses\n", 0 },
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
	{ "version: 1\nsmmu: [{name: s, profile: generic-3.3, features: {ds: true}}]\n"
	  "memory: [{name: m, base: 0x80000000, size: 16M}]\ntables:\n"
	  "  a: {stage: 1, ds: true, map: [{va: 0, pa: 0x80000000, size: 4K}]}\n"
	  "  b: {stage: 1, upper: true, map: [{va: 0xffff000000000000, pa: 0x80000000, size: 4K}]}\n"
	  "masters:\n  - {name: x, stream_id: 1, table: a, table_upper: b}\n",
	  "8:52: the two tables must both have 'ds', or neither\n", 0 },
	/* VMSAv9-128.  D8.3.2 */
	{ T "  t: {stage: 1, skip: 1}\n", "3:23: 'skip' is of 'format: d128'\n", 0 },
	{ T "  t: {stage: 1, format: d128, ds: true}\n",
	  "3:35: 'ds' is not of 'format: d128'\n", 0 },
	{ T "  t: {stage: 2, format: d128, start_level: 1}\n",
	  "3:44: 'start_level' is not of 'format: d128': 'skip' says it\n", 0 },
	{ T "  t: {stage: 1, output_bits: 56, granule: 64K}\n",
	  "3:30: outputs of 56 bits need 'format: d128'\n", 0 },
	{ T "  t: {stage: 1, format: d128, map: [{va: 0, pa: 0x80000000, size: 4K}]}\n",
	  "3:37: a mapping of 'format: d128' needs 'pi'\n", 0 },
	{ T "  t: {stage: 1, format: d128, map: [{va: 0, pa: 0x80000000, size: 4K, pi: 1, raw: 4}]}\n",
	  "3:83: 'raw' is not of 'format: d128'\n", 0 },
	{ T "  t: {stage: 1, format: d128, map: [{va: 0, pa: 0x80000000, size: 2M, pi: 1, block: 2M}]}\n",
	  "3:85: the granule has no blocks of 0x200000 bytes\n", 0 },

	{ T "  t: {stage: 1, granule: 64K, ds: true}\n",
	  "3:35: 'ds' is for 'granule: 4K' and 'granule: 16K'\n", 0 },
	{ T "  t: {stage: 1, ds: true, map: [{va: 0, pa: 0x80000000, size: 4K, sh: nsh}]}\n",
	  "3:71: with 'ds' no mapping has a shareability: that of the CD or STE is all tables'\n",
	  0 },
	{ T "  t: {stage: 1, output_bits: 52}\n",
	  "3:30: outputs of 52 bits need 'granule: 64K' or 'ds: true'\n", 0 },
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
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, pi: 0, po: 1}\n",
	  "7:54: 'po' is for stage 2 tables; this is stage 1\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, assured_only: true}\n",
	  "7:57: 'assured_only' is for stage 2 tables; this is stage 1\n", 0 },
	{ MAP "{va: 0, pa: 0x80000000, size: 4K, protected: true, contiguous: true}\n",
	  "7:72: with CD.PnCH a descriptor is Protected in place of Contiguous\n", 0 },
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
	  "4:52: SMMU 'smmu0' has no Secure state; one that has says so: features: {secure: true}\n",
	  0 },
	{ M "  - {name: b, stream_id: 2, mode: abort, security: realm}\n",
	  "4:52: SMMU 'smmu0' has no Realm state; that of 'profile: realm-3.3' has one\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: abort, security: root}\n",
	  "4:52: no stream is of the Root state: 'ns', 'secure' or 'realm'\n", 0 },
	{ M "  - {name: b, stream_id: 2, mode: abort, ns: true}\n",
	  "4:46: 'ns' is what a master with 'security: secure' or 'realm' drives\n", 0 },
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
	{ M "  - {name: b, stream_id: 2, map: [], world: el4}\n",
	  "4:45: 'el4' is not one of el1, el2, el3; did you mean 'el1'?\n", 0 },
	{ "version: 1\nsmmu: [{e2h: true}]\n",
	  "2:14: an SMMU with EL2 says so: features: {hyp: true}\n", 0 },
	{ M "smmu: [{s2pii: 1}]\n",
	  "4:16: an SMMU with SMMU_S2PII says so: features: {s2pi: true}\n", 0 },
	{ S(", secure: {s2pii: 1}"),
	  "2:51: an SMMU with SMMU_S2PII says so: features: {s2pi: true}\n", 0 },
	{ MAP2 "{ipa: 0, pa: 0x80000000, size: 4K, dirty: false}\n",
	  "6:51: 'dirty' needs 'pi'\n", 0 },
	{ MAP2 "{ipa: 0, pa: 0x80000000, size: 4K, pi: 16}\n",
	  "6:48: '16' is out of range: 0 to 15\n", 0 },
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
	{ "version: 1\ntables: {t: {stage: 1, format: lpae, granule: 16K, va_bits: 33}, u: {stage: 2, format: lpae, ipa_bits: 24}}\n"
	  "masters: []\n",
	  "2:47: 'granule' is not of 'format: lpae'\n2:61: 'format: lpae' has 25 to 32 bits here\n"
	  "2:104: 'format: lpae' has 25 to 40 bits here\n",
	  0 },
	{ "version: 1\ntables: {t: {stage: 1, format: lpae, va_bits: 31}, u: {stage: 1, upper: true}}\nmasters:\n"
	  "  - {name: a, stream_id: 1, table: t, table_upper: u}\n",
	  "4:52: the two tables have not the same 'format' and 'endian'\n", 0 },
	{ "version: 1\ntables: {t: {stage: 1, format: lpae, upper: true, va_bits: 31, map: [{va: 0xffffffff80000000, pa: 0, size: 4K}]}}\n"
	  "masters: []\n",
	  "2:75: the mapping leaves the table, whose addresses are 0x80000000 to 0xffffffff\n", 0 },
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
	/* The Secure state */
	{ "version: 1\nsmmu: [{secure: {sif: true}}]\n",
	  "2:17: SMMU 'smmu0' has no Secure state; one that has says so: features: {secure: true}\n",
	  0 },
	{ "version: 1\nsmmu: [{features: {s_sid_bits: 33}}]\n",
	  "2:32: '33' is out of range: 0 to 32\n", 0 },
	{ S(", secure: {nsstalld: true}"),
	  "2:54: Non-secure stalls can be forbidden where stalling is a choice: features: {stall_model: 0}\n",
	  0 },
	{ S(", secure: {tables_in: n}"), "2:55: there is no Secure memory 'n'\n", 0 },
	{ "version: 1\nsmmu: [{features: {secure: true}, secure: {}}]\n",
	  "2:43: there is no Secure memory for the tables\n", 0 },
	{ S(", secure: {gbpa: 1}"), "2:44: unknown key 'gbpa' of secure\n", 0 },
	{ S(", secure: {pri_queue: {}}"), "2:44: unknown key 'pri_queue' of secure\n", 0 },
	{ S(", bypass: {nscfg: 1}"), "2:44: unknown key 'nscfg' of bypass; did you mean 'mtcfg'?\n",
	  0 },
	{ S(", secure: {bypass: {nscfg: 4}}"), "2:60: '4' is out of range: 0 to 3\n", 0 },
	{ S(", secure: {command_queue: {log2size: 19}}"),
	  "2:59: no room for tables in memory 's'\n", 0 },
	{ S("") "masters:\n  - {name: a, security: secure, stream_id: 1, stage2: t}\ntables: {t: {stage: 2}}\n",
	  "5:55: Secure streams have no stage 2: there is no Secure EL2 (S_IDR1.SEL2 = 0)\n", 0 },
	{ S("") "masters:\n  - {name: a, security: secure, stream_id: 1, world: el2, map: []}\n",
	  "5:54: Secure streams have no world of EL2: there is no Secure EL2 (S_IDR1.SEL2 = 0)\n",
	  0 },
	{ S("") "masters:\n  - {name: a, security: secure, stream_id: 1, atc: {}, map: []}\n",
	  "5:52: Secure streams have no ATS (3.9.1.3): what would an ATC ask?\n", 0 },
	{ S("") "masters:\n  - {name: a, security: secure, stream_id: 0x10000, mode: abort}\n",
	  "5:44: StreamID 0x10000 is beyond the Secure Stream table of 'smmu0', which has 2^16 entries\n",
	  0 },
	{ S("") "masters:\n  - {name: a, security: secure, stream_id: 4, count: 2, mode: abort}\n"
		"  - {name: b, security: secure, stream_id: 5, mode: abort}\n",
	  "6:44: StreamID 0x5 is already that of master 'a' (line 5)\nnote: 5:44: the other master\n",
	  0 },
	{ S("") "tables: {t: {stage: 1, tables_in: s}}\n",
	  "4:35: 's' is Secure memory: only tables that Secure masters alone use may be there\n",
	  0 },
	{ S("") "tables: {t: {stage: 1, tables_in: s}}\nmasters:\n"
		"  - {name: a, security: secure, stream_id: 1, table: t}\n  - {name: b, stream_id: 1, table: t}\n",
	  "4:35: 's' is Secure memory: only tables that Secure masters alone use may be there\n"
	  "note: 7:5: a Non-secure master that uses it\n",
	  0 },
	{ S("") "tables: {t: {stage: 1, tables_in: r}}\n",
	  "4:35: there is no Non-secure or Secure memory 'r'\n", 0 },
	{ S("") "masters:\n  - {name: a, security: secure, stream_id: 1, map: [{va: 0, pa: 0x90000000, size: 4K}]}\n",
	  "5:65: 0x90000000 to 0x90000fff is not all in Non-secure memory, nor all in Secure memory\n",
	  0 },
	{ S("") "masters:\n  - {name: a, security: secure, stream_id: 1, map: [{va: 0, pa: 0x700ff000, size: 8K}]}\n",
	  "5:65: 0x700ff000 to 0x70100fff is not all in Non-secure memory, nor all in Secure memory\n",
	  0 },
	{ S("") "masters:\n  - {name: a, stream_id: 1, map: [{va: 0, pa: 0x70000000, size: 4K}]}\n",
	  "5:47: 0x70000000 to 0x70000fff is not all in Non-secure memory\n", 0 },
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
	struct loading loading = load("version: 1\nsmmu:\n  - {profile: max}\n");

	ck_assert_int_eq(loading.code, -SMMU3_E_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(loading.said, "ECMDQ"));
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
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
