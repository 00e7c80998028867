/* SPDX-License-Identifier: MIT */
#include "prog/pmcg.h"

#include "arch/offsets.h"
#include "arch/regs.h"
#include "prog/fields.h"
#include "prog/ident.h"

/* ---- What the group has, by CFGR ---- */

static uint64_t cfgr(const struct smmu3_config *config, int field)
{
	const uint64_t value = config->pmcg_cfgr;

	return field_value(&value, field);
}

unsigned pmcg_counters(const struct smmu3_config *config)
{
	return (unsigned)cfgr(config, PMCG_CFGR_NCTR) + 1;
}

uint64_t pmcg_counter_bits(const struct smmu3_config *config)
{
	return low_bits((unsigned)cfgr(config, PMCG_CFGR_SIZE) + 1);
}

/* Filters are those of counter 0 where one is for all.  10.4 */
static bool has_filter(const struct smmu3_config *config, unsigned n)
{
	return !n || !cfgr(config, PMCG_CFGR_SID_FILTER_TYPE);
}

uint32_t pmcg_evtyper_bits(const struct smmu3_config *config, unsigned n)
{
	return (uint32_t)(REG_MASK(PMCG_EVTYPER_EVENT) |
			  (cfgr(config, PMCG_CFGR_CAPTURE) ? REG_MASK(PMCG_EVTYPER_OVFCAP) : 0) |
			  (has_filter(config, n) ? REG_MASK(PMCG_EVTYPER_FILTER_SID_SPAN) : 0));
}

/* As many as StreamIDs have.  10.4.1 */
uint32_t pmcg_smr_bits(const struct smmu3_config *config, unsigned n)
{
	return has_filter(config, n) ? (uint32_t)low_bits(ID_FIELD(config, IDR1, SIDSIZE)) : 0;
}

static uint64_t counters_mask(const struct smmu3_config *config)
{
	return low_bits(pmcg_counters(config));
}

bool pmcg_at(const struct smmu3_config *config, uint64_t offset)
{
	return config->pmcg_cfgr && offset - PAGE_PMCG_0 < 2 * (uint64_t)PAGE_BYTES;
}

/* ---- Counting ---- */

bool pmcg_counts(const struct pmcg *pmcg, const struct prog *prog)
{
	return prog_get(prog, PROG_PMCG_CR, PMCG_CR_E) && pmcg->enabled;
}

/* The bits above the lowest 0 of the span's encoding must match.  All ones, and all but the
 * highest, mean any StreamID, also one beyond those that there are.  10.4 */
static bool span_matches(uint32_t span, unsigned sidsize, uint32_t sid)
{
	unsigned ignored = 1;

	while (ignored <= sidsize && bit(span, ignored - 1))
		ignored++;
	return ignored >= sidsize || !((uint64_t)(span ^ sid) >> ignored);
}

static bool stream_matches(const struct pmcg *pmcg, const struct smmu3_config *config, unsigned n,
			   uint32_t sid)
{
	const unsigned filter = has_filter(config, n) ? n : 0;
	const uint64_t evtyper = pmcg->evtyper[filter];

	if (!field_value(&evtyper, PMCG_EVTYPER_FILTER_SID_SPAN))
		return pmcg->smr[filter] == sid;
	return span_matches(pmcg->smr[filter], (unsigned)ID_FIELD(config, IDR1, SIDSIZE), sid);
}

/* How often counter n is to increment.  10.3 says which event no filter is for. */
static uint64_t increments(const struct pmcg *pmcg, const struct smmu3_config *config, unsigned n,
			   const struct pmcg_events *events)
{
	const uint64_t evtyper = pmcg->evtyper[n];
	const uint64_t event = field_value(&evtyper, PMCG_EVTYPER_EVENT);

	if (!bit(pmcg->enabled, n) || event >= PMCG_EVENTS)
		return 0;
	return event == PMCG_EVENT_CYCLE || stream_matches(pmcg, config, n, events->sid) ?
		       events->n[event] :
		       0;
}

static void capture(struct pmcg *pmcg, const struct smmu3_config *config)
{
	for (unsigned n = 0; n < pmcg_counters(config); n++)
		pmcg->shadow[n] = pmcg->counter[n];
}

/* true: counter n overflows.  10.2.1 */
static bool increment(struct pmcg *pmcg, const struct smmu3_config *config, unsigned n,
		      uint64_t times)
{
	const uint64_t most = pmcg_counter_bits(config);
	const bool overflow = times > most - pmcg->counter[n];

	pmcg->counter[n] = (pmcg->counter[n] + times) & most;
	return overflow;
}

bool pmcg_count(struct pmcg *pmcg, const struct prog *prog, const struct smmu3_config *config,
		const struct pmcg_events *events)
{
	uint64_t overflows = 0;
	bool captures = false;

	for (unsigned n = 0; n < pmcg_counters(config); n++) {
		const uint64_t evtyper = pmcg->evtyper[n];

		if (!increment(pmcg, config, n, increments(pmcg, config, n, events)))
			continue;
		overflows |= UINT64_C(1) << n;
		captures |= field_value(&evtyper, PMCG_EVTYPER_OVFCAP) != 0;
	}
	pmcg->overflowed |= overflows;
	if (captures)
		capture(pmcg, config);
	return overflows & pmcg->interrupts &&
	       prog_get(prog, PROG_PMCG_IRQ_CTRL, PMCG_IRQ_CTRL_IRQEN);
}

/* ---- Identification, 10.5.2.13, 10.5.2.15 to 10.5.2.17, 10.5.2.26, 10.5.2.29 ---- */

/* The part and its designer, as IIDR says them; without one there are none. */
static uint64_t peripheral_id(const struct smmu3_config *config, unsigned n)
{
	const uint32_t iidr = config->iidr;
	const uint32_t part = iidr >> 20, designer = iidr & 0x7f;
	const uint32_t id[] = {
		part & 0xff,
		(designer & 0xf) << 4 | part >> 8,
		(iidr >> 16 & 0xf) << 4 | 1 << 3 | designer >> 4,
		(iidr >> 12 & 0xf) << 4,
		iidr >> 8 & 0xf,
	};

	return iidr && n < ARRAY_SIZE(id) ? id[n] : 0;
}

/* Events 0 to 5, and of ATS 6 and 7.  10.3 */
static uint64_t events_there_are(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, ATS) ? 0xff : 0x3f;
}

static uint64_t identification(const struct smmu3_config *config, uint64_t offset)
{
	switch (offset) {
	case REG_PMCG_CFGR:
		return config->pmcg_cfgr;
	case REG_PMCG_IIDR:
		return config->iidr;
	case REG_PMCG_CEID0:
		return events_there_are(config);
	case REG_PMCG_AIDR:
		return config->aidr & 0xff;
	case REG_PMCG_PMDEVARCH:
		return 0x47702a56;
	case REG_PMCG_PMDEVTYPE:
		return 0x56;
	case REG_PMCG_CIDR0:
		return 0x0d;
	case REG_PMCG_CIDR1:
		return 0x90;
	case REG_PMCG_CIDR2:
		return 0x05;
	case REG_PMCG_CIDR3:
		return 0xb1;
	default:
		if (offset - REG_PMCG_PIDR4 < 16)
			return peripheral_id(config, 4 + (unsigned)(offset - REG_PMCG_PIDR4) / 4);
		if (offset - REG_PMCG_PIDR0 < 16)
			return peripheral_id(config, (unsigned)(offset - REG_PMCG_PIDR0) / 4);
		return 0;
	}
}

/* ---- Arrays and bitmaps ---- */

/* A word of one of them: which value, and where in it. */
struct slot {
	uint64_t *value;
	uint64_t bits; /* that it has */
	unsigned shift;
	enum slot_kind { SLOT_NONE, SLOT_PLAIN, SLOT_READ, SLOT_SET, SLOT_CLEAR } kind;
};

/* Counters of more than 32 bits are 8 bytes apart.  10.5.1 */
static struct slot counter_slot(uint64_t *values, const struct smmu3_config *config, uint64_t into,
				enum slot_kind kind)
{
	const unsigned stride = cfgr(config, PMCG_CFGR_SIZE) > 31 ? 8 : 4;
	const unsigned n = (unsigned)(into / stride);

	if (n >= pmcg_counters(config))
		return (struct slot){ .kind = SLOT_NONE };
	return (struct slot){ &values[n], pmcg_counter_bits(config), (unsigned)(into % stride) * 8,
			      kind };
}

static struct slot slot_at(struct pmcg *pmcg, const struct smmu3_config *config, uint64_t offset)
{
	static const struct {
		uint64_t offset;
		size_t member;
		enum slot_kind kind;
	} bitmaps[] = {
		{ REG_PMCG_CNTENSET0, offsetof(struct pmcg, enabled), SLOT_SET },
		{ REG_PMCG_CNTENCLR0, offsetof(struct pmcg, enabled), SLOT_CLEAR },
		{ REG_PMCG_INTENSET0, offsetof(struct pmcg, interrupts), SLOT_SET },
		{ REG_PMCG_INTENCLR0, offsetof(struct pmcg, interrupts), SLOT_CLEAR },
		{ REG_PMCG_OVSSET0, offsetof(struct pmcg, overflowed), SLOT_SET },
		{ REG_PMCG_OVSCLR0, offsetof(struct pmcg, overflowed), SLOT_CLEAR },
	};

	if (offset - REG_PMCG_EVCNTR < 0x200)
		return counter_slot(pmcg->counter, config, offset - REG_PMCG_EVCNTR, SLOT_PLAIN);
	if (offset - REG_PMCG_SVR < 0x200 && cfgr(config, PMCG_CFGR_CAPTURE))
		return counter_slot(pmcg->shadow, config, offset - REG_PMCG_SVR, SLOT_READ);
	for (size_t i = 0; i < ARRAY_SIZE(bitmaps); i++)
		if (offset - bitmaps[i].offset < 8)
			return (struct slot){
				(uint64_t *)(void *)((char *)pmcg + bitmaps[i].member),
				counters_mask(config), (unsigned)(offset - bitmaps[i].offset) * 8,
				bitmaps[i].kind
			};
	return (struct slot){ .kind = SLOT_NONE };
}

static void write_slot(const struct slot *slot, uint64_t written)
{
	const uint64_t mask = low_bits(32) << slot->shift & slot->bits;
	const uint64_t bits = written << slot->shift & mask;

	if (slot->kind == SLOT_PLAIN)
		*slot->value = (*slot->value & ~mask) | bits;
	if (slot->kind == SLOT_SET)
		*slot->value |= bits;
	if (slot->kind == SLOT_CLEAR)
		*slot->value &= ~bits;
}

/* EVTYPERn, SMRn: 4 bytes each.  NULL: it is not there. */
static uint32_t *filter_at(struct pmcg *pmcg, const struct smmu3_config *config, uint64_t offset,
			   uint32_t *bits)
{
	const uint64_t type = (offset - REG_PMCG_EVTYPER) / 4, match = (offset - REG_PMCG_SMR) / 4;

	if (type < pmcg_counters(config)) {
		*bits = pmcg_evtyper_bits(config, (unsigned)type);
		return &pmcg->evtyper[type];
	}
	if (match < pmcg_counters(config)) {
		*bits = pmcg_smr_bits(config, (unsigned)match);
		return &pmcg->smr[match];
	}
	return NULL;
}

/* ---- Accesses, word by word ---- */

/* IRQ_STATUS is of SMMUv3.1 and later.  10.5.2.24 */
static bool is_row(const struct smmu3_config *config, uint64_t offset)
{
	return offset != REG_PMCG_IRQ_STATUS || config->aidr & 0xf;
}

static uint64_t read_word(struct pmcg *pmcg, const struct prog *prog,
			  const struct smmu3_config *config, uint64_t offset)
{
	const struct slot slot = slot_at(pmcg, config, offset);
	uint32_t bits;
	const uint32_t *const filter = filter_at(pmcg, config, offset, &bits);

	if (slot.kind != SLOT_NONE)
		return *slot.value >> slot.shift & low_bits(32);
	if (filter)
		return *filter;
	return (is_row(config, offset) ? prog_read(prog, offset, 4) : 0) |
	       identification(config, offset);
}

uint64_t pmcg_read(struct pmcg *pmcg, const struct prog *prog, const struct smmu3_config *config,
		   uint64_t offset, unsigned size)
{
	const uint64_t low = read_word(pmcg, prog, config, offset);

	return size == 8 ? low | read_word(pmcg, prog, config, offset + 4) << 32 : low;
}

/* An interrupt that is enabled anew has not aborted yet.  10.5.2.24 */
static void write_row(struct prog *prog, uint64_t offset, uint64_t value)
{
	const bool before = prog_get(prog, PROG_PMCG_IRQ_CTRL, PMCG_IRQ_CTRL_IRQEN);

	prog_write(prog, offset, 4, value);
	if (!before && prog_get(prog, PROG_PMCG_IRQ_CTRL, PMCG_IRQ_CTRL_IRQEN))
		prog_put(prog, PROG_PMCG_IRQ_STATUS, PMCG_IRQ_STATUS_IRQ_ABT, 0);
}

static void write_word(struct pmcg *pmcg, struct prog *prog, const struct smmu3_config *config,
		       uint64_t offset, uint64_t value)
{
	const struct slot slot = slot_at(pmcg, config, offset);
	uint32_t bits;
	uint32_t *const filter = filter_at(pmcg, config, offset, &bits);

	if (slot.kind != SLOT_NONE)
		write_slot(&slot, value);
	else if (filter)
		*filter = (uint32_t)value & bits;
	else if (offset == REG_PMCG_CAPR && value & 1 && cfgr(config, PMCG_CFGR_CAPTURE))
		capture(pmcg, config);
	else
		write_row(prog, offset, value);
}

void pmcg_write(struct pmcg *pmcg, struct prog *prog, const struct smmu3_config *config,
		uint64_t offset, unsigned size, uint64_t value)
{
	write_word(pmcg, prog, config, offset, value & low_bits(32));
	if (size == 8)
		write_word(pmcg, prog, config, offset + 4, value >> 32);
}
