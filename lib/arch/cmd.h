/* SPDX-License-Identifier: MIT */
/* Commands, chapter 4: two words each, numbers here, little-endian in the queue. */
#ifndef SMMU_ARCH_CMD_H
#define SMMU_ARCH_CMD_H

#include "arch/field.h"

enum {
	CMD_BYTES = 16,
};

struct cmd {
	uint64_t word[2];
};

/* 4.1.1.  What is not here is reserved and raises CERROR_ILL, but 0x80 to 0x8f, which is
 * implementation defined. */
enum cmd_opcode {
	CMD_PREFETCH_CONFIG = 0x01,  /* 4.2.1 */
	CMD_PREFETCH_ADDR = 0x02,    /* 4.2.2 */
	CMD_CFGI_STE = 0x03,         /* 4.3.1 */
	CMD_CFGI_STE_RANGE = 0x04,   /* 4.3.2 */
	CMD_CFGI_ALL = 0x04,         /* 4.3.6: CMD_CFGI_STE_RANGE with Range 31 */
	CMD_CFGI_CD = 0x05,          /* 4.3.3 */
	CMD_CFGI_CD_ALL = 0x06,      /* 4.3.4 */
	CMD_CFGI_VMS_PIDM = 0x07,    /* 4.3.5 */
	CMD_TLBI_NH_ALL = 0x10,      /* 4.4.2.1 */
	CMD_TLBI_NH_ASID = 0x11,     /* 4.4.2.2 */
	CMD_TLBI_NH_VA = 0x12,       /* 4.4.2.4 */
	CMD_TLBI_NH_VAA = 0x13,      /* 4.4.2.3 */
	CMD_TLBI_EL3_ALL = 0x18,     /* 4.4.2.5 */
	CMD_TLBI_EL3_VA = 0x1a,      /* 4.4.2.6 */
	CMD_TLBI_EL2_ALL = 0x20,     /* 4.4.2.7 */
	CMD_TLBI_EL2_ASID = 0x21,    /* 4.4.2.10 */
	CMD_TLBI_EL2_VA = 0x22,      /* 4.4.2.8 */
	CMD_TLBI_EL2_VAA = 0x23,     /* 4.4.2.9 */
	CMD_TLBI_S12_VMALL = 0x28,   /* 4.4.3.2 */
	CMD_TLBI_S2_IPA = 0x2a,      /* 4.4.3.1 */
	CMD_TLBI_NSNH_ALL = 0x30,    /* 4.4.4.1 */
	CMD_ATC_INV = 0x40,          /* 4.5.1 */
	CMD_PRI_RESP = 0x41,         /* 4.5.2 */
	CMD_RESUME = 0x44,           /* 4.7.1 */
	CMD_STALL_TERM = 0x45,       /* 4.7.2 */
	CMD_SYNC = 0x46,             /* 4.7.3 */
	CMD_TLBI_S_EL2_ALL = 0x50,   /* 4.4.2.11 */
	CMD_TLBI_S_EL2_ASID = 0x51,  /* 4.4.2.14 */
	CMD_TLBI_S_EL2_VA = 0x52,    /* 4.4.2.12 */
	CMD_TLBI_S_EL2_VAA = 0x53,   /* 4.4.2.13 */
	CMD_TLBI_S_S12_VMALL = 0x58, /* 4.4.3.4 */
	CMD_TLBI_S_S2_IPA = 0x5a,    /* 4.4.3.3 */
	CMD_TLBI_SNH_ALL = 0x60,     /* 4.4.4.2 */
	CMD_DPTI_ALL = 0x70,         /* 4.6.1 */
	CMD_DPTI_PA = 0x73,          /* 4.6.2 */
	CMD_IMPDEF_FIRST = 0x80,
	CMD_IMPDEF_LAST = 0x8f,
};

/* Not every command has every field; the layouts of names_cmd.c and names_tlbi.c say which. */
enum cmd_field {
	/* Of many.  4.1.6 */
	CMD_OPCODE = FIELD(7, 0),         /* enum cmd_opcode */
	CMD_SSEC = BIT_FIELD(10),         /* Secure queue: the StreamID is Secure; else must be 0 */
	CMD_SSV = BIT_FIELD(11),          /* SubstreamID is valid */
	CMD_SUBSTREAMID = FIELD(31, 12),
	CMD_STREAMID = FIELD(63, 32),
	CMD_VMID = FIELD(47, 32),
	CMD_ASID = FIELD(63, 48),
	CMD_LEAF = BIT_FIELD(64),         /* cached entries of the last level alone */
	CMD_ADDRESS = FIELD(127, 76),     /* an address */
	CMD_IPA = FIELD(119, 76),         /* an address, of S2_IPA, S_S2_IPA, DPTI_PA */

	/* CMD_PREFETCH_ADDR.  4.2.2 */
	CMD_PREFETCH_SIZE = FIELD(68, 64),
	CMD_PREFETCH_STRIDE = FIELD(73, 69),
	CMD_PREFETCH_NS = BIT_FIELD(75),

	/* CMD_CFGI_STE_RANGE.  4.3.2 */
	CMD_RANGE = FIELD(68, 64),        /* 2^(this + 1) StreamIDs, aligned */

	/* CMD_TLBI by address.  4.4.1.1 */
	CMD_TLBI_NUM = FIELD(16, 12),     /* (NUM + 1) * 2^SCALE granules, if TG is not 0 */
	CMD_TLBI_SCALE = FIELD(25, 20),   /* bit 25 is RES0 if IDR5.DS = 0 */
	CMD_TLBI_TTL128 = BIT_FIELD(71),
	CMD_TLBI_TTL = FIELD(73, 72),     /* level of the leaf; 0: any */
	CMD_TLBI_TG = FIELD(75, 74),      /* enum cmd_tg */
	CMD_TLBI_S_S2_NS = BIT_FIELD(65), /* CMD_TLBI_S_S2_IPA: the IPA is Non-secure.  4.4.3.3 */

	/* CMD_ATC_INV.  4.5.1 */
	CMD_ATC_GLOBAL = BIT_FIELD(9),
	CMD_ATC_SIZE = FIELD(69, 64),     /* 4096 * 2^this bytes; 52: everything */

	/* CMD_PRI_RESP.  4.5.2 */
	CMD_PRGINDEX = FIELD(72, 64),
	CMD_RESP = FIELD(77, 76),         /* enum cmd_resp */

	/* CMD_RESUME.  4.7.1 */
	CMD_RESUME_AC = BIT_FIELD(12),    /* retry; 0: terminate */
	CMD_RESUME_AB = BIT_FIELD(13),    /* terminate with abort; 0: RAZ/WI */
	CMD_STAG = FIELD(79, 64),

	/* CMD_SYNC.  4.7.3 */
	CMD_SYNC_CS = FIELD(13, 12),      /* enum cmd_sync_cs */
	CMD_SYNC_MSH = FIELD(23, 22),
	CMD_SYNC_MSIATTR = FIELD(27, 24), /* as STE.MemAttr */
	CMD_SYNC_MSIDATA = FIELD(63, 32),
	CMD_SYNC_MSIADDRESS = FIELD(119, 66), /* an address */
	CMD_SYNC_MSI_NS = BIT_FIELD(127), /* Realm queue: the MSI is Non-secure */

	/* CMD_DPTI_PA.  4.6.2 */
	CMD_DPTI_SIZE = FIELD(75, 72),
};

/* TG of CMD_TLBI; unlike TG0 and TG1, 0 means none. */
enum cmd_tg {
	CMD_TG_NONE = 0,
	CMD_TG_4K = 1,
	CMD_TG_16K = 2,
	CMD_TG_64K = 3,
};

enum cmd_resp {
	CMD_RESP_FAILURE = 0,
	CMD_RESP_INVALID = 1,
	CMD_RESP_SUCCESS = 2, /* 3 is ILLEGAL */
};

enum cmd_sync_cs {
	CMD_SYNC_SIG_NONE = 0,
	CMD_SYNC_SIG_IRQ = 1,
	CMD_SYNC_SIG_SEV = 2, /* 3 is ILLEGAL */
};

/* The value of a field, at bit 0. */
static inline uint64_t cmd_get(const struct cmd *cmd, enum cmd_field field)
{
	return field_value(cmd->word, (int)field);
}

static inline void cmd_put(struct cmd *cmd, enum cmd_field field, uint64_t value)
{
	uint64_t *const word = &cmd->word[field_lsb((int)field) / 64];
	const uint64_t mask = field_mask((int)field);

	*word = (*word & ~mask) | (value << field_lsb((int)field) % 64 & mask);
}

/* An address field, its bits where they stand. */
static inline uint64_t cmd_address(const struct cmd *cmd, enum cmd_field field)
{
	return field_in_place(cmd->word, (int)field);
}

#endif
