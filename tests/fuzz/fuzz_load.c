/* SPDX-License-Identifier: MIT */
/* Bytes are a profile and a saved state; what is loaded must be one that is saved again as it was,
 * and goes on as an SMMU does. */
#include "bytes.h"

#include <smmu/smmu.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define MUST(condition) ((condition) ? (void)0 : abort())

enum { BLOB_MOST = 8192, CONF_END = 16 + 12 + 112, CHECKSUM = 4, CALLS_MOST = 100000 };

/* ---- SMMUs, each with a host that keeps a sum of all that it is asked ---- */

struct device {
	struct smmu3 *smmu;
	struct smmu3_config config;
	uint64_t sum;
	unsigned calls, ends, reads;
};

static void add(struct device *device, uint64_t value)
{
	device->sum = (device->sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	device->sum ^= device->sum >> 29;
	MUST(device->calls++ < CALLS_MOST);
}

static void add_access(struct device *device, const struct smmu3_mem_access *access)
{
	add(device, access->pa);
	add(device, access->bytes);
	add(device,
	    (uint64_t)access->reason << 16 | (unsigned)access->attr.mair << 8 | access->attr.sh);
	MUST(access->pa % access->bytes == 0 && access->pas == SMMU3_PAS_NS);
}

static bool has_endpoints(const struct device *device)
{
	return device->config.idr[0] >> 10 & 1; /* ATS, and PRI */
}

/* Commands of every kind, one after the other; STEs that abort and that are not valid. */
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
	enum { OF_ENDPOINTS = 3 };
	struct device *device = context;

	add_access(device, access);
	memset(data, 0, access->bytes);
	if (access->reason == SMMU3_REASON_CMDQ)
		memcpy(data,
		       commands[device->reads++ %
				(ROWS(commands) - (has_endpoints(device) ? 0 : OF_ENDPOINTS))],
		       16);
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
		add(context, word);
	}
	return access->pa & 0x100 ? SMMU3_MEM_ABORT : SMMU3_MEM_OK;
}

static void host_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	MUST(interrupt <= SMMU3_INTERRUPT_GERROR &&
	     (interrupt != SMMU3_INTERRUPT_PRIQ || has_endpoints(context)));
	add(context, 0x100 + interrupt);
}

static void host_send_event(void *context)
{
	add(context, 0x200);
}

static void host_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	MUST(scope->kind <= SMMU3_INVALIDATES_DPT);
	add(context, scope->addr ^ scope->bytes ^ scope->sids);
	add(context, (uint64_t)scope->sid << 32 | (unsigned)scope->asid << 16 | scope->vmid);
}

static void host_stall_ended(void *context, const struct smmu3_stall *stall)
{
	struct device *device = context;

	MUST(stall->stag < device->config.idr[5] >> 16 && stall->end <= SMMU3_STALL_RAZ_WI);
	MUST(stall->sid >> (device->config.idr[1] & 0x3f) == 0);
	add(device, stall->cookie);
	add(device, (uint64_t)stall->sid << 32 | (unsigned)stall->stag << 8 | stall->end);
	device->ends++;
}

static void host_atc_invalidate(void *context, const struct smmu3_atc_invalidation *atc)
{
	MUST(has_endpoints(context) && atc->tag);
	add(context, atc->tag);
	add(context, atc->addr ^ atc->bytes ^ (uint64_t)atc->sid << 32 ^ atc->ssid);
}

static void host_page_response(void *context, const struct smmu3_page_response *response)
{
	MUST(has_endpoints(context) && !(response->ssid >> 20) && !(response->prgindex >> 9));
	MUST(response->code <= 1 || response->code == 15);
	add(context, (uint64_t)response->sid << 32 | response->ssid);
	add(context, (uint64_t)response->prgindex << 16 | response->code);
}

/* The profile of a number, with queues of 4 entries: all stalls, forced, or none; MSI and SEV; the
 * last has ATS and PRI. */
static struct smmu3_config config_of(unsigned which)
{
	static const uint32_t stall[] = { 1 << 24, 3 << 24, 0, 1 << 24 };
	static const uint32_t most[] = { 3 << 16, 2 << 16, 0, 70 << 16 };
	struct smmu3_config config;

	MUST(!smmu3_config_init(&config, "generic-3.1", NULL));
	config.idr[0] ^= stall[which] | (which ? 1 << 13 : 0) | 1 << 14;
	config.idr[1] ^= 17 << 16 | 17 << 21;
	config.idr[5] ^= most[which];
	if (which == 3) {
		config.idr[0] |= 1 << 10 | 1 << 16;
		config.idr[1] |= 2 << 11;
	}
	return config;
}

static void make(struct device *device, unsigned which)
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

	device->config = config_of(which);
	device->smmu = smmu3_create(&device->config, &host, NULL);
	MUST(device->smmu);
}

/* ---- What is loaded ---- */

struct blob {
	uint8_t at[BLOB_MOST];
	size_t size;
};

static struct blob saved(struct device *device)
{
	struct blob blob = { .size = sizeof(blob.at) };

	MUST(!smmu3_save(device->smmu, blob.at, &blob.size, NULL));
	return blob;
}

static bool same(const struct blob *a, const struct blob *b)
{
	return a->size == b->size && !memcmp(a->at, b->at, a->size);
}

static uint64_t number(const uint8_t *at, unsigned bytes)
{
	return bytes ? number(at + 1, bytes - 1) << 8 | *at : 0;
}

static void put32(uint8_t *at, uint64_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t crc_of(const uint8_t *at, size_t size)
{
	uint32_t crc = ~UINT32_C(0);

	for (size_t i = 0; i < 8 * size; i++)
		crc = crc >> 1 ^ (((crc ^ at[i / 8] >> i % 8) & 1) ? 0xedb88320 : 0);
	return ~crc;
}

enum { WHICH = 3, AS_IT_IS = 0x80 };

/* The sections after CONF, with all that is right around them; or the bytes as they are. */
static struct blob blob_of(const struct blob *fresh, struct bytes *bytes, bool as_it_is)
{
	struct blob blob = { .size = as_it_is ? 0 : CONF_END };
	const size_t room = sizeof(blob.at) - blob.size - CHECKSUM;
	const size_t size = bytes->left < room ? bytes->left : room;

	memcpy(blob.at, fresh->at, blob.size);
	take(bytes, &blob.at[blob.size], size);
	blob.size += size;
	if (as_it_is)
		return blob;
	blob.size += CHECKSUM;
	put32(&blob.at[12], blob.size);
	put32(&blob.at[blob.size - CHECKSUM], crc_of(blob.at, blob.size - CHECKSUM));
	return blob;
}

/* ---- What must hold ---- */

static uint64_t read_register(struct device *device, uint64_t offset)
{
	uint64_t value;

	MUST(!smmu3_mmio_read(device->smmu, SMMU3_PAS_NS, offset, 4, &value));
	return value;
}

static void write_register(struct device *device, uint64_t offset, uint64_t value)
{
	MUST(!smmu3_mmio_write(device->smmu, SMMU3_PAS_NS, offset, 4, value));
}

/* The tags of ATS invalidations that are not answered, as the bytes have them: last. */
static const uint8_t *tags_of(const struct blob *blob)
{
	size_t at = 16;

	while (memcmp(&blob->at[at], "PCIE", 4) != 0)
		at += 12 + (size_t)number(&blob->at[at + 8], 4);
	return &blob->at[at + 12 + 9];
}

/* Endpoints answer, or do not; what waited for them goes on, and asks for more. */
static void answer_all(struct device *device)
{
	for (;;) {
		const struct blob blob = saved(device);
		const uint8_t *tags = tags_of(&blob);

		if (!*tags)
			return;
		for (unsigned i = 0; i < *tags; i++) {
			const uint64_t tag = number(tags + 1 + 8 * i, 8);

			MUST(!smmu3_atc_complete(device->smmu, tag,
						 tag % 3 ? SMMU3_ATC_DONE : SMMU3_ATC_TIMED_OUT));
		}
	}
}

/* An endpoint asks for a page. */
static void request_page(struct device *device, uint32_t sid)
{
	const struct smmu3_page_request page = { .addr = 0x1000, .sid = sid, .flags = 0x3f };

	MUST(!smmu3_page_request(device->smmu, &page) || !has_endpoints(device));
}

/* Nothing is due any more: acknowledgements say so. */
static void check_registers(struct device *device)
{
	answer_all(device);
	const uint64_t cr0 = read_register(device, 0x20), ack = read_register(device, 0x24);
	const uint64_t cons = read_register(device, 0x9c);

	MUST(cr0 == ack);
	MUST(read_register(device, 0x50) == read_register(device, 0x54));
	MUST(read_register(device, 0) == device->config.idr[0]);
	MUST(!(cons & ~UINT64_C(0x7f000007)) && cons >> 24 <= (has_endpoints(device) ? 3 : 2));
	MUST(!(read_register(device, 0x100a8) & ~UINT64_C(0x80000007)));
}

static void translate(struct device *device, uint32_t sid)
{
	const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 4, .sid = sid, .cookie = sid };
	struct smmu3_outcome outcome;

	add(device, smmu3_translate(device->smmu, &txn, &outcome));
	add(device, outcome.pa ^ outcome.record.word[0] ^ outcome.record.word[1]);
}

/* Software and devices go on. */
static void go_on(struct device *device)
{
	read_register(device, 0x20);
	check_registers(device);
	for (uint32_t sid = 0; sid < 3; sid++)
		translate(device, sid);
	request_page(device, 1);
	write_register(device, 0x100cc, read_register(device, 0x100c8));
	write_register(device, 0x64, read_register(device, 0x60));
	write_register(device, 0x100ac, read_register(device, 0x100a8));
	for (uint32_t i = 0; i < 4; i++)
		write_register(device, 0x98, read_register(device, 0x9c) + 2);
	check_registers(device);
	write_register(device, 0x20, 0xd);
	translate(device, 1);
	write_register(device, 0x20, 0xf);
	request_page(device, 2);
	write_register(device, 0x98, read_register(device, 0x9c) + 1);
	check_registers(device);
	write_register(device, 0x20, 0);
	check_registers(device);
}

static void check_accepted(struct device devices[2], const struct blob *blob)
{
	const struct blob again = saved(&devices[0]);

	MUST(same(&again, blob) || again.size < blob->size); /* less what may be ignored */
	MUST(!smmu3_load(devices[1].smmu, again.at, again.size, NULL));
	for (unsigned i = 0; i < 2; i++) {
		devices[i].sum = 0;
		devices[i].calls = devices[i].reads = devices[i].ends = 0;
		go_on(&devices[i]);
	}
	const struct blob one = saved(&devices[0]), other = saved(&devices[1]);

	MUST(same(&one, &other) && devices[0].sum == devices[1].sum);
}

/* STAGs are given out in an order that a reset leaves be. */
static void renew(struct device *device, const struct blob *fresh)
{
	smmu3_reset(device->smmu);
	MUST(!smmu3_load(device->smmu, fresh->at, fresh->size, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct device kept[WHICH + 1][2];
	struct bytes bytes = { data, size };
	const uint8_t what = take8(&bytes);
	struct device *devices = kept[what & WHICH];

	for (unsigned i = 0; i < 2; i++)
		if (!devices[i].smmu)
			make(&devices[i], what & WHICH);
	const struct blob fresh = saved(&devices[0]);
	const struct blob blob = blob_of(&fresh, &bytes, what & AS_IT_IS);
	struct smmu3_error error;
	const int code = smmu3_load(devices[0].smmu, blob.at, blob.size, &error);

	MUST(code == error.code && (code != 0) == (*error.text != 0));
	if (!code) {
		check_accepted(devices, &blob);
		renew(&devices[0], &fresh);
		renew(&devices[1], &fresh);
	}
	const struct blob after = saved(&devices[0]);

	MUST(same(&fresh, &after));
	return 0;
}
