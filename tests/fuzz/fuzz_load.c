/* SPDX-License-Identifier: MIT */
/* Bytes are a profile and a saved state; what is loaded must be one that is saved again as it was,
 * and goes on as an SMMU does. */
#include "bytes.h"
#include "load_device.h"

#include <smmu/stats.h>

#include <string.h>

enum { BLOB_MOST = 8192, CONF_END = 16 + 12 + 112, CHECKSUM = 4 };

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

enum { AS_IT_IS = 0x80 };

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

/* What Page 0 or Page 1 has at an offset, of the state whose turn it is.  6.2 */
static uint64_t place(const struct device *device, uint64_t offset)
{
	if (offset >= 0x20000 || device->state == SMMU3_PAS_NS)
		return offset;
	return device->state == SMMU3_PAS_REALM ? 0x40000 + offset : 0x8000 | (offset & 0x7fff);
}

static uint64_t read_register(struct device *device, uint64_t offset)
{
	uint64_t value;

	MUST(!smmu3_mmio_read(device->smmu, device->state, place(device, offset), 4, &value));
	return value;
}

enum { GATOS_CTRL = 0x100, VATOS_CTRL = 0x20a00 };
enum {
	PMCG_SMR = 0xb0a00,
	PMCG_CNTENSET = 0xb0c00,
	PMCG_INTENSET = 0xb0c40,
	PMCG_CFGR = 0xb0e00,
	PMCG_CR = 0xb0e04,
	PMCG_IRQ_CTRL = 0xb0e50,
	PMCG_IRQ_CTRLACK = 0xb0e54,
	PMCG_EVCNTR = 0xc0000,
	PMCG_OVSSET = 0xc0cc0,
	PMCG_CAPR = 0xc0d88,
};

static void write_register(struct device *device, uint64_t offset, uint64_t value)
{
	MUST(!smmu3_mmio_write(device->smmu, device->state, place(device, offset), 4, value));
}

/* The tags of ATS invalidations that are not answered, as the bytes have them: last. */
static const uint8_t *tags_of(const struct blob *blob, const char *section)
{
	const size_t end = blob->size - CHECKSUM;
	size_t at = 16;

	while (at < end && memcmp(&blob->at[at], section, 4) != 0)
		at += 12 + (size_t)number(&blob->at[at + 8], 4);
	return at < end ? &blob->at[at + 12 + 9] : NULL;
}

/* Endpoints that the queue of a state asked answer, or do not; how many there were. */
static unsigned answer_of(struct device *device, enum smmu3_pas state)
{
	static const char *const sections[] = { "PCIE", "SPCI", "RPCI" };
	const struct blob blob = saved(device);
	const uint8_t *const tags = tags_of(&blob, sections[state]);
	const unsigned count = tags ? *tags : 0;

	MUST(!tags == !device_has(device, state));
	for (unsigned i = 0; i < count; i++) {
		const uint64_t tag = number(tags + 1 + 8 * i, 8);

		MUST(!smmu3_atc_complete(device->smmu, tag | (uint64_t)state << 62,
					 tag % 3 ? SMMU3_ATC_DONE : SMMU3_ATC_TIMED_OUT));
	}
	return count;
}

/* What waited for them goes on, and asks for more. */
static void answer_all(struct device *device)
{
	while (answer_of(device, SMMU3_PAS_NS) + answer_of(device, SMMU3_PAS_SECURE) +
	       answer_of(device, SMMU3_PAS_REALM))
		continue;
}

/* An endpoint asks for a page. */
static void request_page(struct device *device, uint32_t sid)
{
	const struct smmu3_page_request page = {
		.addr = 0x1000, .sid = sid, .flags = 0x3f, .sec_sid = (uint8_t)device->state
	};

	MUST(!smmu3_page_request(device->smmu, &page) || !device_has_endpoints(device));
}

static void check_monitors(struct device *device)
{
	const uint64_t overflowed = read_register(device, PMCG_OVSSET);

	MUST(read_register(device, PMCG_IRQ_CTRL) == read_register(device, PMCG_IRQ_CTRLACK));
	MUST(read_register(device, PMCG_CFGR) == device->config.pmcg_cfgr);
	MUST(!(read_register(device, PMCG_SMR) >> (device->config.idr[1] & 0x3f)));
	MUST(device_has_monitors(device) ? !(overflowed >> 4) : !overflowed);
	device_add(device, read_register(device, PMCG_EVCNTR) << 32 | overflowed);
}

/* S_CR0.NSSTALLD has IDR0.STALL_MODEL be 0b01.  6.3.57 */
static uint32_t idr0_now(struct device *device)
{
	enum { S_CR0 = 0x8020, NSSTALLD = 1 << 9, TERMINATES = 1 << 24 };
	uint64_t s_cr0;

	MUST(!smmu3_mmio_read(device->smmu, SMMU3_PAS_SECURE, S_CR0, 4, &s_cr0));
	return device->config.idr[0] | (s_cr0 & NSSTALLD ? TERMINATES : 0);
}

static uint32_t idr0_of(struct device *device)
{
	switch (device->state) {
	case SMMU3_PAS_SECURE:
		return device->config.s_idr[0];
	case SMMU3_PAS_REALM:
		return device->config.r_idr[0];
	default:
		return idr0_now(device);
	}
}

/* Nothing is due any more: acknowledgements say so. */
static void check_registers(struct device *device)
{
	answer_all(device);
	const uint64_t cr0 = read_register(device, 0x20), ack = read_register(device, 0x24);
	const uint64_t cons = read_register(device, 0x9c);

	MUST(cr0 == ack);
	MUST(read_register(device, 0x50) == read_register(device, 0x54));
	MUST(!read_register(device, GATOS_CTRL) && !read_register(device, VATOS_CTRL));
	if (device->state == SMMU3_PAS_NS)
		check_monitors(device);
	MUST(read_register(device, 0) == idr0_of(device));
	MUST(!(cons & ~UINT64_C(0x7f000007)) &&
	     cons >> 24 <= (device_has_endpoints(device) ? 3 : 2));
	MUST(!(read_register(device, 0x100a8) & ~UINT64_C(0x80000007)));
}

static struct smmu3_txn txn_of(const struct device *device, uint32_t sid, uint8_t ats)
{
	return (struct smmu3_txn){
		.addr = 0x1000,
		.bytes = 4,
		.sid = sid,
		.sec_sid = (uint8_t)device->state,
		.cookie = sid | (uint64_t)device->state << 32,
		.ats = ats,
	};
}

static void add_outcome(struct device *device, const struct smmu3_outcome *outcome)
{
	device_add(device, outcome->verdict);
	device_add(device, outcome->pa ^ outcome->record.word[0] ^ outcome->record.word[1]);
}

static void translate(struct device *device, uint32_t sid, uint8_t ats)
{
	const struct smmu3_txn txn = txn_of(device, sid, ats);
	struct smmu3_outcome outcome;

	if (device->ways & BY_PORT)
		(void)smmu3_port_translate(device->port, &txn, &outcome);
	else
		(void)smmu3_translate(device->smmu, &txn, &outcome);
	add_outcome(device, &outcome);
}

/* Of four StreamIDs, one after the other or at once. */
static void translate_each(struct device *device)
{
	enum { SIDS = 4 };
	struct smmu3_txn txn[SIDS];
	struct smmu3_outcome outcome[SIDS];

	for (uint32_t sid = 0; sid < SIDS; sid++)
		txn[sid] = txn_of(device, sid, SMMU3_ATS_UNTRANSLATED);
	if (device->ways & AT_ONCE)
		smmu3_port_translate_batch(device->port, txn, outcome, SIDS);
	for (uint32_t sid = 0; sid < SIDS; sid++) {
		if (device->ways & AT_ONCE)
			add_outcome(device, &outcome[sid]);
		else
			translate(device, sid, SMMU3_ATS_UNTRANSLATED);
	}
}

/* What asks about tables, or of what was kept of them. */
static void use_tables(struct device *device)
{
	const struct smmu3_invalidation all = { .kind = SMMU3_INVALIDATES_STAGES,
						.any_asid = 1,
						.any_vmid = 1,
						.sec_sid = (uint8_t)device->state };

	if (device_has_endpoints(device)) {
		translate(device, 3, SMMU3_ATS_REQUEST);
		translate(device, 3, SMMU3_ATS_TRANSLATED);
	}
	write_register(device, GATOS_CTRL, 1);
	write_register(device, VATOS_CTRL, 1);
	device_add(device, read_register(device, 0x118) << 32 | read_register(device, 0x210));
	MUST(!smmu3_broadcast_tlbi(device->smmu, &all));
	translate(device, 3, SMMU3_ATS_UNTRANSLATED);
}

/* Counters that count from here on, if they did not. */
static void use_monitors(struct device *device)
{
	write_register(device, PMCG_CNTENSET, 3);
	write_register(device, PMCG_INTENSET, 1);
	write_register(device, PMCG_IRQ_CTRL, 1);
	write_register(device, PMCG_CR, 1);
	for (unsigned i = 0; i < 2; i++)
		translate(device, 3, SMMU3_ATS_UNTRANSLATED);
	write_register(device, PMCG_CAPR, 1);
	check_monitors(device);
}

/* A CMD_SYNC that waits for a section is saved as one that waits, and loaded where there is nothing
 * to wait for. */
static void save_and_load(struct device *device)
{
	const struct blob before = saved(device);
	const int code = smmu3_load(device->smmu, before.at, before.size, NULL);

	MUST(!code || code == -SMMU3_E_ARGUMENT); /* stalls are held */
	if (code)
		return;
	const struct blob after = saved(device);

	MUST(same(&before, &after));
}

static void use_queue(struct device *device)
{
	if (device->ways & SECTIONS)
		smmu3_port_begin(device->port);
	for (uint32_t i = 0; i < 4; i++)
		write_register(device, 0x98, read_register(device, 0x9c) + 2);
	if (!(device->ways & SECTIONS))
		return;
	save_and_load(device);
	translate_each(device);
	smmu3_port_end(device->port);
}

/* Software and devices go on. */
static void go_on(struct device *device)
{
	read_register(device, 0x20);
	check_registers(device);
	translate_each(device);
	use_tables(device);
	request_page(device, 1);
	write_register(device, 0x100cc, read_register(device, 0x100c8));
	write_register(device, 0x64, read_register(device, 0x60));
	write_register(device, 0x100ac, read_register(device, 0x100a8));
	use_queue(device);
	check_registers(device);
	if (device->state == SMMU3_PAS_NS)
		use_monitors(device);
	write_register(device, 0x20, 0xd);
	translate(device, 1, SMMU3_ATS_UNTRANSLATED);
	write_register(device, 0x20, 0xf);
	request_page(device, 2);
	write_register(device, 0x98, read_register(device, 0x9c) + 1);
	check_registers(device);
	write_register(device, 0x20, 0);
	check_registers(device);
}

/* Whatever Root software had allowed, it allows accesses to memory after the first.  6.3.112 */
static void let_accesses(struct device *device)
{
	enum { ROOT_CR0 = 0xa0020, ACCESSEN = 1 };

	if (device_has(device, SMMU3_PAS_ROOT))
		MUST(!smmu3_mmio_write(device->smmu, SMMU3_PAS_ROOT, ROOT_CR0, 4, ACCESSEN));
}

static void go_on_in_each(struct device *device)
{
	for (unsigned state = SMMU3_PAS_NS; state <= SMMU3_PAS_REALM; state++) {
		device->state = (enum smmu3_pas)state;
		if (device_has(device, device->state))
			go_on(device);
		let_accesses(device);
	}
	device->state = SMMU3_PAS_NS;
}

/* Both did the same, and each transaction has come to one verdict. */
static void check_counted(struct device devices[2])
{
	struct smmu3_stats one, other;
	uint64_t verdicts;

	MUST((smmu3_stats_read(devices[0].smmu, &one) != 0) != devices[0].config.statistics);
	MUST((smmu3_stats_read(devices[1].smmu, &other) != 0) != devices[1].config.statistics);
	MUST(!memcmp(&one, &other, sizeof(one)));
	verdicts = one.no_ops;
	for (unsigned i = 0; i < SMMU3_STATS_VERDICTS; i++)
		verdicts += one.verdicts[i];
	MUST(verdicts == one.transactions && !one.verdicts[SMMU3_ERROR]);
}

static void check_accepted(struct device devices[2], const struct blob *blob)
{
	const struct blob again = saved(&devices[0]);

	MUST(same(&again, blob) || again.size < blob->size); /* less what may be ignored */
	MUST(!smmu3_load(devices[1].smmu, again.at, again.size, NULL));
	for (unsigned i = 0; i < 2; i++) {
		devices[i].sum = 0;
		devices[i].calls = devices[i].reads = devices[i].ends = 0;
		smmu3_stats_reset(devices[i].smmu);
		go_on_in_each(&devices[i]);
	}
	check_counted(devices);
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
	static struct device kept[DEVICES][2];
	struct bytes bytes = { data, size };
	const uint8_t what = take8(&bytes);
	const unsigned which = (what & ~AS_IT_IS) % DEVICES, ways = (what & ~AS_IT_IS) / DEVICES;
	struct device *devices = kept[which];

	for (unsigned i = 0; i < 2; i++) {
		if (!devices[i].smmu)
			device_make(&devices[i], which);
		devices[i].ways = ways;
	}
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
