/* SPDX-License-Identifier: MIT */
/*
 * Bytes are an SMMU, the registers and descriptors of its Device Permission Table, and Translated
 * transactions that are checked against it.  What is granted, fetched and told is worked out a
 * second time, plainly.  3.24; bit numbers are the architecture's
 */
#include "bytes.h"

#include <smmu/smmu.h>

#include <stdbool.h>
#include <stdlib.h>

#define MUST(condition) ((condition) ? (void)0 : abort())
#define BIT(n) (UINT64_C(1) << (n))

enum { ACCESSES = 6, DESCRIPTORS = 16, FETCHES = 2 };
enum {
	CR0 = 0x20,
	CR1 = 0x28,
	STRTAB_BASE = 0x80,
	STRTAB_BASE_CFG = 0x88,
	GERROR = 0x60,
	GERRORN = 0x64,
	DPT_BASE = 0x200,
	DPT_BASE_CFG = 0x208,
	DPT_CFG_FAR = 0x210
};
enum { SMMUEN = 1, ATSCHK = 0x10, DPT_WALK_EN = 0x400, F_TRANSL_FORBIDDEN = 7 };

/* The machine as bytes say it. */
static struct {
	struct smmu3 *smmu;
	unsigned oas, granules; /* bits 0 to 2: 4KB, 16KB, 64KB, as in IDR5 */
	bool vmid16, keeps;
	uint64_t base, far;
	uint32_t cfg;
	bool walks;
	uint16_t vmid;
	uint8_t vmatch, hole;
	uint64_t descriptor[DESCRIPTORS];
	unsigned descriptors;
	uint64_t fetched[FETCHES];
	unsigned fetches;
} now;

/* ---- Memory ---- */

/* A word for each address, but for holes; false: abort. */
static bool descriptor_at(uint64_t pa, uint64_t *word)
{
	const uint64_t mixed = pa >> 3 ^ pa >> 12 ^ pa >> 24 ^ pa >> 36;

	*word = now.descriptor[mixed % now.descriptors];
	return !now.hole || (mixed & 0xff) != now.hole;
}

/* V, stage 2, EATS 0b11, SHCFG incoming; S2T0SZ 32, S2SL0 1, S2AA64, S2R. */
static void make_ste(uint64_t *ste)
{
	static const uint8_t tg[8] = { 0, 0, 2, 0, 1, 0, 2, 0 };

	memset(ste, 0, 64);
	ste[0] = 1 | 6 << 1;
	ste[1] = 3 << 28 | BIT(44);
	ste[2] = now.vmid | UINT64_C(32) << 32 | BIT(38) | (uint64_t)tg[now.granules] << 46 |
		 BIT(51) | BIT(58) | (uint64_t)now.vmatch << 62;
}

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	(void)context;
	MUST(access->pas == SMMU3_PAS_NS && !(access->pa >> now.oas));
	if (access->reason == SMMU3_REASON_STE) {
		make_ste(data);
		return SMMU3_MEM_OK;
	}
	MUST(access->reason == SMMU3_REASON_DPT && access->bytes == 8 && now.fetches < FETCHES);
	now.fetched[now.fetches++] = access->pa;
	return descriptor_at(access->pa, data) ? SMMU3_MEM_OK : SMMU3_MEM_ABORT;
}

/* ---- What should come of it ---- */

struct answer {
	bool granted;
	uint64_t far; /* what DPT_CFG_FAR says; 0: nothing */
	uint64_t fetched[FETCHES];
	unsigned fetches;
	unsigned size; /* of what grants it, log2 */
	bool writable;
};

static struct answer told(struct answer answer, uint64_t addr, unsigned code, unsigned level)
{
	answer.far = (addr & UINT64_C(0x00fffffffffff000)) | (uint64_t)code << 4 | level << 1 | 1;
	return answer;
}

/* Does the part of a descriptor that grants something do so legally? */
static bool legal(uint64_t ac, uint64_t vmid)
{
	return ac != 3 && !(ac == 2 && vmid) && (now.vmid16 || vmid < 0x100);
}

static struct answer judged(struct answer answer, uint64_t ac, bool writable, uint64_t vmid,
			    unsigned size, bool write)
{
	const unsigned vmatch = now.vmatch == 3 ? 0 : now.vmatch;
	const bool compared = ac == 0 ? vmatch != 2 : ac == 1 && vmatch == 0;

	answer.size = size;
	answer.writable = writable;
	answer.granted = (!compared || vmid == now.vmid) && (!write || writable);
	return answer;
}

static bool fetch(struct answer *answer, uint64_t at, uint64_t *word)
{
	answer->fetched[answer->fetches++] = at;
	return descriptor_at(at, word);
}

static struct answer level1(struct answer answer, uint64_t addr, uint64_t table, unsigned l0,
			    unsigned gs, bool write)
{
	static const uint8_t contigs[16] = { 0, 16, 21, 25, 29, 30, 34, 36 };
	const uint64_t bytes = 8 * (BIT(l0) / BIT(gs) / 2);
	uint64_t word, res0 = UINT64_C(0x0000ffe3) << 32 | 0xf0e0;
	bool good = true;

	if (!fetch(&answer, table / bytes * bytes + 8 * (addr % BIT(l0) / BIT(gs) / 2), &word))
		return told(answer, addr, 3, 1);
	const unsigned a = word & 3, contig = word >> 8 & 15;
	const unsigned run = a == 3 ? contigs[contig] : 0;
	const bool upper = addr / BIT(gs) % 2 && !run;

	if (a != 3)
		res0 |= 0xf00;
	if (!(a & 1))
		res0 |= 0xffff001c;
	if (!(a & 2) || (a == 3 && contig))
		res0 |= UINT64_C(0xffff001c) << 32;
	if (a == 3 && contig)
		good = run > gs && run <= l0;
	if (a & 1)
		good = good && legal(word >> 2 & 3, word >> 16 & 0xffff);
	if (a & 2)
		good = good && legal(word >> 34 & 3, word >> 48);
	if (!good || word & res0)
		return told(answer, addr, 1, 1);
	if (!(upper ? a & 2 : a & 1))
		return answer;
	if (upper)
		return judged(answer, word >> 34 & 3, word >> 36 & 1, word >> 48, gs, write);
	return judged(answer, word >> 2 & 3, word >> 4 & 1, word >> 16 & 0xffff, run ? run : gs,
		      write);
}

static struct answer level0(struct answer answer, uint64_t addr, unsigned ps, unsigned l0,
			    unsigned gs, bool write)
{
	uint64_t bytes = 8 * (BIT(ps) / BIT(l0)), word;

	bytes = bytes < 4096 ? 4096 : bytes;
	if (!fetch(&answer, (now.base % BIT(now.oas)) / bytes * bytes + 8 * (addr / BIT(l0)),
		   &word))
		return told(answer, addr, 3, 0);
	const uint64_t table = word & UINT64_C(0x00fffffffffff000);

	switch (word & 3) {
	case 0:
		return word ? told(answer, addr, 1, 0) : answer;
	case 1:
		if (word & ~UINT64_C(0xffff001f) || !legal(word >> 2 & 3, word >> 16 & 0xffff))
			return told(answer, addr, 1, 0);
		return judged(answer, word >> 2 & 3, word >> 4 & 1, word >> 16 & 0xffff, l0, write);
	case 3:
		if (word & ~UINT64_C(0x00fffffffffff003) || table >= BIT(now.oas))
			return told(answer, addr, 1, 0);
		return level1(answer, addr, table, l0, gs, write);
	default:
		return told(answer, addr, 1, 0);
	}
}

static struct answer expected(uint64_t addr, bool write)
{
	static const uint8_t sizes[] = { 32, 36, 40, 42, 44, 48, 52, 99 };
	static const uint8_t granules[] = { 12, 16, 14, 0 };
	const unsigned ps = sizes[now.cfg & 7], l0_code = now.cfg >> 20 & 15;
	const unsigned gs = granules[now.cfg >> 14 & 3];
	const unsigned l0 = l0_code == 0 ? 30 : l0_code == 4 ? 34 : l0_code == 6 ? 36 : 39;
	const bool has = gs == 12 ? now.granules & 1 :
			 gs == 14 ? now.granules & 2 :
				    gs == 16 && now.granules & 4;
	const struct answer none = { 0 };

	if (!now.walks)
		return told(none, addr, 0, 0);
	if (ps > now.oas || (l0 == 39 && l0_code != 9) || l0 > ps || !has)
		return told(none, addr, 1, 0);
	return addr < BIT(ps) ? level0(none, addr, ps, l0, gs, write) : none;
}

/* ---- The SMMU ---- */

/* SMMUv3.2 with stage 2 alone, ATS and DPT. */
static struct smmu3 *make(unsigned which)
{
	static const struct smmu3_host host = { .size = sizeof(host), .read = on_read };
	struct smmu3_config config;

	(void)smmu3_config_init(&config, "generic-3.1", NULL);
	config.aidr = 2;
	config.idr[0] = (config.idr[0] & ~(uint32_t)(BIT(1) | BIT(18) | BIT(19))) | BIT(10);
	config.idr[0] |= which & 0x40 ? BIT(18) : 0; /* VMID16 */
	config.idr[1] &= ~(0x1fu << 6);
	config.idr[3] = (config.idr[3] & ~(1u << 2 | 3u << 11)) | 1u << 8 | 1u << 10 | 1u << 11 |
			1u << 15;
	config.idr[5] = (config.idr[5] & ~0xc77u) | (which & 7) | (which >> 3 & 7) << 4;
	config.caches.dpt = which & 0x80 ? 16 : 0;
	return smmu3_create(&config, &host, NULL);
}

/* SMMUs are kept: to make one costs more than to ask it.  NULL: there is no such one. */
static struct smmu3 *smmu_of(unsigned which)
{
	static const uint8_t oas[] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	static struct smmu3 *kept[256];
	static bool made[256];

	if (!made[which] && which >> 3 & 7) /* its STE needs a granule */
		kept[which] = make(which);
	made[which] = true;
	now.oas = oas[which & 7];
	now.granules = which >> 3 & 7;
	now.vmid16 = which & 0x40;
	now.keeps = which & 0x80;
	return kept[which];
}

static void write_register(uint64_t offset, unsigned size, uint64_t value)
{
	MUST(!smmu3_mmio_write(now.smmu, SMMU3_PAS_NS, offset, size, value));
}

static uint64_t read_register(uint64_t offset, unsigned size)
{
	uint64_t value;

	MUST(!smmu3_mmio_read(now.smmu, SMMU3_PAS_NS, offset, size, &value));
	return value;
}

static void open_smmu(struct bytes *bytes)
{
	now.base = take64(bytes) & UINT64_C(0x00fffffffffff000);
	now.cfg = take32(bytes) & 0xf0c007;
	const uint8_t more = take8(bytes);

	now.walks = !(more & 1);
	now.vmatch = more >> 1 & 3;
	now.vmid = take8(bytes);
	now.vmid |= (uint16_t)(now.vmid16 ? take8(bytes) << 8 : 0);
	now.hole = take8(bytes);
	now.descriptors = 1 + take8(bytes) % DESCRIPTORS;
	for (unsigned i = 0; i < now.descriptors; i++)
		now.descriptor[i] = take64(bytes);
	smmu3_reset(now.smmu);
	write_register(CR1, 4, 0xd75);
	write_register(DPT_BASE, 8, now.base);
	write_register(DPT_BASE_CFG, 4, now.cfg);
	write_register(CR0, 4, SMMUEN | ATSCHK | (now.walks ? DPT_WALK_EN : 0));
}

static void check_answer(const struct answer *want, const struct smmu3_txn *txn,
			 const struct smmu3_outcome *got)
{
	MUST(got->verdict == (want->granted ? SMMU3_OK : SMMU3_ABORT));
	MUST(got->event == (want->granted ? 0 : F_TRANSL_FORBIDDEN));
	MUST(now.fetches == want->fetches);
	MUST(!memcmp(now.fetched, want->fetched, now.fetches * sizeof(now.fetched[0])));
	MUST(read_register(DPT_CFG_FAR, 8) == want->far);
	if (!want->granted)
		return;
	const uint64_t left = BIT(want->size) - txn->addr % BIT(want->size);

	MUST(got->pa == txn->addr && got->bytes == (left < txn->bytes ? left : txn->bytes));
	MUST(got->perm == (want->writable ? 0x3f : 0x2d));
}

static void ask(struct bytes *bytes)
{
	const uint64_t addr = take64(bytes) % BIT(now.oas);
	const uint8_t flags = take8(bytes);
	const struct smmu3_txn txn = { .addr = addr,
				       .bytes = BIT(flags >> 2 & 31),
				       .flags = flags & 1 ? SMMU3_TXN_WRITE : 0,
				       .ats = SMMU3_ATS_TRANSLATED };
	struct smmu3_outcome outcome, again;
	const struct answer want = expected(addr, flags & 1);

	now.fetches = 0;
	(void)smmu3_translate(now.smmu, &txn, &outcome);
	if (!now.keeps)
		check_answer(&want, &txn, &outcome);
	now.fetches = 0;
	(void)smmu3_translate(now.smmu, &txn, &again);
	MUST(again.verdict == outcome.verdict && again.why == outcome.why);
	/* told once, and acknowledged */
	MUST(!(read_register(GERROR, 4) & ~UINT64_C(0x400)));
	write_register(GERRORN, 4, read_register(GERROR, 4));
	write_register(DPT_CFG_FAR, 8, 0);
	MUST(!read_register(DPT_CFG_FAR, 8));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };

	now.smmu = smmu_of(take8(&bytes));
	if (!now.smmu)
		return 0;
	open_smmu(&bytes);
	for (unsigned i = 0; i < ACCESSES && bytes.left; i++)
		ask(&bytes);
	return 0;
}
