/* SPDX-License-Identifier: MIT */
/*
 * Memory attributes, in the encoding of CD.MAIR throughout.  Inner and outer cacheability never
 * influence each other, so most rules are stated for one half of the byte.  A half of cacheable
 * memory is {not transient, Write-Back, R, W}, each bit set in the weaker case: the stronger of two
 * halves is their AND.  Figure 13.1
 */
#include "walk/attributes.h"

#include "arch/attr.h"
#include "base/bits.h"

enum {
	HALF_NOT_TRANSIENT = MAIR_HALF_WT,
	HALF_WRITE_BACK = MAIR_HALF_WB & ~MAIR_HALF_WT,
};

/* A cacheable half that allocates for neither reads nor writes has no transient hint.  13.1.7 */
ALWAYS_INLINE unsigned consistent_half(unsigned half)
{
	return half & MAIR_HALF_HINTS ? half : half | HALF_NOT_TRANSIENT;
}

ALWAYS_INLINE unsigned stronger_half(unsigned a, unsigned b)
{
	if (a == MAIR_HALF_NC || b == MAIR_HALF_NC)
		return MAIR_HALF_NC;
	return consistent_half(a & b);
}

/* type with its hints and those of from combined; a half not cacheable has none.  13.4.2 */
ALWAYS_INLINE unsigned hinted_half(unsigned type, unsigned from)
{
	if (type == MAIR_HALF_NC || from == MAIR_HALF_NC)
		return type;
	return consistent_half(type & (from | HALF_WRITE_BACK));
}

/* half with the hints of ALLOCCFG, 0b1RWT.  5.2 */
ALWAYS_INLINE unsigned replaced_half(unsigned half, unsigned alloccfg)
{
	const unsigned hints = alloccfg >> 1 & MAIR_HALF_HINTS;
	const unsigned transient = bit(alloccfg, 0) ? 0 : HALF_NOT_TRANSIENT;

	if (half == MAIR_HALF_NC)
		return half;
	return consistent_half((half & HALF_WRITE_BACK) | transient | hints);
}

ALWAYS_INLINE uint8_t halves(unsigned outer, unsigned inner)
{
	return (uint8_t)(outer << 4 | inner);
}

/* The stronger type: Device before Normal, and of Devices the lower byte.  13.1.5 */
ALWAYS_INLINE uint8_t stronger_type(uint8_t a, uint8_t b)
{
	if (mair_is_device(a) || mair_is_device(b))
		return a < b ? a : b;
	return halves(stronger_half(mair_outer(a), mair_outer(b)),
		      stronger_half(mair_inner(a), mair_inner(b)));
}

/* type with its hints combined with those of from, where both have some. */
ALWAYS_INLINE uint8_t hinted_type(uint8_t type, uint8_t from)
{
	if (mair_is_device(type) || mair_is_device(from))
		return type;
	return halves(hinted_half(mair_outer(type), mair_outer(from)),
		      hinted_half(mair_inner(type), mair_inner(from)));
}

static uint8_t replaced_hints(uint8_t mair, unsigned alloccfg)
{
	if (mair_is_device(mair))
		return mair;
	return halves(replaced_half(mair_outer(mair), alloccfg),
		      replaced_half(mair_inner(mair), alloccfg));
}

/* An SH field as the shareability it means: 0b01 is reserved. */
ALWAYS_INLINE unsigned shareability(unsigned sh)
{
	return (sh & 3) == 1 ? SMMU3_NSH : sh & 3;
}

ALWAYS_INLINE unsigned stronger_shareability(unsigned a, unsigned b)
{
	if (a == SMMU3_OSH || b == SMMU3_OSH)
		return SMMU3_OSH;
	return a == SMMU3_ISH || b == SMMU3_ISH ? SMMU3_ISH : SMMU3_NSH;
}

ALWAYS_INLINE struct smmu3_attr with_shareability(uint8_t mair, unsigned sh)
{
	return (struct smmu3_attr){ mair, (uint8_t)(mair_is_always_osh(mair) ? SMMU3_OSH : sh) };
}

/* Reserved encodings: an outer half of 0 is Device whatever bits 1:0 say; an inner half of 0 below
 * any other outer half is Write-Through transient, read- and write-allocate.  0x40, 0xa0 and 0xf0
 * are such, since XS and tagging do not exist.  5.4 */
ALWAYS_INLINE uint8_t resolved(uint8_t mair_byte)
{
	if (mair_is_device(mair_byte))
		return mair_byte & MAIR_DEVICE_GRE;
	return mair_inner(mair_byte) == 0 ? mair_byte | MAIR_HALF_HINTS : mair_byte;
}

struct smmu3_attr attr_from_mair(uint8_t mair_byte, unsigned sh)
{
	return with_shareability(resolved(mair_byte), shareability(sh));
}

struct smmu3_attr attr_consistent(struct smmu3_attr attr)
{
	return attr_from_mair(attr.mair, attr.sh);
}

/* MemAttr[3:0] without FWB, and STE.MemAttr, as types that give the weakest hints: so hints of what
 * they meet pass.  5.2, 13.4.3, D8.6.5 */
static const uint8_t memattr_type[16] = {
	[MEMATTR_DEVICE_NGNRNE] = MAIR_DEVICE_NGNRNE,
	[MEMATTR_DEVICE_NGNRE] = MAIR_DEVICE_NGNRE,
	[MEMATTR_DEVICE_NGRE] = MAIR_DEVICE_NGRE,
	[MEMATTR_DEVICE_GRE] = MAIR_DEVICE_GRE,
	[0x4] = MAIR_DEVICE_NGNRNE, /* reserved, as are 8 and 12 */
	[MEMATTR_NORMAL_NC] = MAIR_NORMAL_NC,
	[0x6] = 0x4b,
	[0x7] = 0x4f,
	[0x8] = MAIR_DEVICE_NGNRNE,
	[0x9] = 0xb4,
	[MEMATTR_NORMAL_WT] = MAIR_NORMAL_WT,
	[0xb] = 0xbf,
	[0xc] = MAIR_DEVICE_NGNRNE,
	[0xd] = 0xf4,
	[0xe] = 0xfb,
	[MEMATTR_NORMAL_WB] = MAIR_NORMAL_WB,
};

struct smmu3_attr attr_override(struct smmu3_attr in, const struct attr_override *override)
{
	struct smmu3_attr attr = attr_consistent(in);

	if (override->mtcfg)
		attr.mair = hinted_type(memattr_type[override->memattr & 0xf], attr.mair);
	if (bit(override->alloccfg, 3))
		attr.mair = replaced_hints(attr.mair, override->alloccfg);
	if ((override->shcfg & 3) != 1)
		attr.sh = override->shcfg & 3;
	return with_shareability(attr.mair, attr.sh);
}

struct smmu3_attr attr_stage1(struct smmu3_attr input, uint8_t mair_byte, unsigned sh)
{
	struct smmu3_attr attr = attr_from_mair(mair_byte, sh);

	attr.mair = hinted_type(attr.mair, resolved(input.mair));
	return attr;
}

/* Stage 2 MemAttr[2:0] with forced Write-Back; the reserved 0b100 falls in with Device-nGnRnE.
 * D8-100, D8-101 */
static uint8_t forced_type(uint8_t s1, unsigned memattr)
{
	switch (memattr & 7) {
	case MEMATTR_FWB_NC:
		return mair_is_device(s1) ? s1 : MAIR_NORMAL_NC;
	case MEMATTR_FWB_WB:
		return hinted_type(MAIR_NORMAL_WB, s1);
	case MEMATTR_FWB_S1:
		return s1;
	default:
		return stronger_type(s1, memattr_type[memattr & MEMATTR_FWB_DEVICE_MASK]);
	}
}

struct smmu3_attr attr_combine(struct smmu3_attr s1, unsigned s2_memattr, unsigned s2_sh, bool fwb)
{
	const struct smmu3_attr in = attr_consistent(s1);
	const uint8_t mair = fwb ? forced_type(in.mair, s2_memattr) :
				   stronger_type(in.mair, memattr_type[s2_memattr & 0xf]);

	return with_shareability(mair, stronger_shareability(in.sh, shareability(s2_sh)));
}

unsigned attr_memattr_of_mteperm(unsigned s2_memattr, bool fwb)
{
	enum { NO_TAGS_WB = 4, NO_TAGS_FWB_WB = 0xe, NO_TAGS_FWB_S1 = 0xf, FWB_RESERVED = 8 };

	if (!fwb)
		return s2_memattr == NO_TAGS_WB ? MEMATTR_NORMAL_WB : s2_memattr;
	if (s2_memattr == NO_TAGS_FWB_WB || s2_memattr == NO_TAGS_FWB_S1)
		return s2_memattr == NO_TAGS_FWB_WB ? MEMATTR_FWB_WB : MEMATTR_FWB_S1;
	return s2_memattr & FWB_RESERVED ? 0 : s2_memattr; /* Device-nGnRnE */
}

struct smmu3_attr attr_no_snoop(struct smmu3_attr attr)
{
	if (mair_is_device(attr.mair))
		return attr_consistent(attr);
	return (struct smmu3_attr){ MAIR_NORMAL_NC, SMMU3_OSH };
}

/* Normal memory from two encoded cacheabilities and the halves they mean. */
static struct smmu3_attr normal(const uint8_t half[4], unsigned inner, unsigned outer, unsigned sh)
{
	return with_shareability(halves(half[outer & 3], half[inner & 3]), shareability(sh));
}

struct smmu3_attr attr_walk(unsigned ir, unsigned or_, unsigned sh)
{
	static const uint8_t half[4] = {
		[WALK_NC] = MAIR_HALF_NC,
		[WALK_WB_RA_WA] = MAIR_HALF_WB | MAIR_HALF_R | MAIR_HALF_W,
		[WALK_WT_RA] = MAIR_HALF_WT | MAIR_HALF_R,
		[WALK_WB_RA] = MAIR_HALF_WB | MAIR_HALF_R,
	};

	return normal(half, ir, or_, sh);
}

struct smmu3_attr attr_s1c(unsigned cir, unsigned cor, unsigned csh)
{
	static const uint8_t half[4] = {
		[CD_FETCH_NC] = MAIR_HALF_NC,
		[CD_FETCH_WB_RA] = MAIR_HALF_WB | MAIR_HALF_R,
		[CD_FETCH_WT_RA] = MAIR_HALF_WT | MAIR_HALF_R,
		[CD_FETCH_WB] = MAIR_HALF_WB,
	};

	return normal(half, cir, cor, csh);
}

/* CR1's encodings, with a hint where the type is cacheable. */
static struct smmu3_attr cr1(unsigned ic, unsigned oc, unsigned sh, unsigned hint)
{
	const uint8_t half[4] = {
		[CR1_NC] = MAIR_HALF_NC,
		[CR1_WB] = (uint8_t)(MAIR_HALF_WB | hint),
		[CR1_WT] = (uint8_t)(MAIR_HALF_WT | hint),
		[CR1_RESERVED] = MAIR_HALF_NC,
	};

	return normal(half, ic, oc, sh);
}

struct smmu3_attr attr_table(unsigned ic, unsigned oc, unsigned sh, bool ra)
{
	return cr1(ic, oc, sh, ra ? MAIR_HALF_R : 0);
}

struct smmu3_attr attr_queue(unsigned ic, unsigned oc, unsigned sh, bool hint, bool read)
{
	return cr1(ic, oc, sh, !hint ? 0 : read ? MAIR_HALF_R : MAIR_HALF_W);
}

struct smmu3_attr attr_msi(unsigned memattr, unsigned sh)
{
	return with_shareability(memattr_type[memattr & 0xf], shareability(sh));
}
