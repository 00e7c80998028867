/* SPDX-License-Identifier: MIT */
/* The configuration as a session has it: whatever the SMMU's answers may depend on. */
#include "platform/record.h"

#define MEMBER(member)                                         \
	{                                                      \
#member, offsetof(struct smmu3_config, member) \
	}
#define PART(name, member)                                  \
	{                                                   \
		name, offsetof(struct smmu3_config, member) \
	}
#define SEVEN(prefix, array)                                                                \
	PART(prefix "0", array[0]), PART(prefix "1", array[1]), PART(prefix "2", array[2]), \
		PART(prefix "3", array[3]), PART(prefix "4", array[4]),                     \
		PART(prefix "5", array[5]), PART(prefix "6", array[6])

const struct smmu3_record_member *smmu3_record_member(size_t index)
{
	static const struct smmu3_record_member members[] = {
		SEVEN("idr", idr),     MEMBER(iidr),
		MEMBER(aidr),          SEVEN("s_idr", s_idr),
		SEVEN("r_idr", r_idr), MEMBER(root_idr0),
		MEMBER(mpamidr),       MEMBER(r_mecidr),
		MEMBER(gbpa_reset),    MEMBER(interrupt_choices),
		MEMBER(caches.l1stds), MEMBER(caches.stes),
		MEMBER(caches.cds),    MEMBER(caches.tlb),
		MEMBER(caches.tables), MEMBER(caches.dpt),
		MEMBER(caches.gpt),    MEMBER(caches.contiguous),
		MEMBER(caches.micro),  MEMBER(caches.micro_streams),
		MEMBER(statistics),    MEMBER(stats_streams),
		MEMBER(pmcg_cfgr),     MEMBER(s_mpamidr),
		MEMBER(r_mpamidr),     MEMBER(check),
	};

	return index < sizeof(members) / sizeof(members[0]) ? &members[index] : NULL;
}
