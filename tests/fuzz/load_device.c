/* SPDX-License-Identifier: MIT */
#include "load_device.h"

#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

enum { CALLS_MOST = 100000 };

/* ---- The host ---- */

void device_add(struct device *device, uint64_t value)
{
	device->sum = (device->sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	device->sum ^= device->sum >> 29;
	MUST(device->calls++ < CALLS_MOST);
}

static void add_access(struct device *device, const struct smmu3_mem_access *access)
{
	device_add(device, access->pa);
	device_add(device, access->bytes);
	device_add(device, (uint64_t)access->reason << 16 | (unsigned)access->attr.mair << 8 |
				   access->attr.sh);
	MUST(access->pa % access->bytes == 0);
	MUST(device_has(device, (enum smmu3_pas)access->pas));
	MUST(!access->mecid || access->pas == SMMU3_PAS_REALM);
	device_add(device, access->pas);
}

bool device_has_endpoints(const struct device *device)
{
	return device->config.idr[0] >> 10 & 1; /* ATS, and PRI */
}

/* SECURE_IMPL, REALM_IMPL, ROOT_IMPL */
bool device_has(const struct device *device, enum smmu3_pas state)
{
	const struct smmu3_config *config = &device->config;

	switch (state) {
	case SMMU3_PAS_NS:
		return true;
	case SMMU3_PAS_SECURE:
		return config->s_idr[1] >> 31;
	case SMMU3_PAS_REALM:
		return config->r_idr[1] >> 31;
	case SMMU3_PAS_ROOT:
		return config->root_idr0 & 1;
	default:
		return false;
	}
}

bool device_has_monitors(const struct device *device)
{
	return device->config.pmcg_cfgr != 0;
}

/* Of four StreamIDs one has no valid STE, two abort, one is of stage 2, EATS = 0b11; both trees of
 * a Secure one are alike.  5.2 */
static void give_ste(uint64_t pa, uint64_t *ste)
{
	enum { STAGE_2 = 3 };

	ste[0] = pa >> 6 & 1;
	if ((pa >> 6 & 3) != STAGE_2)
		return;
	ste[0] |= 6 << 1;
	ste[1] = UINT64_C(3) << 28 | UINT64_C(1) << 44;
	ste[2] = UINT64_C(0x040d355900000007); /* VMID 7, 39 bits from level 1, 4KB */
	ste[4] = UINT64_C(0x5900000000);
}

/* Commands of every kind, one after the other; STEs; descriptors that are blocks, or invalid. */
static enum smmu3_mem_result host_read(void *context, const struct smmu3_mem_access *access,
				       void *data)
{
	static const uint64_t commands[][2] = {
		{ 0x04, 31 },
		{ 0x11 | UINT64_C(5) << 48, 0 },
		{ 0x44 | 1 << 12, 0 },
		{ 0x46 | 2 << 12, 0 },
		{ 0x45, 0 },
		{ 0x46 | 1 << 12 | UINT64_C(7) << 32, 0x1000 },
		{ 0x44 | UINT64_C(1) << 32, 1 },
		/* of ATS and PRI */
		{ 0x40 | UINT64_C(1) << 32, 0x1000 },
		{ 0x46, 0 },
		{ 0x41, 0x1001 },
	};
	/* Of a Secure queue: for Secure streams, for Non-secure ones, and of no other queue */
	static const uint64_t of_secure[][2] = {
		{ 0x04 | 1 << 10, 31 },
		{ 0x5a | UINT64_C(7) << 32, 0x1002 },
		{ 0x44 | 1 << 10 | 1 << 12, 0 },
		{ 0x46 | 1 << 12 | UINT64_C(7) << 32, 0x1000 },
		{ 0x45 | UINT64_C(1) << 32, 0 },
		{ 0x18, 0 },
		{ 0x45 | 1 << 10, 0 },
		{ 0x44 | UINT64_C(1) << 32, 1 },
		{ 0x30, 0 },
		{ 0x40 | UINT64_C(1) << 32, 0x1000 },
		{ 0x46, 0 },
	};
	enum { OF_ENDPOINTS = 3, OF_ENDPOINTS_SECURE = 2 };
	struct device *device = context;

	add_access(device, access);
	memset(data, 0, access->bytes);
	if (access->reason == SMMU3_REASON_CMDQ && access->pas == SMMU3_PAS_SECURE)
		memcpy(data,
		       of_secure[device->reads++ %
				 (ROWS(of_secure) -
				  (device_has_endpoints(device) ? 0 : OF_ENDPOINTS_SECURE))],
		       16);
	else if (access->reason == SMMU3_REASON_CMDQ)
		memcpy(data,
		       commands[device->reads++ %
				(ROWS(commands) -
				 (device_has_endpoints(device) ? 0 : OF_ENDPOINTS))],
		       16);
	else if (access->reason == SMMU3_REASON_STE)
		give_ste(access->pa, data);
	else if (access->reason == SMMU3_REASON_GPT)
		*(uint64_t *)data = access->pa & 8 ? 0x1 : 0xf1; /* blocks: of nobody, of all */
	else
		*(uint64_t *)data = access->pa >> 6 & 1;
	return SMMU3_MEM_OK;
}

static enum smmu3_mem_result host_write(void *context, const struct smmu3_mem_access *access,
					const void *data)
{
	uint64_t word = 0;

	add_access(context, access);
	for (uint32_t i = 0; i < access->bytes; i += 4) {
		memcpy(&word, (const char *)data + i, 4);
		device_add(context, word);
	}
	return access->pa & 0x100 ? SMMU3_MEM_ABORT : SMMU3_MEM_OK;
}

static void host_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	static const struct {
		enum smmu3_interrupt first, last;
	} lines[] = {
		[SMMU3_PAS_NS] = { 0, SMMU3_INTERRUPT_PMCG },
		[SMMU3_PAS_SECURE] = { SMMU3_INTERRUPT_S_EVENTQ, SMMU3_INTERRUPT_S_GERROR },
		[SMMU3_PAS_REALM] = { SMMU3_INTERRUPT_R_EVENTQ, SMMU3_INTERRUPT_R_GERROR },
		[SMMU3_PAS_ROOT] = { SMMU3_INTERRUPT_GPF_FAR, SMMU3_INTERRUPT_GPT_CFG_FAR },
	};
	bool known = false;

	for (unsigned state = 0; state < ROWS(lines); state++)
		known |= interrupt >= lines[state].first && interrupt <= lines[state].last &&
			 device_has(context, (enum smmu3_pas)state);
	MUST(known);
	MUST(interrupt != SMMU3_INTERRUPT_PRIQ || device_has_endpoints(context));
	MUST(interrupt != SMMU3_INTERRUPT_PMCG || device_has_monitors(context));
	device_add(context, 0x100 + interrupt);
}

static void host_send_event(void *context)
{
	device_add(context, 0x200);
}

static void host_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	MUST(scope->kind <= SMMU3_INVALIDATES_DPT ||
	     (scope->kind == SMMU3_INVALIDATES_ALL && device_has(context, SMMU3_PAS_SECURE)) ||
	     (scope->kind == SMMU3_INVALIDATES_GPT && device_has(context, SMMU3_PAS_ROOT)));
	device_add(context, (uint64_t)scope->sec_sid << 8 | scope->ipa_pas);
	device_add(context, scope->addr ^ scope->bytes ^ scope->sids);
	device_add(context, (uint64_t)scope->sid << 32 | (unsigned)scope->asid << 16 | scope->vmid);
}

static void host_stall_ended(void *context, const struct smmu3_stall *stall)
{
	struct device *device = context;

	MUST(stall->stag < device->config.idr[5] >> 16 && stall->end <= SMMU3_STALL_RAZ_WI);
	MUST(stall->sec_sid <= SMMU3_PAS_SECURE &&
	     device_has(device, (enum smmu3_pas)stall->sec_sid));
	MUST((uint64_t)stall->sid >>
		     ((stall->sec_sid ? device->config.s_idr : device->config.idr)[1] & 0x3f) ==
	     0);
	device_add(device, stall->sec_sid);
	device_add(device, stall->cookie);
	device_add(device, (uint64_t)stall->sid << 32 | (unsigned)stall->stag << 8 | stall->end);
	device->ends++;
}

static void host_atc_invalidate(void *context, const struct smmu3_atc_invalidation *atc)
{
	MUST(device_has_endpoints(context) && atc->tag);
	device_add(context, atc->tag);
	device_add(context, atc->addr ^ atc->bytes ^ (uint64_t)atc->sid << 32 ^ atc->ssid);
}

static void host_page_response(void *context, const struct smmu3_page_response *response)
{
	MUST(device_has_endpoints(context) && !(response->ssid >> 20) &&
	     !(response->prgindex >> 9));
	MUST(response->code <= 1 || response->code == 15);
	device_add(context, (uint64_t)response->sid << 32 | response->ssid);
	device_add(context, (uint64_t)response->prgindex << 16 | response->code);
}

/* ---- Kinds ---- */

enum { NO_STATISTICS, STATISTICS, STATISTICS_OF_STREAMS };
enum { SEL2 = 1 << 29 };
#define SECURE_IMPL (1u << 31)
enum { QUEUES = 17 << 16 | 17 << 21 }; /* of 4 entries instead of 2^19 */
enum { CAPTURE = 1 << 22, PMCG_MSI = 1 << 21, ONE_FILTER = 1 << 23, RELOC_CTRS = 1 << 20 };

/* What differs from a profile, in the bits of its ID registers; SMMU_PMCG_CFGR; places of each
 * cache. */
static const struct kind {
	const char *profile;
	uint32_t idr0, idr1, idr3, idr5;
	uint32_t pmcg_cfgr, places, statistics;
} kinds[DEVICES] = {
	/* all stalls, forced, or none; MSI and SEV; the fourth has ATS and PRI */
	{ "generic-3.1", 1 << 24 | 1 << 14, QUEUES, 0, 3 << 16, 0, 0, NO_STATISTICS },
	{ "generic-3.1", 3 << 24 | 3 << 13, QUEUES, 0, 2 << 16, 0, 0, NO_STATISTICS },
	{ "generic-3.1", 3 << 13, QUEUES, 0, 0, 0, 0, NO_STATISTICS },
	{ "generic-3.1", 1 << 24 | 3 << 13 | 1 << 10 | 1 << 16, QUEUES | 2 << 11, 0, 70 << 16, 0, 0,
	  NO_STATISTICS },
	/* ATOS, VATOS, a DPT; 4 counters of 32 bits */
	{ "generic-3.3", 1 << 15 | 1 << 20, QUEUES | 17 << 11, 1 << 15, 0x102 << 16,
	  RELOC_CTRS | PMCG_MSI | CAPTURE | 31 << 8 | 3, 4, STATISTICS_OF_STREAMS },
	/* 2 of 64 bits with one filter */
	{ "generic-3.1", 1 << 24 | 3 << 13, QUEUES, 0, 3 << 16,
	  RELOC_CTRS | ONE_FILTER | CAPTURE | 63 << 8 | 1, 0, STATISTICS },
	/* EL2 and forced stalls; one of 36 bits */
	{ "generic-3.3", 2 << 24, QUEUES | 17 << 11, 0, 0x103 << 16,
	  RELOC_CTRS | PMCG_MSI | 35 << 8, 2, NO_STATISTICS },
	/* ATOS alone, and caches */
	{ "generic-3.1", 1 << 24 | 1 << 15, QUEUES, 0, 3 << 16, 0, 1, STATISTICS_OF_STREAMS },
	/* a Secure state, with ATS and PRI beside it and S_ATOS; with EL2, stage 2 and forced
	   stalls */
	{ "generic-3.1", 1 << 24 | 3 << 13 | 1 << 10 | 1 << 16 | 1 << 15, QUEUES | 2 << 11, 0,
	  4 << 16, 0, 0, NO_STATISTICS },
	{ "generic-3.3", 2 << 24, QUEUES | 17 << 11, 0, 0x103 << 16, 0, 2, NO_STATISTICS },
	/* every Security state, with three stalls */
	{ "realm-3.3", 0, QUEUES | 17 << 11, 0, 0x103 << 16, 0, 2, STATISTICS },
};

/* S_IDR1 of those whose profile has no Secure state. */
static const uint32_t s_idr1[DEVICES] = { [8] = SECURE_IMPL | 10, [9] = SECURE_IMPL | SEL2 | 16 };

static struct smmu3_config config_of(const struct kind *kind)
{
	const uint32_t places = kind->places;
	struct smmu3_config config;

	MUST(!smmu3_config_init(&config, kind->profile, NULL));
	config.idr[0] ^= kind->idr0;
	config.idr[1] ^= kind->idr1;
	config.idr[3] ^= kind->idr3;
	config.idr[5] ^= kind->idr5;
	if (s_idr1[kind - kinds]) {
		config.s_idr[1] = s_idr1[kind - kinds];
		/* STALL_MODEL and MSI are those of IDR0 */
		config.s_idr[0] = config.idr[0] & (3u << 24 | 1u << 13);
	}
	config.pmcg_cfgr = kind->pmcg_cfgr;
	config.caches = (struct smmu3_caches){ places, places, places,     places, places,
					       places, places, places > 1, places, places ? 4 : 0 };
	config.statistics = kind->statistics != NO_STATISTICS;
	config.stats_streams = kind->statistics == STATISTICS_OF_STREAMS ? 2 : 0;
	return config;
}

void device_make(struct device *device, unsigned which)
{
	const struct smmu3_host host = {
		.size = sizeof(host),
		.context = device,
		.read = host_read,
		.write = host_write,
		.interrupt = host_interrupt,
		.send_event = host_send_event,
		.invalidate = host_invalidate,
		.stall_ended = host_stall_ended,
		.atc_invalidate = host_atc_invalidate,
		.page_response = host_page_response,
	};

	device->config = config_of(&kinds[which]);
	device->smmu = smmu3_create(&device->config, &host, NULL);
	MUST(device->smmu);
	device->port = smmu3_port_open(device->smmu, NULL, NULL);
	MUST(device->port);
}
