/* SPDX-License-Identifier: MIT */
#include "world.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define BIT(n) (UINT64_C(1) << (n))

/* ---- Memory ---- */

static _Alignas(64) uint64_t ram[RAM_BYTES / 8];

/* Addresses that differ in any way that tables make them differ, differ here. */
static uint64_t mixed(uint64_t pa)
{
	return pa >> 3 ^ pa >> 12 ^ pa >> 24 ^ pa >> 36;
}

static uint64_t descriptor_at(const struct world *world, unsigned stage, uint64_t pa)
{
	return world->descriptor[stage - 1][mixed(pa) % world->descriptors[stage - 1]];
}

static const void *structure_at(const struct world *world, const struct smmu3_mem_access *access,
				uint64_t *descriptor)
{
	switch (access->reason) {
	case SMMU3_REASON_L1STD:
		return &world->l1std;
	case SMMU3_REASON_STE:
		return world->ste;
	case SMMU3_REASON_L1CD:
		return &world->l1cd;
	case SMMU3_REASON_CD:
		return world->cd;
	default:
		for (unsigned i = 0; i < access->bytes / 8; i++)
			descriptor[i] = descriptor_at(world,
						      access->reason == SMMU3_REASON_S1_TTD ? 1 : 2,
						      access->pa + 8 * i);
		return descriptor;
	}
}

static bool world_read(void *context, const struct smmu3_mem_access *access, void *data)
{
	const struct world *world = context;
	const uint64_t in_ram = access->pa - RAM_BASE;
	uint64_t descriptor[2];

	if (world->has_ram && in_ram < RAM_BYTES) {
		memcpy(data, &ram[in_ram / 8], access->bytes);
		return true;
	}
	if (world->hole && (mixed(access->pa) & 0xff) == world->hole)
		return false;
	memcpy(data, structure_at(world, access, descriptor), access->bytes);
	return true;
}

static const struct ram *make_ram(const struct world *world)
{
	static const struct ram window = { RAM_BASE, RAM_BYTES, ram };

	if (!world->has_ram)
		return NULL;
	for (size_t at = 0; at < ROWS(ram); at += world->descriptors[0]) {
		const size_t left = ROWS(ram) - at;

		memcpy(&ram[at], world->descriptor[0],
		       8 * (left < world->descriptors[0] ? left : world->descriptors[0]));
	}
	return &window;
}

/* ---- What is there without bytes ---- */

/* Tables and pages as the level wants, blocks, and a hole; of many attributes. */
static const uint64_t default_s1[] = {
	0x0000000080012f43, 0x0060000080045f47, 0x0000001234567f4b, 0x00000000c0000f41,
	0x9800000080028fc3, 0x0000000080023f4f, 0x0000000000000000, 0x0040000080034b13,
};
static const uint64_t default_s2[] = {
	0x00000000800157ff, 0x00000000800227fd, 0x000000008003377f, 0x00400012345676ff,
	0x00200000800417c3, 0x0000000080051fd7, 0x00000000c00007fd, 0x0000000000000000,
};

struct world world_default(void)
{
	struct world world = {
		.machine = {
			.idr0 = 0x094c101b, /* the profile generic-3.1 */
			.idr1 = 0x0e730510,
			.idr3 = 0x00001714,
			.idr5 = 0x00000476,
			.aidr = 1,
			.cr0 = 1,     /* SMMUEN */
			.cr1 = 0xd75, /* tables: Inner Shareable, Write-Back */
			.cr2 = 2,     /* RECINVSID */
			.gbpa = 0x1000,
			.strtab_base = 0x80060000,
			.strtab_base_cfg = 6 | 6 << 6, /* linear, 64 entries */
		},
		.l1std = 0x80050007,
		.l1cd = 0x80040001,
		/* V, both stages; CD: WB, ISH; SHCFG incoming; VMID 7, S2T0SZ 16, S2SL0 2, WB, WB,
		 * ISH, 4KB, 48 bits, S2AA64, S2R */
		.ste = { 0x8003004f, BIT(44) | 0xd4,
			 7 | UINT64_C(16) << 32 | UINT64_C(2) << 38 | BIT(40) | BIT(42) |
				 UINT64_C(3) << 44 | UINT64_C(5) << 48 | BIT(51) | BIT(58),
			 0x80070000 },
		/* Each half: TxSZ 16, WB, WB, ISH, 4KB; V, IPS 48 bits, AA64, R, A, ASID 9 */
		.cd = { 0x3510 | UINT64_C(0xb590) << 16 | UINT64_C(5) << 32 | BIT(41) | BIT(45) |
				BIT(46) | UINT64_C(9) << 48,
			0x80010000, 0x80020000, 0xee4faa0c040044ff },
		.descriptors = { ROWS(default_s1), ROWS(default_s2) },
	};

	memcpy(world.descriptor[0], default_s1, sizeof(default_s1));
	memcpy(world.descriptor[1], default_s2, sizeof(default_s2));
	return world;
}

/* ---- Fields ---- */

struct place {
	uint8_t word, lsb, width;
};

/* Changes each field in turn by as many bits as it has. */
static void change(uint64_t *words, const struct place *place, size_t count, uint64_t bits)
{
	for (size_t i = 0; i < count; i++) {
		words[place[i].word] ^= (bits & (BIT(place[i].width) - 1)) << place[i].lsb;
		bits >>= place[i].width;
	}
}

enum { WORD_IDR0, WORD_IDR1, WORD_IDR3, WORD_IDR5, WORD_AIDR };

static const struct place id_fields[] = {
	{ WORD_IDR0, 0, 2 },                        /* S1P, S2P */
	{ WORD_IDR0, 12, 1 },                       /* ASID16 */
	{ WORD_IDR0, 18, 2 },                       /* VMID16, CD2L */
	{ WORD_IDR0, 26, 2 },                       /* TERM_MODEL, ST_LEVEL */
	{ WORD_IDR1, 0, 6 },                        /* SIDSIZE */
	{ WORD_IDR1, 6, 5 },                        /* SSIDSIZE */
	{ WORD_IDR1, 26, 2 },                       /* ATTR_PERMS_OVR, ATTR_TYPES_OVR */
	{ WORD_IDR3, 2, 3 },                        /* HAD, PBHA, XNX */
	{ WORD_IDR3, 8, 2 },                        /* FWB, STT */
	{ WORD_IDR5, 0, 3 },                        /* OAS */
	{ WORD_IDR5, 4, 3 },                        /* granules */
	{ WORD_IDR5, 10, 1 },                       /* VAX */
	{ WORD_AIDR, 0, 2 },  { WORD_IDR0, 24, 2 }, /* STALL_MODEL */
	{ WORD_IDR5, 16, 2 },                       /* STALL_MAX */
	{ WORD_IDR0, 9, 1 },                        /* Hyp */
	{ WORD_IDR3, 13, 2 },                       /* E0PD, PTWNNC */
	{ WORD_IDR0, 2, 2 },                        /* TTF */
	{ WORD_IDR0, 21, 2 },                       /* TTENDIAN */
	{ WORD_IDR0, 6, 2 },                        /* HTTU */
	{ WORD_IDR5, 8, 1 },                        /* D128 */
	{ WORD_IDR5, 11, 1 },                       /* VAX, 56 bits */
	{ WORD_IDR3, 21, 1 },                       /* THE */
};

static uint32_t clear_unless(bool condition, uint32_t value, uint32_t bits)
{
	return condition ? value : value & ~bits;
}

/* STALL_MODEL 3 is reserved.  With STALL_MODEL 0, STALL_MAX 0 means that none ever stalls. */
static void repair_stalls(struct obvious_machine *m)
{
	enum { TERMINATE_ONLY = 1, STALL_FORCED = 2, RESERVED = 3 };

	if ((m->idr0 >> 24 & 3) == RESERVED)
		m->idr0 &= ~(UINT32_C(1) << 24);
	if ((m->idr0 >> 24 & 3) == TERMINATE_ONLY)
		m->idr5 &= 0xffff;
	if ((m->idr0 >> 24 & 3) == STALL_FORCED && !(m->idr5 >> 16))
		m->idr5 |= UINT32_C(1) << 16;
}

/* VMSAv8-32 has 4KB tables, one of both formats is there, and TTENDIAN 1 is reserved. */
static void repair_formats(struct obvious_machine *m)
{
	m->idr0 = clear_unless(m->idr5 & 1 << 4, m->idr0, 1 << 2);
	if (!(m->idr0 >> 2 & 3))
		m->idr0 |= 2 << 2;
	if ((m->idr0 >> 21 & 3) == 1)
		m->idr0 &= ~(UINT32_C(1) << 21);
}

/* VMSAv9-128 has what 6.3.6 demands of it, and needs both stages; VAs of 56 bits need it. */
static void repair_d128(struct obvious_machine *m)
{
	const uint32_t with_it = 1 << 17 | 1 << 18 | 1 << 19 | 1 << 20 | 1 << 22 | 1 << 23;

	m->idr5 = clear_unless((m->idr0 & 3) == 3, m->idr5, 1 << 8);
	if (m->idr5 & 1 << 8) {
		m->aidr = 4;
		m->idr0 = (m->idr0 & ~(UINT32_C(3) << 2)) | 2 << 2; /* TTF */
		m->idr3 |= with_it; /* EPAN, S1PI, S2PI, S2PO, MTEPERM, AIE */
	} else
		m->idr5 = clear_unless(false, m->idr5, 1 << 11);
	if ((m->idr5 >> 10 & 3) == 3)
		m->idr5 &= ~UINT32_C(0x400);
}

/* Translation hardening goes with indirect permissions, which here VMSAv9-128 alone has.  6.3.4 */
static void repair_hardening(struct obvious_machine *m)
{
	m->idr3 = clear_unless(m->idr5 & 1 << 8, m->idr3, 1 << 21);
}

/* Changes what the architecture would not allow together, so that most choices make an SMMU.  2.9,
 * 6.3.1 to 6.3.8 */
static void repair(struct obvious_machine *m)
{
	const bool both = (m->idr0 & 3) == 3;
	const bool gran64k = m->idr5 & 1 << 6;

	if (!(m->idr0 & 3))
		m->idr0 |= 2;
	m->aidr &= 3;
	repair_d128(m);
	m->idr0 = clear_unless(both, m->idr0, 1 << 9);
	if (both && m->aidr >= 2)
		m->idr0 |= 1 << 9; /* Hyp */
	if (m->aidr >= 3)
		m->idr3 |= 1 << 13 | 1 << 14; /* E0PD, PTWNNC */
	m->idr3 = clear_unless(m->aidr >= 2, m->idr3, 1 << 13);
	m->idr3 = clear_unless(m->aidr >= 2 && m->idr0 & 1, m->idr3, 1 << 14);
	if (m->aidr >= 2)
		m->idr3 |= 1 << 8 | 1 << 10; /* FWB, RIL */
	if (m->aidr >= 2 && !(m->idr3 >> 11 & 3))
		m->idr3 |= 1 << 11; /* BBML, of which 3 is reserved */
	if (m->aidr && m->idr0 & 2)
		m->idr3 |= 1 << 2; /* HAD */
	if (m->aidr && m->idr0 & 1)
		m->idr3 |= 1 << 4; /* XNX */
	m->idr3 = clear_unless(m->idr0 & 2, m->idr3, 1 << 2);
	m->idr3 = clear_unless(m->aidr, m->idr3, 0x1f18); /* but HAD */
	m->idr3 = clear_unless(m->idr3 & 1 << 2, m->idr3, 1 << 3);
	m->idr5 = clear_unless(m->aidr && gran64k, m->idr5, 3 << 10);
	if (!(m->idr5 & 1 << 8) && (m->idr5 & 7) > (m->aidr && gran64k ? 6u : 5u))
		m->idr5 -= 2;
	repair_stalls(m);
	repair_formats(m);
	repair_hardening(m);
	if ((m->idr1 & 0x3f) > 32)
		m->idr1 &= ~UINT32_C(0x20);
	if ((m->idr1 >> 6 & 0x1f) > 20)
		m->idr1 &= ~(UINT32_C(0x10) << 6);
	if ((m->idr1 & 0x3f) >= 7)
		m->idr0 |= 1 << 27; /* ST_LEVEL */
}

enum { WORD_CR0, WORD_CR1, WORD_CR2, WORD_BASE, WORD_BASE_CFG };

static const struct place register_fields[] = {
	{ WORD_CR0, 0, 1 },       /* SMMUEN */
	{ WORD_CR1, 6, 6 },       /* TABLE_IC, TABLE_OC, TABLE_SH */
	{ WORD_CR2, 1, 1 },       /* RECINVSID */
	{ WORD_BASE, 62, 1 },     /* RA */
	{ WORD_BASE, 40, 12 },    /* ADDR: beyond OAS, */
	{ WORD_BASE, 6, 8 },      /* and not aligned */
	{ WORD_BASE_CFG, 0, 11 }, /* LOG2SIZE, SPLIT */
	{ WORD_BASE_CFG, 16, 2 }, /* FMT */
	{ WORD_CR2, 0, 1 },       /* E2H */
};

enum { REGISTER_BITS = 43 }; /* that these are */

/* IDR0.ATS, NS1ATS and ATSRECERR; CR0.ATSCHK and CR2.REC_CFG_ATS. */
static void take_ats(struct obvious_machine *m, unsigned flags)
{
	const bool ats = flags & 4, both = (m->idr0 & 3) == 3;

	m->idr0 |= ats ? 1u << 10 : 0;
	m->idr0 |= ats && both && flags & 8 ? 1u << 11 : 0;
	m->idr0 |= ats && m->aidr >= 2 ? 1u << 23 : 0;
	m->cr0 |= flags & 0x10 ? 1u << 4 : 0;
	m->cr2 |= flags & 0x20 ? 1u << 3 : 0;
}

/* IDR0.HTTU, which goes up to 3 from SMMUv3.3 on, and what has descriptors updated: HA and HD, or
 * S2HA and S2HD, with HAFT or S2HAFT where there is such a thing; and pages that are clean.  Not of
 * a RAM window, whose updates the obvious walker would not see.  3.13 */
static void take_updates(struct world *world, bool first, bool second)
{
	enum { HTTU = 3 << 6, DIRTY = 2 << 6 };
	struct obvious_machine *m = &world->machine;

	if (first || second)
		m->idr0 |= m->aidr >= 3 ? HTTU : DIRTY;
	if (m->aidr < 3 && (m->idr0 & HTTU) == HTTU)
		m->idr0 &= ~(uint32_t)(1 << 6);
	if (world->has_ram)
		m->idr0 &= ~(uint32_t)HTTU;
	if (world->has_ram || !(m->idr0 & HTTU))
		return;
	world->cd[0] ^= first ? BIT(42) | BIT(43) : 0;
	world->cd[1] ^= first && m->aidr >= 3 ? BIT(3) : 0;
	world->ste[2] ^= second ? BIT(55) | BIT(56) : 0;
	world->ste[2] ^= second && m->aidr >= 3 ? BIT(59) : 0;
	for (unsigned stage = 0; stage < 2; stage++)
		for (unsigned i = 0; i < world->descriptors[stage]; i += 2)
			world->descriptor[stage][i] ^= BIT(51) | BIT(10) |
						       BIT(7); /* DBM, AF, AP[2] */
}

/* Which stages have VMSAv9-128, where there is such a thing; SKL0 and S2SKL; S2PIE and S2POE;
 * whether codes grant everything or by chance; TL0 and TL1, with PnCH and AssuredOnly.  What is
 * then the high half of a descriptor is another of them, mostly of no levels that are skipped. */
static void take_d128(struct world *world, uint64_t bits)
{
	struct obvious_machine *m = &world->machine;
	const uint64_t codes = bits >> 8 & 0xff;

	if (!(m->idr5 & 1 << 8))
		return;
	world->ste[1] ^= BIT(24); /* S1PIE */
	world->cd[0] ^= bits & 1 ? BIT(41) : 0;
	world->ste[2] ^= bits & 2 ? BIT(51) : 0;
	world->cd[1] ^= (bits >> 2 & 3) << 62;
	world->ste[3] ^= (bits >> 4 & 3) << 61;
	world->ste[2] ^= (bits >> 6 & 3) << 60;
	world->cd[6] = world->cd[7] = codes ? 0 : UINT64_C(05555555555555555);
	world->cd[6] ^= codes << 3;
	m->s2pii = UINT64_C(0xcccccccccccccccc) ^ codes * UINT64_C(0x0101010101010101);
	world->cd[1] ^= bits >> 16 & 3 ? BIT(58) : 0;
	world->ste[5] ^= (bits >> 16 & 3) << 10 | (bits >> 16 & 3 ? BIT(9) : 0);
}

void take_registers(struct bytes *bytes, struct world *world)
{
	struct obvious_machine *m = &world->machine;
	uint64_t id[] = { m->idr0, m->idr1, m->idr3, m->idr5, m->aidr };
	uint64_t reg[] = { m->cr0, m->cr1, m->cr2, m->strtab_base, m->strtab_base_cfg };
	uint8_t flags;

	change(id, id_fields, ROWS(id_fields), take64(bytes));
	const uint64_t chosen = take64(bytes);

	change(reg, register_fields, ROWS(register_fields), chosen);
	m->idr0 = (uint32_t)id[WORD_IDR0];
	m->idr1 = (uint32_t)id[WORD_IDR1];
	m->idr3 = (uint32_t)id[WORD_IDR3];
	m->idr5 = (uint32_t)id[WORD_IDR5];
	m->aidr = (uint32_t)id[WORD_AIDR];
	repair(m);
	m->cr0 = (uint32_t)reg[WORD_CR0];
	m->cr1 = (uint32_t)reg[WORD_CR1];
	m->cr2 = (uint32_t)reg[WORD_CR2];
	m->strtab_base = reg[WORD_BASE];
	m->strtab_base_cfg = (uint32_t)reg[WORD_BASE_CFG];
	m->gbpa ^= take32(bytes) & 0x001f3f1f; /* its fields, without Update */
	world->hole = take8(bytes);
	flags = take8(bytes);
	world->has_ram = flags & 1;
	take_d128(world, chosen >> REGISTER_BITS);
	take_ats(m, flags);
	take_updates(world, flags & 0x40, flags & 0x80);
	m->waits = !(flags & 2) || (m->idr0 >> 24 & 3) == 2; /* not where stalls are forced */
}

static const struct place ste_fields[] = {
	{ 0, 1, 3 },   /* Config */
	{ 0, 4, 2 },   /* S1Fmt */
	{ 0, 59, 5 },  /* S1CDMax */
	{ 1, 0, 8 },   /* S1DSS, S1CIR, S1COR, S1CSH */
	{ 1, 25, 1 },  /* S2FWB */
	{ 1, 32, 9 },  /* MemAttr, MTCFG, ALLOCCFG */
	{ 1, 44, 2 },  /* SHCFG */
	{ 1, 48, 4 },  /* PRIVCFG, INSTCFG */
	{ 2, 32, 16 }, /* S2T0SZ, S2SL0, S2IR0, S2OR0, S2SH0, S2TG */
	{ 2, 48, 3 },  /* S2PS */
	{ 2, 53, 2 },  /* S2AFFD, S2PTW */
	{ 2, 58, 1 },  /* S2R */
	{ 3, 12, 4 },  /* S2TTB: not aligned */
	{ 1, 27, 1 },  /* S1STALLD */
	{ 2, 57, 1 },  /* S2S */
	{ 1, 30, 2 },  /* STRW */
};

void take_ste_fields(struct bytes *bytes, struct world *world)
{
	change(world->ste, ste_fields, ROWS(ste_fields), take64(bytes));
}

static const struct place cd_fields[] = {
	{ 0, 0, 15 },  /* T0SZ, TG0, IR0, OR0, SH0, EPD0 */
	{ 0, 16, 15 }, /* T1SZ, TG1, IR1, OR1, SH1, EPD1 */
	{ 0, 32, 9 },  /* IPS, AFFD, WXN, UWXN, TBI0, TBI1, PAN */
	{ 0, 45, 2 },  /* R, A */
	{ 1, 1, 1 },   /* HAD0 */
	{ 2, 1, 1 },   /* HAD1 */
	{ 1, 6, 8 },   /* TTB0: not aligned */
	{ 2, 6, 8 },   /* TTB1 */
	{ 0, 44, 1 },  /* S */
	{ 1, 2, 1 },   /* E0PD0 */
	{ 2, 2, 1 },   /* E0PD1 */
};

void take_cd_fields(struct bytes *bytes, struct world *world)
{
	change(world->cd, cd_fields, ROWS(cd_fields), take64(bytes));
	world->cd[3] ^= take64(bytes); /* MAIR */
}

/* The rest: the first half is stage 1's, the second stage 2's. */
void take_descriptors(struct bytes *bytes, struct world *world)
{
	const size_t each = bytes->left / 16;
	const size_t count = each < DESCRIPTORS_MOST ? each : DESCRIPTORS_MOST;

	for (unsigned stage = 0; count && stage < 2; stage++) {
		take(bytes, world->descriptor[stage], count * 8);
		world->descriptors[stage] = (unsigned)count;
	}
}

/* ---- Accesses ---- */

/* Whether it can wait, and what it is to ATS. */
static void take_manner(unsigned manner, struct smmu3_txn *txn)
{
	txn->flags |= manner & 1 ? SMMU3_TXN_NO_STALL : 0;
	txn->ats = (uint8_t)((manner >> 1 & 3) % 3);
	if (txn->ats != SMMU3_ATS_REQUEST)
		return;
	txn->txn_class = SMMU3_CLASS_ORDINARY;
	txn->flags |= manner & 8 ? SMMU3_TXN_SOURCE_CXL : 0;
}

static uint8_t class_of(unsigned byte)
{
	enum { ATOMIC_BIT = 0x80, SPECIAL_BIT = 0x40, FIRST = SMMU3_CLASS_READ_CLEAN_INVALIDATE };

	if (byte & ATOMIC_BIT)
		return SMMU3_CLASS_ATOMIC;
	return (uint8_t)(byte & SPECIAL_BIT ?
				 FIRST + (byte >> 2 & 15) % (SMMU3_CLASS_MAINTENANCE - FIRST + 1) :
				 SMMU3_CLASS_ORDINARY);
}

/* 24 bytes. */
static struct smmu3_txn take_txn(struct bytes *bytes)
{
	enum { KNOWN_FLAGS = 0xff };
	struct smmu3_txn txn = { .addr = take64(bytes) };
	const uint32_t sid = take32(bytes);
	const uint32_t ssid = take32(bytes);
	const uint32_t more = take32(bytes);
	const uint64_t to_end = UINT64_MAX - txn.addr;

	txn.sid = 5 ^ sid;
	txn.ssid = ssid & 0xfffff;
	txn.bytes = 1 + (more < to_end ? more : to_end);
	txn.flags = take8(bytes) & KNOWN_FLAGS;
	txn.attr.mair = take8(bytes);
	txn.attr.sh = take8(bytes);
	txn.txn_class = class_of(txn.attr.sh);
	txn.attr.sh &= 3;
	take_manner(take8(bytes), &txn);
	return txn;
}

void ask_all(const struct world *world, struct bytes *bytes, unsigned most)
{
	struct obvious_machine machine = world->machine;
	struct differ differ;

	machine.read = world_read;
	machine.context = (void *)(uintptr_t)world;
	if (!differ_open(&differ, &machine, make_ram(world)))
		return;
	do {
		const struct smmu3_txn txn = take_txn(bytes);

		differ_ask(&differ, &txn);
	} while (--most && bytes->left);
	differ_close(&differ);
}
