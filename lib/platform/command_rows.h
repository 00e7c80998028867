/* SPDX-License-Identifier: MIT */
/* Commands and their parameters, as traces spell them, on whichever queue they are legal.  Chapter
 * 4 */
#ifndef SMMU_PLATFORM_COMMAND_ROWS_H
#define SMMU_PLATFORM_COMMAND_ROWS_H

#include "platform/words.h"

#include "arch/cmd.h"

enum param_kind {
	PARAM_NUMBER,  /* NAME=NUMBER */
	PARAM_ADDRESS, /* NAME=NUMBER, its bits in place */
	PARAM_WORD,    /* NAME=WORD, one of a list */
	PARAM_FLAG,    /* NAME: 1 */
	PARAM_CHOICE,  /* one of a list, which stands alone */
};

struct param_row {
	const char *name;
	enum param_kind kind;
	enum cmd_field field;
	const struct word *words;
};

/* Parameters, as indexes of param_rows and bits of a mask. */
enum param {
	PARAM_SID,
	PARAM_SSEC, /* the StreamID is Secure */
	PARAM_SSID,
	PARAM_VMID,
	PARAM_ASID,
	PARAM_VA,
	PARAM_PREFETCH_NS,
	PARAM_IPA,
	PARAM_IPA_NS,
	PARAM_PA,
	PARAM_DPTI_SIZE,
	PARAM_LEAF,
	PARAM_TG,
	PARAM_TTL,
	PARAM_NUM,
	PARAM_SCALE,
	PARAM_RANGE,
	PARAM_SIZE,
	PARAM_STRIDE,
	PARAM_STAG,
	PARAM_ACTION,
	PARAM_CS,
	PARAM_MSI,
	PARAM_DATA,
	PARAM_ATTR,
	PARAM_SH,
	PARAM_GLOBAL,
	PARAM_ATC_SIZE,
	PARAM_PRGINDEX,
	PARAM_RESP,
	PARAM_DVM_SCALE, /* of what CPUs broadcast */
	PARAMS,
};

#define PARAM_BIT(param) (1u << (param))

extern const struct param_row param_rows[PARAMS];

struct command_row {
	const char *verb, *form; /* form NULL: the verb says it all */
	enum cmd_opcode opcode;
	unsigned takes, needs; /* masks */
	bool ssv;              /* a SubstreamID is valid if it is given */
	uint64_t fixed;        /* of the second word */
};

/* Ends with a NULL verb. */
extern const struct command_row command_rows[];

/* The bits that a value of the parameter may have. */
uint64_t param_bits(const struct param_row *row);

/* The value of a parameter in a command, and its change. */
uint64_t param_get(const struct param_row *row, const uint64_t command[2]);
void param_set(const struct param_row *row, uint64_t command[2], uint64_t value);

#endif
