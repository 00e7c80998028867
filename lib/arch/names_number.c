/* SPDX-License-Identifier: MIT */
/* The numbers of commands, 4.1.1, and of events, 7.3, and their names.  CMD_CFGI_ALL is a
 * CMD_CFGI_STE_RANGE. */
#include "arch/names.h"
#include "arch/cmd.h"
#include "arch/event.h"

struct numbered {
	unsigned number;
	const char *name;
};

#define NUMBERED(name) { name, #name }

static const struct numbered commands[] = {
	NUMBERED(CMD_PREFETCH_CONFIG),
	NUMBERED(CMD_PREFETCH_ADDR),
	NUMBERED(CMD_CFGI_STE),
	NUMBERED(CMD_CFGI_STE_RANGE),
	NUMBERED(CMD_CFGI_CD),
	NUMBERED(CMD_CFGI_CD_ALL),
	NUMBERED(CMD_CFGI_VMS_PIDM),
	NUMBERED(CMD_TLBI_NH_ALL),
	NUMBERED(CMD_TLBI_NH_ASID),
	NUMBERED(CMD_TLBI_NH_VA),
	NUMBERED(CMD_TLBI_NH_VAA),
	NUMBERED(CMD_TLBI_EL3_ALL),
	NUMBERED(CMD_TLBI_EL3_VA),
	NUMBERED(CMD_TLBI_EL2_ALL),
	NUMBERED(CMD_TLBI_EL2_ASID),
	NUMBERED(CMD_TLBI_EL2_VA),
	NUMBERED(CMD_TLBI_EL2_VAA),
	NUMBERED(CMD_TLBI_S12_VMALL),
	NUMBERED(CMD_TLBI_S2_IPA),
	NUMBERED(CMD_TLBI_NSNH_ALL),
	NUMBERED(CMD_ATC_INV),
	NUMBERED(CMD_PRI_RESP),
	NUMBERED(CMD_RESUME),
	NUMBERED(CMD_STALL_TERM),
	NUMBERED(CMD_SYNC),
	NUMBERED(CMD_TLBI_S_EL2_ALL),
	NUMBERED(CMD_TLBI_S_EL2_ASID),
	NUMBERED(CMD_TLBI_S_EL2_VA),
	NUMBERED(CMD_TLBI_S_EL2_VAA),
	NUMBERED(CMD_TLBI_S_S12_VMALL),
	NUMBERED(CMD_TLBI_S_S2_IPA),
	NUMBERED(CMD_TLBI_SNH_ALL),
	NUMBERED(CMD_DPTI_ALL),
	NUMBERED(CMD_DPTI_PA),
};

static const struct numbered events[] = {
	NUMBERED(F_UUT),
	NUMBERED(C_BAD_STREAMID),
	NUMBERED(F_STE_FETCH),
	NUMBERED(C_BAD_STE),
	NUMBERED(F_BAD_ATS_TREQ),
	NUMBERED(F_STREAM_DISABLED),
	NUMBERED(F_TRANSL_FORBIDDEN),
	NUMBERED(C_BAD_SUBSTREAMID),
	NUMBERED(F_CD_FETCH),
	NUMBERED(C_BAD_CD),
	NUMBERED(F_WALK_EABT),
	NUMBERED(F_TRANSLATION),
	NUMBERED(F_ADDR_SIZE),
	NUMBERED(F_ACCESS),
	NUMBERED(F_PERMISSION),
	NUMBERED(F_TLB_CONFLICT),
	NUMBERED(F_CFG_CONFLICT),
	NUMBERED(E_PAGE_REQUEST),
	NUMBERED(F_VMS_FETCH),
};

static const char *find_name(const struct numbered *row, size_t count, unsigned number)
{
	for (size_t i = 0; i < count; i++) {
		if (row[i].number == number)
			return row[i].name;
	}
	return NULL;
}

const char *command_name(unsigned opcode)
{
	return find_name(commands, ARRAY_SIZE(commands), opcode);
}

const char *event_name(unsigned number)
{
	if (number >= EVENT_IMPDEF_FIRST && number <= EVENT_IMPDEF_LAST)
		return "IMPDEF_EVENTn";
	return find_name(events, ARRAY_SIZE(events), number);
}
