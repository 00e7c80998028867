/* SPDX-License-Identifier: MIT */
#include "prog/idregs.h"
#include "prog/ident.h"

#include "arch/encoded.h"
#include "base/bits.h"

enum { LPAE_IPA_BITS = 40 }; /* VMSAv8-32 LPAE always has 40-bit IPAs.  3.4 */

unsigned oas_bits(unsigned oas)
{
	return address_size(oas);
}

unsigned ias_bits(unsigned ttf, unsigned oas)
{
	unsigned lpae = bit(ttf, 0) ? LPAE_IPA_BITS : 0;
	unsigned aa64 = bit(ttf, 1) ? oas : 0;

	return lpae > aa64 ? lpae : aa64;
}

/* Bits of VA that one translation table base covers, from IDR5.VAX; 3 is reserved.  6.3.6 */
static unsigned va_bits(unsigned vax)
{
	static const uint8_t bits_of[] = { 48, 52, 56, 48 };

	return bits_of[vax % ARRAY_SIZE(bits_of)];
}

static void read_idr0(const struct smmu3_config *config, struct features *f)
{
	f->s2p = ID_FIELD(config, IDR0, S2P);
	f->s1p = ID_FIELD(config, IDR0, S1P);
	f->ttf_lpae = ID_FIELD(config, IDR0, TTF_LPAE);
	f->ttf_aa64 = ID_FIELD(config, IDR0, TTF_AA64);
	f->cohacc = ID_FIELD(config, IDR0, COHACC);
	f->btm = ID_FIELD(config, IDR0, BTM);
	f->httu = (uint8_t)ID_FIELD(config, IDR0, HTTU);
	f->hyp = ID_FIELD(config, IDR0, HYP);
	f->ats = ID_FIELD(config, IDR0, ATS);
	f->ns1ats = ID_FIELD(config, IDR0, NS1ATS);
	f->asid16 = ID_FIELD(config, IDR0, ASID16);
	f->msi = ID_FIELD(config, IDR0, MSI);
	f->sev = ID_FIELD(config, IDR0, SEV);
	f->atos = ID_FIELD(config, IDR0, ATOS);
	f->pri = ID_FIELD(config, IDR0, PRI);
	f->vmw = ID_FIELD(config, IDR0, VMW);
	f->vmid16 = ID_FIELD(config, IDR0, VMID16);
	f->cd2l = ID_FIELD(config, IDR0, CD2L);
	f->vatos = ID_FIELD(config, IDR0, VATOS);
	f->ttendian = (uint8_t)ID_FIELD(config, IDR0, TTENDIAN);
	f->atsrecerr = ID_FIELD(config, IDR0, ATSRECERR);
	f->term_model = ID_FIELD(config, IDR0, TERM_MODEL);
	f->st_two_level = ID_FIELD(config, IDR0, ST_LEVEL) != 0;
	f->rme_impl = ID_FIELD(config, IDR0, RME_IMPL);
}

static void read_idr1(const struct smmu3_config *config, struct features *f)
{
	f->sidsize = (uint8_t)ID_FIELD(config, IDR1, SIDSIZE);
	f->ssidsize = (uint8_t)ID_FIELD(config, IDR1, SSIDSIZE);
	f->cmdqs = (uint8_t)ID_FIELD(config, IDR1, CMDQS);
	f->eventqs = (uint8_t)ID_FIELD(config, IDR1, EVENTQS);
	f->priqs = (uint8_t)ID_FIELD(config, IDR1, PRIQS);
	f->attr_perms_ovr = ID_FIELD(config, IDR1, ATTR_PERMS_OVR);
	f->attr_types_ovr = ID_FIELD(config, IDR1, ATTR_TYPES_OVR);
	f->ecmdq = ID_FIELD(config, IDR1, ECMDQ);
}

static void read_idr3(const struct smmu3_config *config, struct features *f)
{
	f->had = ID_FIELD(config, IDR3, HAD);
	f->pbha = ID_FIELD(config, IDR3, PBHA);
	f->xnx = ID_FIELD(config, IDR3, XNX);
	f->pps = ID_FIELD(config, IDR3, PPS);
	f->mpam = ID_FIELD(config, IDR3, MPAM);
	f->fwb = ID_FIELD(config, IDR3, FWB);
	f->stt = ID_FIELD(config, IDR3, STT);
	f->ril = ID_FIELD(config, IDR3, RIL);
	f->bbml = (uint8_t)ID_FIELD(config, IDR3, BBML);
	f->e0pd = ID_FIELD(config, IDR3, E0PD);
	f->ptwnnc = ID_FIELD(config, IDR3, PTWNNC);
	f->dpt = ID_FIELD(config, IDR3, DPT);
	f->pasidtt = ID_FIELD(config, IDR3, PASIDTT);
	f->epan = ID_FIELD(config, IDR3, EPAN);
	f->s1pi = ID_FIELD(config, IDR3, S1PI);
	f->s2pi = ID_FIELD(config, IDR3, S2PI);
	f->s2po = ID_FIELD(config, IDR3, S2PO);
	f->the = ID_FIELD(config, IDR3, THE);
	f->mteperm = ID_FIELD(config, IDR3, MTEPERM);
	f->aie = ID_FIELD(config, IDR3, AIE);
}

static void read_idr5(const struct smmu3_config *config, struct features *f)
{
	f->oas_bits = (uint8_t)oas_bits(ID_FIELD(config, IDR5, OAS));
	f->va_bits = (uint8_t)va_bits(ID_FIELD(config, IDR5, VAX));
	f->gran4k = ID_FIELD(config, IDR5, GRAN4K);
	f->gran16k = ID_FIELD(config, IDR5, GRAN16K);
	f->gran64k = ID_FIELD(config, IDR5, GRAN64K);
	f->ds = ID_FIELD(config, IDR5, DS);
	f->d128 = ID_FIELD(config, IDR5, D128);
	f->stall_max = (uint16_t)ID_FIELD(config, IDR5, STALL_MAX);
}

static void read_states(const struct smmu3_config *config, struct features *f)
{
	f->secure_impl = ID_FIELD(config, S_IDR1, SECURE_IMPL);
	f->sel2 = ID_FIELD(config, S_IDR1, SEL2);
	f->realm_impl = ID_FIELD(config, ROOT_IDR0, REALM_IMPL);
}

static void read_mpamidr(const struct smmu3_config *config, struct features *f)
{
	f->ns_labels.partid_max = (uint16_t)ID_FIELD(config, MPAMIDR, PARTID_MAX);
	f->ns_labels.pmg_max = (uint8_t)ID_FIELD(config, MPAMIDR, PMG_MAX);
}

static void read_choices(const struct smmu3_config *config, struct features *f)
{
	f->no_cmd_sync_wire = config->interrupt_choices & SMMU3_NO_CMD_SYNC_WIRE;
	f->interrupt_every_event = config->interrupt_choices & SMMU3_INTERRUPT_EVERY_EVENT;
	f->pmcg_msi = (config->pmcg_cfgr & REG_MASK(PMCG_CFGR_MSI)) != 0;
}

/* ---- What differs between Security states ---- */

/* With S_CR0.NSSTALLD as at reset, 0.  3.12 */
static void narrow_non_secure(const struct smmu3_config *config, struct features *f)
{
	f->stall_model = f->secure_impl ? (uint8_t)ID_FIELD(config, S_IDR0, STALL_MODEL) :
					  (uint8_t)ID_FIELD(config, IDR0, STALL_MODEL);
	f->own_labels = f->ns_labels;
}

/* No ATS, and stage 2 and EL2 together.  2.6, 3.9.1.2, 3.10.2.2 */
static void narrow_secure(const struct smmu3_config *config, struct features *f)
{
	f->sidsize = (uint8_t)ID_FIELD(config, S_IDR1, S_SIDSIZE);
	f->own_labels.partid_max = (uint16_t)ID_FIELD(config, S_MPAMIDR, PARTID_MAX);
	f->own_labels.pmg_max = (uint8_t)ID_FIELD(config, S_MPAMIDR, PMG_MAX);
	f->mpam_ns = ID_FIELD(config, S_MPAMIDR, HAS_MPAM_NS);
	f->stall_model = (uint8_t)ID_FIELD(config, S_IDR0, STALL_MODEL);
	f->msi = ID_FIELD(config, S_IDR0, MSI);
	f->ecmdq = ID_FIELD(config, S_IDR0, ECMDQ);
	f->sams = ID_FIELD(config, S_IDR3, SAMS);
	f->s2p = f->hyp = f->sel2;
	f->vatos &= f->sel2;
	f->el3 = !f->rme_impl;
	f->ats = f->ns1ats = f->atsrecerr = f->pri = f->pps = f->dpt = f->pasidtt = false;
}

/* 6.3.122 to 6.3.125 */
static void narrow_realm(const struct smmu3_config *config, struct features *f)
{
	f->stall_model = (uint8_t)ID_FIELD(config, R_IDR0, STALL_MODEL);
	f->stall_max = 0;
	f->msi = ID_FIELD(config, R_IDR0, MSI);
	f->ecmdq = ID_FIELD(config, R_IDR0, ECMDQ);
	f->ats = ID_FIELD(config, R_IDR0, ATS);
	f->pri = ID_FIELD(config, R_IDR0, PRI);
	f->dpt = ID_FIELD(config, R_IDR3, DPT);
	f->mec = ID_FIELD(config, R_IDR3, MEC);
	f->mecid_bits = f->mec ? (uint8_t)(id_field(config, ID_R_MECIDR, MECIDR_MECIDSIZE) + 1) : 0;
	f->xt = ID_FIELD(config, R_IDR3, XT);
	f->own_labels.partid_max = (uint16_t)ID_FIELD(config, R_MPAMIDR, PARTID_MAX);
	f->own_labels.pmg_max = (uint8_t)ID_FIELD(config, R_MPAMIDR, PMG_MAX);
	f->mpam_ns = ID_FIELD(config, R_MPAMIDR, HAS_MPAM_NS);
	f->atos = f->vatos = false;
}

struct features features_from(const struct smmu3_config *config, enum bank bank)
{
	static void (*const narrow[BANKS])(const struct smmu3_config *,
					   struct features *) = { narrow_non_secure, narrow_secure,
								  narrow_realm };
	struct features f = { .sec_sid = (uint8_t)bank,
			      .minor = (uint8_t)ID_FIELD(config, AIDR, ARCHMINORREV) };

	read_idr0(config, &f);
	read_idr1(config, &f);
	read_idr3(config, &f);
	read_idr5(config, &f);
	read_states(config, &f);
	read_mpamidr(config, &f);
	read_choices(config, &f);
	f.ias_bits = (uint8_t)ias_bits(ID_FIELD(config, IDR0, TTF), f.oas_bits);
	f.pointer_bits = f.ias_bits < f.oas_bits ? f.ias_bits : f.oas_bits;
	narrow[bank](config, &f);
	return f;
}

struct features features_without_stalls(const struct features *features)
{
	struct features without = *features;

	without.stall_model = STALLS_ABSENT;
	return without;
}
