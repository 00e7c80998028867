/* SPDX-License-Identifier: MIT */
/* Memory attributes: chapter 13; MAIR of 5.4; D8.6. */
#include "obvious_state.h"

static const struct half allocating_write_back = { WRITE_BACK, true, true, false };

/* Reserved 0b01 is Non-shareable.  5.2, 5.4, 6.3.11, D8.6.2 */
unsigned obvious_shareability(unsigned sh)
{
	return sh == SMMU3_OSH || sh == SMMU3_ISH ? sh : SMMU3_NSH;
}

static struct half consistent_half(struct half half)
{
	if (half.type == NON_CACHEABLE)
		return (struct half){ .type = NON_CACHEABLE };
	half.tr = half.tr && (half.ra || half.wa);
	return half;
}

struct memory obvious_consistent(struct memory memory)
{
	if (memory.device)
		return (struct memory){ .device = true, .kind = memory.kind, .sh = SMMU3_OSH };
	memory.kind = 0;
	memory.inner = consistent_half(memory.inner);
	memory.outer = consistent_half(memory.outer);
	if (memory.inner.type == NON_CACHEABLE && memory.outer.type == NON_CACHEABLE)
		memory.sh = SMMU3_OSH;
	return memory;
}

/* ---- The byte of MAIR, 5.4 ---- */

/* DecodeLDFAttr.  Inner 0b0000 beside an outer that is not is reserved: 0b0011. */
static struct half half_of_mair(unsigned code)
{
	if (code == 0x0)
		code = 0x3;
	if (code == 0x4)
		return (struct half){ .type = NON_CACHEABLE };
	return (struct half){
		.type = bit(code, 2) ? WRITE_BACK : WRITE_THROUGH,
		.ra = bit(code, 1),
		.wa = bit(code, 0),
		.tr = !bit(code, 3),
	};
}

static unsigned half_to_mair(const struct half *half)
{
	if (half->type == NON_CACHEABLE)
		return 0x4;
	return (half->tr ? 0u : 8u) | (half->type == WRITE_BACK ? 4u : 0u) | (half->ra ? 2u : 0u) |
	       (half->wa ? 1u : 0u);
}

struct memory obvious_memory(const struct smmu3_attr *attr)
{
	struct memory memory = { .sh = obvious_shareability(attr->sh) };

	if (bits(attr->mair, 7, 4) == 0) {
		memory.device = true;
		memory.kind = (unsigned)bits(attr->mair, 3, 2);
	} else {
		memory.outer = half_of_mair((unsigned)bits(attr->mair, 7, 4));
		memory.inner = half_of_mair((unsigned)bits(attr->mair, 3, 0));
	}
	return obvious_consistent(memory);
}

struct smmu3_attr obvious_attr(const struct memory *memory)
{
	const struct memory m = obvious_consistent(*memory);
	const unsigned mair = m.device ? m.kind << 2 :
					 half_to_mair(&m.outer) << 4 | half_to_mair(&m.inner);

	return (struct smmu3_attr){ .mair = (uint8_t)mair, .sh = (uint8_t)m.sh };
}

/* What a client does not drive is Write-Back, allocating, Non-shareable.  13.1.3 */
struct memory obvious_input(const struct smmu3_txn *txn)
{
	const struct smmu3_attr unsupplied = { SMMU3_ATTR_DEFAULT_MAIR, SMMU3_NSH };

	return obvious_memory(txn->flags & SMMU3_TXN_ATTR ? &txn->attr : &unsupplied);
}

/* ---- Table walks: CD.IRx, ORx, SHx; STE.S2IR0, S2OR0, S2SH0.  5.2, 5.4 ---- */

static struct half half_of_region(unsigned code)
{
	const struct half half[4] = {
		{ NON_CACHEABLE, false, false, false },
		{ WRITE_BACK, true, true, false },
		{ WRITE_THROUGH, true, false, false },
		{ WRITE_BACK, true, false, false },
	};

	return half[code & 3];
}

struct memory obvious_region(unsigned inner, unsigned outer, unsigned sh)
{
	return obvious_consistent((struct memory){
		.inner = half_of_region(inner),
		.outer = half_of_region(outer),
		.sh = obvious_shareability(sh),
	});
}

/* ---- MemAttr<3:0> of a stage 2 leaf without FWB, of an STE and of GBPA ---- */

/* S2DecodeCacheability.  Stage 2 has no hints: allocating is what gives way to any.  13.4.4 */
static struct half half_of_memattr(unsigned code)
{
	struct half half = allocating_write_back;

	half.type = code == 1 ? NON_CACHEABLE : code == 2 ? WRITE_THROUGH : WRITE_BACK;
	return half;
}

/* S2DecodeMemAttrs.  Reserved 0b0100, 0b1000, 0b1100 are Device-nGnRnE.  5.2, MemAttr */
static struct memory memory_of_memattr(unsigned memattr)
{
	const unsigned outer = (unsigned)bits(memattr, 3, 2), inner = (unsigned)bits(memattr, 1, 0);

	if (outer == 0)
		return (struct memory){ .device = true, .kind = inner };
	if (inner == 0)
		return (struct memory){ .device = true, .kind = 0 };
	return (struct memory){
		.inner = half_of_memattr(inner),
		.outer = half_of_memattr(outer),
	};
}

/* ---- Replace, 13.1.4 ---- */

/* What was cacheable keeps its hints; what was not had none, so those of 13.1.3 count. */
static struct half retype(struct half half, enum cacheability type)
{
	if (half.type == NON_CACHEABLE)
		half = allocating_write_back;
	half.type = type;
	return half;
}

/* ALLOCCFG = 0b1RWT.  What is not cacheable has no hints to replace. */
static struct half reallocate(struct half half, unsigned alloc)
{
	if (!bit(alloc, 3) || half.type == NON_CACHEABLE)
		return half;
	return (struct half){ half.type, bit(alloc, 2), bit(alloc, 1), bit(alloc, 0) };
}

struct memory obvious_replace(const struct attribute_override *by, struct memory memory)
{
	if (by->type) {
		const struct memory to = memory_of_memattr(by->memattr);

		memory.device = to.device;
		memory.kind = to.kind;
		memory.inner = retype(memory.inner, to.inner.type);
		memory.outer = retype(memory.outer, to.outer.type);
	}
	memory.inner = reallocate(memory.inner, by->alloc);
	memory.outer = reallocate(memory.outer, by->alloc);
	if (by->sh != 1) /* 0b01: as it came */
		memory.sh = by->sh;
	return obvious_consistent(memory);
}

/* ---- Stage 1, 13.4.2 ---- */

/* No-allocate is stronger than allocate, transient than non-transient.  13.1.5 */
static struct half combine_hints(struct half input, struct half stage1)
{
	if (input.type == NON_CACHEABLE || stage1.type == NON_CACHEABLE)
		return stage1;
	stage1.ra = stage1.ra && input.ra;
	stage1.wa = stage1.wa && input.wa;
	stage1.tr = stage1.tr || input.tr;
	return stage1;
}

/* Reserved SH of a leaf. */
static unsigned leaf_shareability(struct obvious *o, enum obvious_choice choice, unsigned sh)
{
	static const uint8_t meaning[] = { SMMU3_NSH, SMMU3_OSH, SMMU3_ISH };

	return sh == 1 ? meaning[obvious_chosen(o, choice)] : sh;
}

struct memory obvious_stage1_memory(struct obvious *o, const struct memory *input, unsigned mair,
				    unsigned sh)
{
	const struct smmu3_attr attr = { (uint8_t)mair,
					 (uint8_t)leaf_shareability(o, OBVIOUS_CHOICE_S1_SH, sh) };
	struct memory memory = obvious_memory(&attr);

	if (!input->device) {
		memory.inner = combine_hints(input->inner, memory.inner);
		memory.outer = combine_hints(input->outer, memory.outer);
	}
	return obvious_consistent(memory);
}

/* ---- Stage 2: S2CombineS1MemAttrs, AArch64.S2ApplyFWBMemAttrs ---- */

/* S2CombineS1AttrHints: the stronger type, with the hints of what came in. */
static struct half combine_half(struct half in, struct half stage2)
{
	if (stage2.type < in.type)
		in.type = stage2.type;
	return in;
}

static struct memory combine_plain(const struct memory *in, unsigned memattr)
{
	const struct memory stage2 = memory_of_memattr(memattr);
	struct memory memory = *in;

	if (in->device && stage2.device)
		memory.kind = least(in->kind, stage2.kind);
	else if (stage2.device)
		memory = stage2;
	else if (!in->device) {
		memory.inner = combine_half(in->inner, stage2.inner);
		memory.outer = combine_half(in->outer, stage2.outer);
	}
	return memory;
}

static struct memory device_of_stage2(const struct memory *in, unsigned kind)
{
	return (struct memory){
		.device = true,
		.kind = in->device ? least(in->kind, kind) : kind,
	};
}

/* MemAttr<3> is ignored; reserved 0b100 is Device-nGnRnE.  D8.6.5 */
static struct memory combine_fwb(const struct memory *in, unsigned memattr)
{
	const unsigned low = (unsigned)bits(memattr, 2, 0);
	const struct memory non_cacheable = { .device = false };
	struct memory memory = *in;

	if (low < 4)
		return device_of_stage2(in, low);
	if (low == 4)
		return device_of_stage2(in, 0);
	if (low == 5)
		return in->device ? *in : non_cacheable;
	if (low == 7)
		return *in;
	memory.device = false;
	memory.inner = retype(in->inner, WRITE_BACK);
	memory.outer = retype(in->outer, WRITE_BACK);
	return memory;
}

/* S2CombineS1Shareability */
static unsigned combine_shareability(unsigned a, unsigned b)
{
	if (a == SMMU3_OSH || b == SMMU3_OSH)
		return SMMU3_OSH;
	return a == SMMU3_ISH || b == SMMU3_ISH ? SMMU3_ISH : SMMU3_NSH;
}

/* IDR3.MTEPERM: 0b0100 is iWB-oWB; with FWB 0b111x is 0b011x, and 0b1xxx else is reserved, which
 * here is Device-nGnRnE.  3.23.1 */
static unsigned without_tags(const struct obvious *o, unsigned memattr)
{
	if (!bit(o->machine->idr3, 22) || o->stream.lpae)
		return memattr;
	if (!o->stream.fwb)
		return memattr == 4 ? 15 : memattr;
	return memattr < 8 ? memattr : memattr == 15 ? 7 : memattr == 14 ? 6 : 0;
}

/* Reserved MemAttr of a leaf: 0b0000 is Device-nGnRnE, also with FWB. */
static unsigned defined_memattr(struct obvious *o, unsigned memattr)
{
	static const uint8_t plain[] = { 0, 5, 15 }, fwb[] = { 0, 6, 7 };

	if (o->stream.fwb && bits(memattr, 2, 0) == 4)
		return fwb[obvious_chosen(o, OBVIOUS_CHOICE_S2_MEMATTR_FWB)];
	if (!o->stream.fwb && bits(memattr, 1, 0) == 0 && memattr)
		return plain[obvious_chosen(o, OBVIOUS_CHOICE_S2_MEMATTR)];
	return memattr;
}

struct memory obvious_combine(struct obvious *o, const struct memory *in, unsigned memattr,
			      unsigned sh)
{
	struct obvious_notes *notes = &o->answer->notes;
	const unsigned seen = defined_memattr(o, without_tags(o, memattr));
	struct memory memory = o->stream.fwb ? combine_fwb(in, seen) : combine_plain(in, seen);

	notes->combined = true;
	notes->fwb = o->stream.fwb;
	notes->s1 = obvious_attr(in);
	notes->s2_memattr = (uint8_t)memattr;
	notes->s2_sh = (uint8_t)sh;
	memory.sh = combine_shareability(in->sh,
					 obvious_shareability(
						 leaf_shareability(o, OBVIOUS_CHOICE_S2_SH, sh)));
	return obvious_consistent(memory);
}

/* What is Normal leaves as iNC-oNC; what is Device stays.  13.6.1.1 */
struct memory obvious_no_snoop(struct memory memory)
{
	if (!memory.device) {
		memory.inner.type = NON_CACHEABLE;
		memory.outer.type = NON_CACHEABLE;
	}
	return obvious_consistent(memory);
}
