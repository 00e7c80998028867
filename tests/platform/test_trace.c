/* SPDX-License-Identifier: MIT */
/* Traces: what a line means, what is wrong with one, and that every input ends, soon, with one
 * answer. */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct smmu3_trace_op parsed(const char *line)
{
	struct loading said = { 0 };
	struct smmu3_trace_op op;

	ck_assert_msg(smmu3_trace_parse(line, "t", 7, &op, collect, &said) == 1, "%s: %s", line,
		      said.said);
	ck_assert_uint_eq(op.line, 7);
	return op;
}

/* ---- Accesses ---- */

struct access {
	const char *line;
	char op;
	const char *master;
	uint32_t sid, ssid;
	uint64_t addr, bytes;
	unsigned flags, txn_class, sec_sid;
	unsigned given; /* 1 priv, 2 attr, 4 sh, 8 sec */
	uint8_t mair, sh;
};

static const struct access accesses[] = {
	{ "R 0x200.5 0x10001000 64", 'R', "", 0x200, 5, 0x10001000, 64, SMMU3_TXN_SSV, 0, 0, 0,
	  0xff, 0 },
	{ "W nic 16K 1", 'W', "nic", 0, 0, 0x4000, 1, SMMU3_TXN_WRITE, 0, 0, 0, 0xff, 0 },
	{ "X gpu+3.0xfffff 0 4", 'X', "gpu", 3, 0xfffff, 0, 4,
	  SMMU3_TXN_SSV | SMMU3_TXN_INSTRUCTION, 0, 0, 0, 0xff, 0 },
	{ "AO 7 8 8 # swap", 'A', "", 7, 0, 8, 8, 0, SMMU3_CLASS_ATOMIC, 0, 0, 0xff, 0 },
	{ "AT 7 8 8 write inst cxl", 'Q', "", 7, 0, 8, 8,
	  SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION | SMMU3_TXN_SOURCE_CXL, SMMU3_CLASS_ORDINARY, 0,
	  0, 0xff, 0 },
	{ "TT 7 8 8 write", 'T', "", 7, 0, 8, 8, SMMU3_TXN_WRITE, SMMU3_CLASS_ORDINARY, 0, 0, 0xff,
	  0 },
	{ "RCI 7 8 8", 'C', "", 7, 0, 8, 8, 0, SMMU3_CLASS_READ_CLEAN_INVALIDATE, 0, 0, 0xff, 0 },
	{ "DR 7 8 8 inst", 'D', "", 7, 0, 8, 8, SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_DESTRUCTIVE_READ,
	  0, 0, 0xff, 0 },
	{ "W-DCP nic 8 8", 'S', "nic", 0, 0, 8, 8, SMMU3_TXN_WRITE, SMMU3_CLASS_WRITE_PREFETCH, 0,
	  0, 0xff, 0 },
	{ "NW-DCP 7 8 8", 'N', "", 7, 0, 8, 8, 0, SMMU3_CLASS_PREFETCH, 0, 0, 0xff, 0 },
	{ "CLEAN 7 8 8", 'c', "", 7, 0, 8, 8, 0, SMMU3_CLASS_CLEAN, 0, 0, 0xff, 0 },
	{ "CLEANINV 7 8 8", 'i', "", 7, 0, 8, 8, 0, SMMU3_CLASS_CLEAN_INVALIDATE, 0, 0, 0xff, 0 },
	{ "CLEANPERSIST 7 8 8", 'p', "", 7, 0, 8, 8, 0, SMMU3_CLASS_CLEAN_TO_PERSISTENCE, 0, 0,
	  0xff, 0 },
	{ "INV 7 8 8", 'I', "", 7, 0, 8, 8, 0, SMMU3_CLASS_INVALIDATE, 0, 0, 0xff, 0 },
	{ "DH 7 8 8 priv", 'H', "", 7, 0, 8, 8, SMMU3_TXN_PRIVILEGED, SMMU3_CLASS_DESTRUCTIVE_HINT,
	  0, 1, 0xff, 0 },
	{ "BARRIER 7 0 1", 'B', "", 7, 0, 0, 1, 0, SMMU3_CLASS_BARRIER, 0, 0, 0xff, 0 },
	{ "DVM 7 0 1", 'V', "", 7, 0, 0, 1, 0, SMMU3_CLASS_DVM, 0, 0, 0xff, 0 },
	{ "CMO 7 0 1", 'M', "", 7, 0, 0, 1, 0, SMMU3_CLASS_MAINTENANCE, 0, 0, 0xff, 0 },
	{ "  R\t1  0xffffffffffffffff\t1  ", 'R', "", 1, 0, UINT64_MAX, 1, 0, 0, 0, 0, 0xff, 0 },
	{ "R 1 0 1 priv", 'R', "", 1, 0, 0, 1, SMMU3_TXN_PRIVILEGED, 0, 0, 1, 0xff, 0 },
	{ "R 1 0 1 user", 'R', "", 1, 0, 0, 1, 0, 0, 0, 1, 0xff, 0 },
	{ "R 1 0 1 inst", 'R', "", 1, 0, 0, 1, SMMU3_TXN_INSTRUCTION, 0, 0, 0, 0xff, 0 },
	{ "X 1 0 1 data", 'X', "", 1, 0, 0, 1, 0, 0, 0, 0, 0xff, 0 },
	{ "R 1 0 1 secure nsin=1", 'R', "", 1, 0, 0, 1, SMMU3_TXN_NS, 0, 1, 24, 0xff, 0 },
	{ "R 1 0 1 secure ns=1", 'R', "", 1, 0, 0, 1, SMMU3_TXN_NS, 0, 1, 24, 0xff, 0 },
	{ "R 1 0 1 ns=0 secure", 'R', "", 1, 0, 0, 1, 0, 0, 1, 24, 0xff, 0 },
	{ "R 1 0 1 ns ns=1", 'R', "", 1, 0, 0, 1, SMMU3_TXN_NS, 0, 0, 24, 0xff, 0 },
	{ "R 1 0 1 realm nsin=0", 'R', "", 1, 0, 0, 1, 0, 0, 2, 24, 0xff, 0 },
	{ "R 1 0 1 ns", 'R', "", 1, 0, 0, 1, 0, 0, 0, 8, 0xff, 0 },
	{ "R 1 0 1 nosnoop probe", 'R', "", 1, 0, 0, 1, SMMU3_TXN_NO_SNOOP | SMMU3_TXN_PROBE, 0, 0,
	  0, 0xff, 0 },
	{ "R 1 0 1 attr=wt", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 2, 0xbb, 0 },
	{ "R 1 0 1 attr=nc sh=osh", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 6, 0x44, 2 },
	{ "R 1 0 1 sh=ish", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 4, 0xff, 3 },
	{ "R 1 0 1 attr=nGnRnE", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 2, 0x00, 0 },
	{ "R 1 0 1 attr=device-nGnRE", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 2, 0x04, 0 },
	{ "R 1 0 1 attr=nGRE", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 2, 0x08, 0 },
	{ "R 1 0 1 attr=GRE", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 2, 0x0c, 0 },
	{ "R 1 0 1 attr=iwb-onc", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 2, 0x4f, 0 },
	{ "R 1 0 1 attr=iwt-owb", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 2, 0xfb, 0 },
	{ "R 1 0 1 attr=0xe7", 'R', "", 1, 0, 0, 1, SMMU3_TXN_ATTR, 0, 0, 2, 0xe7, 0 },
};

START_TEST(an_access_means_what_it_says)
{
	const struct access *const want = &accesses[_i];
	const struct smmu3_trace_op op = parsed(want->line);

	ck_assert_int_eq(op.kind, SMMU3_TRACE_ACCESS);
	ck_assert_int_eq(op.op, want->op);
	ck_assert_str_eq(op.master, want->master);
	ck_assert_uint_eq(op.txn.sid, want->sid);
	ck_assert_uint_eq(op.txn.ssid, want->ssid);
	ck_assert_uint_eq(op.txn.addr, want->addr);
	ck_assert_uint_eq(op.txn.bytes, want->bytes);
	ck_assert_uint_eq(op.txn.flags, want->flags);
	ck_assert_uint_eq(op.txn.txn_class, want->txn_class);
	ck_assert_uint_eq(op.txn.sec_sid, want->sec_sid);
	ck_assert_uint_eq(op.txn.attr.mair, want->mair);
	ck_assert_uint_eq(op.txn.attr.sh, want->sh);
	ck_assert_uint_eq((unsigned)(op.priv_given | op.attr_given << 1 | op.sh_given << 2 |
				     op.sec_given << 3 | op.ns_given << 4),
			  want->given);
	ck_assert_uint_eq(op.expect.present, 0);
}
END_TEST

/* ---- Acts ---- */

struct act {
	const char *line;
	enum smmu3_trace_kind kind;
	unsigned pas, size;
	uint64_t offset, value;
	unsigned column; /* of the address or register */
};

/* CR0 is at 0x20, STRTAB_BASE at 0x80.  6.2 */
static const struct act acts[] = {
	{ "! w64 0x41132008 0x0", SMMU3_TRACE_MEM_WRITE, SMMU3_PAS_NS, 8, 0x41132008, 0, 7 },
	{ "!w32 4 0xffffffff", SMMU3_TRACE_MEM_WRITE, SMMU3_PAS_NS, 4, 4, 0xffffffff, 6 },
	{ "! secure: w64 0 1", SMMU3_TRACE_MEM_WRITE, SMMU3_PAS_SECURE, 8, 0, 1, 15 },
	{ "! root: w64 0 1", SMMU3_TRACE_MEM_WRITE, SMMU3_PAS_ROOT, 8, 0, 1, 13 },
	{ "! mmio w32 CR0 0xd", SMMU3_TRACE_MMIO_WRITE, SMMU3_PAS_NS, 4, 0x20, 0xd, 12 },
	{ "! mmio w32 SMMU_CR0 0xd", SMMU3_TRACE_MMIO_WRITE, SMMU3_PAS_NS, 4, 0x20, 0xd, 12 },
	{ "! mmio w64 0x80 0x123456789abcdef0", SMMU3_TRACE_MMIO_WRITE, SMMU3_PAS_NS, 8, 0x80,
	  0x123456789abcdef0, 12 },
	{ "! realm: mmio w64 STRTAB_BASE 0", SMMU3_TRACE_MMIO_WRITE, SMMU3_PAS_REALM, 8, 0x80, 0,
	  19 },
};

START_TEST(an_act_means_what_it_says)
{
	const struct act *const want = &acts[_i];
	const struct smmu3_trace_op op = parsed(want->line);

	ck_assert_int_eq(op.kind, want->kind);
	ck_assert_uint_eq(op.pas, want->pas);
	ck_assert_uint_eq(op.size, want->size);
	ck_assert_uint_eq(op.offset, want->offset);
	ck_assert_uint_eq(op.value, want->value);
	ck_assert_uint_eq(op.address_column, want->column);
}
END_TEST

/* ---- Mistakes ---- */

struct mistake {
	const char *line, *said;
	int code; /* 0: SMMU3_E_FORMAT */
};

static const struct mistake mistakes[] = {
	{ "Q 1 0 1", "7:1: unknown operation 'Q': R, W, X, AO, AT, TT, PR or !\n", 0 },
	{ "r 1 0 1",
	  "7:1: unknown operation 'r': R, W, X, AO, AT, TT, PR or !; did you mean 'R'?\n", 0 },
	{ "OA 1 0 1", "7:1: unknown operation 'OA': R, W, X, AO, AT, TT, PR or !\n", 0 },
	{ "AT 1 0 1 rw", "7:10: unknown attribute 'rw'\n", 0 },
	{ "R 1 0 1 write", "7:9: 'write' is for AT and TT alone\n", 0 },
	{ "AT 1 0 1 expect=grant:xr", "7:23: 'xr' is not some of rwx\n", 0 },
	{ "AT 1 0 1 expect=grant:r,ur",
	  "7:17: pa, pas, attr, sh, grant, mecid, fw, as, partid, pmg and mpam describe an access that goes on\n", 0 },
	{ "R", "7:2: a master or StreamID is missing\n", 0 },
	{ "R # 1", "7:6: a master or StreamID is missing\n", 0 },
	{ "R 1", "7:4: a number is missing\n", 0 },
	{ "R 1 0", "7:6: a number is missing\n", 0 },
	{ "R 0x100000000 0 1", "7:3: '0x100000000' is out of range: at most 0xffffffff\n", 0 },
	{ "R 1.0x100000 0 1", "7:5: '0x100000' is out of range: at most 0xfffff\n", 0 },
	{ "R 1. 0 1", "7:5: a number is missing\n", 0 },
	{ "R 1+2 0 1", "7:3: '1+2' is no number: decimal or 0x, then perhaps K, M, G or T\n", 0 },
	{ "R a+x 0 1", "7:5: 'x' is no number: decimal or 0x, then perhaps K, M, G or T\n", 0 },
	{ "R a+ 0 1", "7:5: a number is missing\n", 0 },
	{ "R a/b 0 1", "7:3: 'a/b' is no master's name\n", 0 },
	{ "R .5 0 1", "7:3: '' is no master's name and no StreamID\n", 0 },
	{ "R 1 010 1", "7:5: '010' is no number here: no leading zeros (hexadecimal is 0x)\n", 0 },
	{ "R 1 0x1_0 1", "7:5: '0x1_0' is no number: digits stand without '_'\n", 0 },
	{ "R 1 0 0", "7:7: an access has 1 byte or more\n", 0 },
	{ "R 1 0xffffffffffffffff 2", "7:24: the access passes the end of the address space\n", 0 },
	{ "R 1 0 1 prviv", "7:9: unknown attribute 'prviv'; did you mean 'priv'?\n", 0 },
	{ "R 1 0 1 priv user", "7:14: 'user' is said already, or its opposite\n", 0 },
	{ "R 1 0 1 priv=1", "7:9: 'priv' takes no value\n", 0 },
	{ "R 1 0 1 nsin", "7:9: 'nsin' takes a value: nsin=...\n", 0 },
	{ "R 1 0 1 nsin=2", "7:14: '2' is out of range: at most 0x1\n", 0 },
	{ "R 1 0 1 attr=WB", "7:14: 'WB' is no memory type\n", 0 },
	{ "R 1 0 1 attr=0x100", "7:14: '0x100' is no memory type\n", 0 },
	{ "R 1 0 1 sh=ich", "7:12: 'ich' is no shareability; did you mean 'ish'?\n", 0 },
	{ "R 1 0 1 expect=", "7:16: an expectation is missing\n", 0 },
	{ "R 1 0 1 expect=pa:1,", "7:21: an expectation is missing\n", 0 },
	{ "R 1 0 1 expect=F_TRANSLATE",
	  "7:16: 'F_TRANSLATE' is no expectation and no event; did you mean 'F_TRANSLATION'?\n",
	  0 },
	{ "R 1 0 1 expect=f_permission",
	  "7:16: 'f_permission' is no expectation and no event; did you mean 'F_PERMISSION'?\n",
	  0 },
	{ "R 1 0 1 expect=reserved", "7:16: 'reserved' is no expectation and no event\n", 0 },
	{ "R 1 0 1 expect=F_ACCESS,klass:IN",
	  "7:25: 'klass' is no expectation and no event; did you mean 'class'?\n", 0 },
	{ "R 1 0 1 expect=F_ACCESS,class:in",
	  "7:31: 'in' is no class: CD, TT or IN; did you mean 'IN'?\n", 0 },
	{ "R 1 0 1 expect=F_ACCESS,s2:2", "7:28: '2' is out of range: at most 0x1\n", 0 },
	{ "R 1 0 1 expect=pa:1,pa:2", "7:21: 'pa:2' is said already, or another in its place\n",
	  0 },
	{ "R 1 0 1 expect=class:IN", "7:16: s2, class and ipa describe an event: which?\n", 0 },
	{ "R 1 0 1 expect=pa:1,F_ACCESS", "7:16: an access that goes on records no event\n", 0 },
	{ "R 1 0 1 expect=abort,pa:1",
	  "7:16: pa, pas, attr, sh, grant, mecid, fw, as, partid, pmg and mpam describe an access that goes on\n", 0 },
	{ "DR 1 0 1 expect=noop,as:DR",
	  "7:17: pa, pas, attr, sh, grant, mecid, fw, as, partid, pmg and mpam describe an access that goes on\n", 0 },
	{ "DR 1 0 1 expect=as:Dr",
	  "7:20: 'Dr' is no class of an access that goes on; did you mean 'DR'?\n", 0 },
	{ "DR 1 0 1 expect=as:BARRIER", "7:20: 'BARRIER' is no class of an access that goes on\n",
	  0 },
	{ "CLEANIV 1 0 1",
	  "7:1: unknown operation 'CLEANIV': R, W, X, AO, AT, TT, PR or !; did you mean "
	  "'CLEANINV'?\n",
	  0 },
	{ "R 1 0 1 expect=pas:nonsecure",
	  "7:20: 'nonsecure' is no PA space; did you mean 'secure'?\n", 0 },
	{ "!",
	  "7:2: an act is missing: mmio, w32, w64, r32, r64, expect, recover, dvm, endpoint, direct, stats, adversity or a command\n",
	  0 },
	{ "! root: sync", "7:9: Root has no Command queue: 'sync'\n", 0 },
	{ "! root: recover",
	  "7:9: 'recover' is built for the Non-secure, the Secure and the Realm state alone\n",
	  SMMU3_E_UNSUPPORTED },
	{ "! secure: stats reset", "7:11: 'stats' is built for the Non-secure state alone\n",
	  SMMU3_E_UNSUPPORTED },
	{ "! root: dvm ALLE1IS",
	  "7:9: 'dvm' is built for the Non-secure, the Secure and the Realm state alone\n",
	  SMMU3_E_UNSUPPORTED },
	{ "! realm: expect sev", "7:17: 'sev' is of no Security state: without a prefix\n", 0 },
	{ "R 1 0 1 expect=pa:0,mecid:0x10000", "7:27: '0x10000' is out of range: at most 0xffff\n",
	  0 },
	{ "R 1 0 1 expect=F_ACCESS,mecid:1", "7:16: an access that goes on records no event\n", 0 },
	{ "! secure: expect sev", "7:18: 'sev' is of no Security state: without a prefix\n", 0 },
	{ "! secure: expect no-sev", "7:18: 'no-sev' is of no Security state: without a prefix\n",
	  0 },
	{ "! secure: expect anything",
	  "7:18: 'anything' is of no Security state: without a prefix\n", 0 },
	{ "! secure: expect stats transactions=1",
	  "7:24: of one state sid=NUMBER is counted: figures of the SMMU are of all together, without a prefix\n",
	  0 },
	{ "R 1 0 1 ns=2", "7:12: '2' is out of range: at most 0x1\n", 0 },
	{ "R 1 0 1 ns=0 nsin=1", "7:14: 'nsin' is said already, or its opposite\n", 0 },
	{ "R 1 0 1 ns secure", "7:12: 'secure' is said already, or its opposite\n", 0 },
	{ "R 1 0 1 secure=1", "7:9: 'secure' takes no value\n", 0 },
	{ "! mmoi w32 CR0 0",
	  "7:3: unknown act 'mmoi': mmio, w32, w64, r32, r64, expect, recover, dvm, endpoint, direct, stats, adversity or a command; did you mean 'mmio'?\n",
	  0 },
	{ "! mmio w16 CR0 0", "7:8: 'w16' is no width: w32, w64, r32 or r64\n", 0 },
	{ "! mmio w32 CRO 0", "7:12: there is no register 'CRO'; did you mean 'CR0'?\n", 0 },
	{ "! mmio w64 0x24 0", "7:12: a write of 8 bytes is not aligned at this offset\n", 0 },
	{ "! mmio w32 CR0", "7:15: a number is missing\n", 0 },
	{ "! mmio w32 CR0 0x100000000", "7:16: '0x100000000' is out of range: at most 0xffffffff\n",
	  0 },
	{ "! w64 4 0", "7:7: a word of 8 bytes is aligned to its size\n", 0 },
	{ "! w64 8 0 0", "7:11: nothing more is expected on the line: '0'\n", 0 },
	{ "! r64 4", "7:7: a word of 8 bytes is aligned to its size\n", 0 },
	{ "! mmio r64 0x24", "7:12: a read of 8 bytes is not aligned at this offset\n", 0 },
	{ "! r64 8 0", "7:9: a read takes expect=VALUE[/MASK] and no more: '0'\n", 0 },
	{ "! r64 8 expect", "7:9: a read takes expect=VALUE[/MASK] and no more: 'expect'\n", 0 },
	{ "! r64 8 expect=", "7:16: a number is missing\n", 0 },
	{ "! r64 8 expect=1/", "7:18: a number is missing\n", 0 },
	{ "! r64 8 expect=0/0", "7:18: a mask of 0 expects nothing\n", 0 },
	{ "! r64 8 expect=2/1", "7:16: '2' has bits outside the mask\n", 0 },
	{ "! r32 8 expect=0x100000000", "7:16: '0x100000000' is out of range: at most 0xffffffff\n",
	  0 },
	{ "! r64 8 expect=1 expect=1", "7:18: nothing more is expected on the line: 'expect=1'\n",
	  0 },
	{ "! stats", "7:8: 'reset' follows\n", 0 },
	{ "! expect stats", "7:15: a figure is missing: NAME=NUMBER or NAME=LEAST..MOST\n", 0 },
	{ "! expect stats tlb.miss=1",
	  "7:16: no figure of the SMMU is called 'tlb.miss'; did you mean 'tlb.hits'?\n", 0 },
	{ "! expect stats sid=1 ok=1", "7:22: no figure of a StreamID is called 'ok'\n", 0 },
	{ "! expect stats ok", "7:16: 'ok' takes a value: ok=...\n", 0 },
	{ "! expect stats ok=1 ok=2", "7:21: 'ok=2' is said already\n", 0 },
	{ "! expect stats ok=2..1", "7:19: '2..1' begins above its end\n", 0 },
	{ "! expect stats ok=1..", "7:22: a number is missing\n", 0 },
	{ "! expect stats ok=1 ur=1 ca=1 abort=1 busy=1 stalled=1 raz-wi=1",
	  "7:56: a line has at most 6 figures\n", 0 },
	{ "! recover 1", "7:11: nothing more is expected on the line: '1'\n", 0 },
	{ "R 1 0\x01 1", "7:6: a control character, 0x01: is this a text?\n", 0 },
	{ "R 1 0 1\r R", "7:8: a control character, 0x0d: is this a text?\n", 0 },
};

START_TEST(a_wrong_line_is_refused_at_its_place)
{
	const struct mistake *const row = &mistakes[_i];
	struct loading said = { 0 };
	struct smmu3_trace_op op;

	ck_assert_int_eq(smmu3_trace_parse(row->line, "t", 7, &op, collect, &said),
			 row->code ? -row->code : -SMMU3_E_FORMAT);
	ck_assert_str_eq(said.said, row->said);
	ck_assert_str_eq(said.file, "t");
}
END_TEST

START_TEST(comments_and_blanks_say_nothing)
{
	const char *const lines[] = { "", "\n", "   \t ", "# R 1", "\t# W", "\r\n", "# \xc3\xa4" };
	struct smmu3_trace_op op;

	for (unsigned i = 0; i < 7; i++)
		ck_assert_int_eq(smmu3_trace_parse(lines[i], "t", 1, &op, NULL, NULL), 0);
}
END_TEST

/* ---- Streams of bytes ---- */

/* Gives `text` in pieces, then, `repeat` times, `again`; then an end or a failure. */
struct feed {
	const char *text;
	size_t size, at, piece;
	uint64_t repeat;
	char again;
	const char *failure;
	uint64_t given;
};

static long feed_read(void *context, void *data, size_t size, const char **why)
{
	struct feed *const feed = context;
	size_t count = feed->size - feed->at;

	count = count < size ? count : size;
	count = feed->piece && count > feed->piece ? feed->piece : count;
	if (count)
		memcpy(data, feed->text + feed->at, count);
	feed->at += count;
	if (!count && feed->repeat) {
		count = feed->repeat < size ? (size_t)feed->repeat : size;
		memset(data, feed->again, count);
		feed->repeat -= count;
	}
	feed->given += count;
	if (!count && feed->failure) {
		*why = feed->failure;
		return -1;
	}
	return (long)count;
}

/* Reads all; the last answer, and how many operations came. */
static int read_all(struct feed *feed, struct loading *said, unsigned *count, unsigned *last_line)
{
	struct smmu3_trace *const trace = smmu3_trace_open(feed_read, feed, "t.trace", collect,
							   said);
	struct smmu3_trace_op op;
	int code;

	*count = 0;
	while ((code = smmu3_trace_next(trace, &op)) > 0) {
		++*count;
		*last_line = op.line;
	}
	ck_assert_int_eq(smmu3_trace_next(trace, &op), code); /* and so it stays */
	smmu3_trace_close(trace);
	return code;
}

START_TEST(lines_are_counted_and_joined_over_pieces)
{
	const char text[] = "# smmu-trace 1\r\n\nR 1 0 4 # one\nW 2 0x10 8\n! w64 0 0";
	const size_t pieces[] = { 0, 1, 3, 17 };

	for (unsigned i = 0; i < 4; i++) {
		struct feed feed = { .text = text, .size = sizeof(text) - 1, .piece = pieces[i] };
		struct loading said = { 0 };
		unsigned count, line = 0;

		ck_assert_int_eq(read_all(&feed, &said, &count, &line), 0);
		ck_assert_uint_eq(count, 3);
		ck_assert_uint_eq(line, 5);
		ck_assert_uint_eq(said.complaints, 0);
	}
}
END_TEST

static void check_ends(struct feed feed, int code, const char *sentence, uint64_t most)
{
	struct loading said = { 0 };
	unsigned count, line;

	ck_assert_int_eq(read_all(&feed, &said, &count, &line), code);
	ck_assert_str_eq(said.said, sentence);
	ck_assert_uint_le(feed.given, most);
}

START_TEST(a_gigabyte_of_garbage_ends_at_once)
{
	const uint64_t gigabyte = UINT64_C(1) << 30;
	const char *const too_long = "1:1: the line has more than 4096 bytes: is this a trace?\n";

	check_ends((struct feed){ .repeat = gigabyte, .again = 'x' }, -SMMU3_E_FORMAT, too_long,
		   128 * 1024);
	check_ends((struct feed){ .repeat = gigabyte, .again = '\0' }, -SMMU3_E_FORMAT, too_long,
		   128 * 1024);
	check_ends((struct feed){ .repeat = gigabyte, .again = '#' }, -SMMU3_E_FORMAT, too_long,
		   128 * 1024);
}
END_TEST

START_TEST(a_nul_byte_is_refused)
{
	check_ends((struct feed){ .text = "R 1 0 1\nR 1\0 0 1\n", .size = 17 }, -SMMU3_E_FORMAT,
		   "2:4: a control character, 0x00: is this a text?\n", 17);
}
END_TEST

START_TEST(a_source_that_fails_is_named)
{
	check_ends((struct feed){ .text = "R 1 0 1\nR 1",
				  .size = 11,
				  .failure = "the stream is cut" },
		   -SMMU3_E_IO, "2:1: the stream is cut\n", 11);
}
END_TEST

START_TEST(a_line_may_have_4096_bytes_and_no_more)
{
	char text[4200];

	memset(text, ' ', sizeof(text));
	memcpy(text, "R 1 0 1", 7);
	text[4096] = '\n';
	check_ends((struct feed){ .text = text, .size = 4097 }, 0, "", 4097);
	text[4096] = ' ';
	text[4097] = '\n';
	check_ends((struct feed){ .text = text, .size = 4098 }, -SMMU3_E_FORMAT,
		   "1:1: the line has more than 4096 bytes: is this a trace?\n", 4098);
}
END_TEST

/* ---- Ops that no line has said ---- */

static const char counting[] = "version: 1\nsmmu: [{features: {ats: true}, statistics: {}}]\n"
			       "masters: [{name: nic, stream_id: 1, mode: bypass, atc: {}}]\n";

static void check_said(struct smmu3_machine *machine, const struct smmu3_stats_said *said,
		       const char *expected)
{
	struct smmu3_trace_op op = { .kind = SMMU3_TRACE_STATS, .stats = *said };
	struct smmu3_outcome outcome;
	char text[SMMU3_ACT_TEXT];

	ck_assert_int_eq(smmu3_machine_perform(machine, &op, &outcome, NULL), 0);
	ck_assert_uint_eq(op.result.failed, 1);
	smmu3_trace_act_text(&op, text, sizeof(text));
	ck_assert_str_eq(text, expected);
}

START_TEST(figures_that_there_are_not_are_not_met)
{
	struct loading loading = load_good(counting);

	check_said(loading.machine,
		   &(struct smmu3_stats_said){ .count = 1, .figure = { { 0xffff, 0, 1 } } },
		   "! expect stats ?=0..1");
	check_said(loading.machine,
		   &(struct smmu3_stats_said){
			   .of_stream = 1, .count = 255, .sid = 1, .figure = { { 0xfff, 5, 5 } } },
		   "! expect stats sid=0x1 ?=5 transactions=0 transactions=0 transactions=0 "
		   "transactions=0 transactions=0");
	unload(&loading);
}
END_TEST

START_TEST(an_endpoint_s_act_has_a_name_or_none)
{
	struct loading loading = load_good(counting);
	struct smmu3_trace_op op = { .kind = SMMU3_TRACE_ENDPOINT,
				     .master = "nic",
				     .endpoint = 200 };
	struct smmu3_outcome outcome;
	char text[SMMU3_ACT_TEXT];

	ck_assert_int_eq(smmu3_machine_perform(loading.machine, &op, &outcome, NULL), 0);
	smmu3_trace_act_text(&op, text, sizeof(text));
	ck_assert_str_eq(text, "! endpoint nic ?");
	unload(&loading);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: traces");
	TCase *const tests = tcase_create("traces");

	tcase_add_loop_test(tests, an_access_means_what_it_says, 0,
			    (int)(sizeof(accesses) / sizeof(accesses[0])));
	tcase_add_loop_test(tests, an_act_means_what_it_says, 0,
			    (int)(sizeof(acts) / sizeof(acts[0])));
	tcase_add_loop_test(tests, a_wrong_line_is_refused_at_its_place, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	tcase_add_test(tests, comments_and_blanks_say_nothing);
	tcase_add_test(tests, lines_are_counted_and_joined_over_pieces);
	tcase_add_test(tests, a_gigabyte_of_garbage_ends_at_once);
	tcase_add_test(tests, a_nul_byte_is_refused);
	tcase_add_test(tests, a_source_that_fails_is_named);
	tcase_add_test(tests, a_line_may_have_4096_bytes_and_no_more);
	tcase_add_test(tests, figures_that_there_are_not_are_not_met);
	tcase_add_test(tests, an_endpoint_s_act_has_a_name_or_none);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
