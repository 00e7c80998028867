/* SPDX-License-Identifier: MIT */
/*
 * The rules that end a transaction, each with the structure and field that decide, a sentence, and
 * its section. Whoever finds a fault names its rule; decoding turns the name into words.
 */
#ifndef SMMU_ARCH_WHY_H
#define SMMU_ARCH_WHY_H

#include <smmu/decode.h>

/* WHY(constant, stable identifier, field, sentence, section) */
/* clang-format off */
#define WHY_ROWS(WHY) \
	/* The caller's mistakes */ \
	WHY(TXN_BYTES, "txn-bytes", "", "the transaction covers no byte", "") \
	WHY(TXN_WRAP, "txn-wrap", "", \
	    "the transaction passes the end of the 64-bit address space", "") \
	WHY(TXN_FLAGS, "txn-flags", "", "the transaction has flags or members that are not known", "") \
	WHY(TXN_SEC_SID, "txn-sec-sid", "", "the SMMU has no streams of this Security state", "3.10.1") \
	WHY(TXN_PAS, "txn-pas", "", "there are four PA spaces", "3.25") \
	WHY(TXN_SSID, "txn-ssid", "", "a SubstreamID has 20 bits", "3.2") \
	WHY(TXN_CLASS, "txn-class", "", "there is no such class of transaction", "") \
	WHY(TXN_STREAM, "txn-stream", "", "the access is not of this stream handle", "") \
	WHY(TXN_ATS, "txn-ats", "SMMU_IDR0.ATS", \
	    "there is no ATS, or not of this kind or class", "3.9.1") \
	/* SMMUEN = 0 */ \
	WHY(GBPA_ABORT, "gbpa-abort", "SMMU_GBPA.ABORT", \
	    "the SMMU is disabled and set to abort", "6.3.14") \
	WHY(GBPA_SIZE, "gbpa-size", "SMMU_IDR5.OAS", \
	    "the SMMU is disabled and the address exceeds the output size", "3.4") \
	WHY(GBPA_SIF, "gbpa-sif", "SMMU_S_CR0.SIF", \
	    "the SMMU is disabled, and a Secure stream may fetch no Non-secure instruction", "6.3.57") \
	/* ATS */ \
	WHY(ATS_SMMUEN, "ats-smmuen", "SMMU_CR0.SMMUEN", \
	    "the SMMU is disabled, and with it ATS", "3.9.1.2") \
	WHY(ATS_SECURE, "ats-secure", "", "Secure streams have no ATS", "3.9.1.2") \
	WHY(ATS_DISABLED, "ats-disabled", "STE.EATS", \
	    "ATS is disabled for the stream", "5.2") \
	WHY(ATS_ADDRESS, "ats-address", "SMMU_IDR5.OAS", \
	    "a Translated address exceeds the output size", "3.9.1.1") \
	WHY(ATS_XT, "ats-xt", "STE.NSCFG", \
	    "a Translated transaction that does not name the space of its address", "3.9.4.3") \
	WHY(ATS_REALM_X, "ats-realm-x", "", \
	    "a Realm stream fetches no Non-secure instruction", "3.9.1.3") \
	WHY(ATS_NO_ACCESS, "ats-no-access", "", \
	    "the translation does not grant what is asked", "13.7.1") \
	/* Classes of transaction */ \
	WHY(CLASS_REFUSED, "class-refused", "", \
	    "barriers, DVM messages and maintenance without an address end at the SMMU", "16.7.2") \
	WHY(CLASS_VERSION, "class-version", "SMMU_AIDR.ArchMinorRev", \
	    "SMMUv3.0 has no cache maintenance, and drops hints", "16.7.2") \
	WHY(HINT_DRE, "hint-dre", "STE.DRE", "destructive hints are inhibited", "16.7.2.1") \
	WHY(HINT_DCP, "hint-dcp", "STE.DCP", "directed cache prefetch is inhibited", "3.22.1") \
	WHY(HINT_PERMISSION, "hint-permission", "descriptor AP, descriptor S2AP", \
	    "the translation does not grant what the hint needs", "3.22.2") \
	/* ATOS */ \
	WHY(ATOS_REQUEST, "atos-request", "SMMU_GATOS_ADDR.TYPE, SMMU_GATOS_SID.SSID_VALID", \
	    "a request that this interface or SMMU does not have", "9.1.3") \
	WHY(ATOS_STAGES, "atos-stages", "STE.Config", \
	    "a stage is asked for that the stream does not have", "9.1.3") \
	WHY(ATOS_VMID, "atos-vmid", "STE.S2VMID", \
	    "the stream is not of the VM that SMMU_VATOS_SEL names", "9.1.6") \
	WHY(ATOS_ENDED, "atos-ended", "SMMU_CR0.SMMUEN", \
	    "the SMMU was disabled, or invalidations overtook the request again and again", "9.1.5") \
	/* Stream table */ \
	WHY(SID_RANGE, "sid-range", "SMMU_STRTAB_BASE_CFG.LOG2SIZE", \
	    "the StreamID is beyond the Stream table", "6.3.25") \
	WHY(L1STD_SPAN, "l1std-span", "L1STD.Span", \
	    "the level 1 Stream table descriptor is invalid", "5.1") \
	WHY(L1STD_INDEX, "l1std-index", "L1STD.Span", \
	    "the StreamID is beyond the span of its descriptor", "7.3.3") \
	WHY(L1STD_FETCH, "l1std-fetch", "", \
	    "reading the level 1 Stream table descriptor was aborted", "7.3.4") \
	WHY(STE_FETCH, "ste-fetch", "", "reading the Stream table entry was aborted", "7.3.4") \
	WHY(STE_ADDRESS, "ste-address", "SMMU_IDR5.OAS", \
	    "a Stream table address exceeds the output size", "3.4.3") \
	/* STE ILLEGAL, 5.2.2 */ \
	WHY(STE_V, "ste-v", "STE.V", "the Stream table entry is not valid", "5.2") \
	WHY(STE_UNDEFINED, "ste-undefined", "", \
	    "a bit of the STE is not 0 for which nothing is defined, and this implementation minds", \
	    "5") \
	WHY(STE_CONT, "ste-cont", "STE.CONT", \
	    "a Stream table entry of the span is another, and this implementation minds", "5.2") \
	WHY(STE_S1P, "ste-s1p", "STE.Config", "stage 1 is enabled but not implemented", "5.2.2") \
	WHY(STE_S2P, "ste-s2p", "STE.Config", "stage 2 is enabled but not implemented", "5.2.2") \
	WHY(STE_EATS_SPLIT, "ste-eats-split", "STE.EATS", \
	    "split-stage ATS without both stages, with stalls at stage 2, or not implemented", "5.2") \
	WHY(STE_EATS_STALL, "ste-eats-stall", "STE.EATS", \
	    "full ATS with stalls at stage 2", "5.2") \
	WHY(STE_EATS_DPT, "ste-eats-dpt", "STE.EATS", \
	    "ATS with a Device Permission Table in this configuration", "5.2") \
	WHY(STE_DPT_VMATCH, "ste-dpt-vmatch", "STE.DPT_VMATCH", \
	    "the Device Permission Table of Realm streams matches by S2VMID alone", "5.2.2") \
	WHY(STE_STRW, "ste-strw", "STE.STRW", \
	    "the StreamWorld is reserved or not implemented", "5.2.2") \
	WHY(STE_S1STALLD, "ste-s1stalld", "STE.S1STALLD", \
	    "stalls cannot be disabled in this stall model", "5.2.2") \
	WHY(STE_S1CDMAX, "ste-s1cdmax", "STE.S1CDMax", \
	    "more substreams than SMMU_IDR1.SSIDSIZE allows", "5.2.2") \
	WHY(STE_S1FMT, "ste-s1fmt", "STE.S1Fmt", \
	    "a 2-level CD table, which is not implemented", "5.2.2") \
	WHY(STE_S1CONTEXTPTR, "ste-s1contextptr", "STE.S1ContextPtr", \
	    "the pointer exceeds the output size", "3.4.3") \
	WHY(STE_S2FWB, "ste-s2fwb", "STE.S2FWB", "forced Write-Back with VMSAv8-32", "5.2.2") \
	WHY(STE_S2S, "ste-s2s", "STE.S2S", "the stall model does not allow this value", "5.2.2") \
	WHY(STE_S2AA64, "ste-s2aa64", "STE.S2AA64", \
	    "the stage 2 table format is not implemented", "5.2.2") \
	WHY(STE_S2HTTU, "ste-s2httu", "STE.S2HA, STE.S2HD", \
	    "hardware update that is not implemented", "5.2.2") \
	WHY(STE_S2TG, "ste-s2tg", "STE.S2TG", \
	    "the stage 2 granule is reserved or not implemented", "5.2.2") \
	WHY(STE_S2TTB, "ste-s2ttb", "STE.S2TTB", \
	    "the stage 2 table is beyond the stage 2 output size", "5.2") \
	WHY(STE_S2T0SZ, "ste-s2t0sz", "STE.S2T0SZ", \
	    "the stage 2 input size is out of range", "5.2.2") \
	WHY(STE_S2SL0, "ste-s2sl0", "STE.S2SL0", \
	    "S2T0SZ, S2SL0, the granule and the output size do not fit together", "5.2.1") \
	WHY(STE_S_S2TG, "ste-s-s2tg", "STE.S_S2TG", \
	    "the stage 2 granule of Secure IPAs is reserved or not implemented", "5.2.2") \
	WHY(STE_S_S2TTB, "ste-s-s2ttb", "STE.S_S2TTB", \
	    "the stage 2 table of Secure IPAs is beyond the stage 2 output size", "5.2") \
	WHY(STE_S_S2T0SZ, "ste-s-s2t0sz", "STE.S_S2T0SZ", \
	    "the stage 2 input size of Secure IPAs is out of range", "5.2.2") \
	WHY(STE_S_S2SL0, "ste-s-s2sl0", "STE.S_S2SL0", \
	    "S_S2T0SZ, S_S2SL0, the granule and the output size do not fit together", "5.2.1") \
	WHY(STE_S2SKL, "ste-s2skl", "STE.S2SKL", \
	    "VMSAv9-128 would begin beyond level 3: S2T0SZ, the granule, S2SKL", "5.2.2") \
	WHY(STE_S_S2SKL, "ste-s-s2skl", "STE.S_S2SKL", \
	    "VMSAv9-128 would begin beyond level 3: S_S2T0SZ, the granule, S_S2SKL", "5.2.2") \
	WHY(STE_S2ENDI, "ste-s2endi", "STE.S2ENDI", \
	    "this endianness of tables is not implemented", "5.2.2") \
	WHY(STE_S2PIE, "ste-s2pie", "STE.S2PIE", "permission indirection with VMSAv8-32", "5.2.2") \
	WHY(STE_S2POE, "ste-s2poe", "STE.S2POE", \
	    "the permission overlay without indirection, with PBHA, or with a reserved S2POI", "5.2.2") \
	WHY(STE_S2VMID, "ste-s2vmid", "STE.S2VMID", \
	    "a 16-bit VMID where 8 bits are implemented", "5.2.2") \
	WHY(STE_VMSPTR, "ste-vmsptr", "STE.VMSPtr", "the pointer exceeds the output size", "5.2") \
	WHY(VMS_FETCH, "vms-fetch", "STE.VMSPtr", \
	    "reading the Virtual Machine Structure was aborted", "7.3.20") \
	/* Streams that do not translate */ \
	WHY(STE_ABORT, "ste-abort", "STE.Config", "the stream is set to abort", "5.2") \
	WHY(BYPASS_SIZE, "bypass-size", "SMMU_IDR5.OAS", \
	    "a bypassing address exceeds the output size", "3.4") \
	WHY(S1_BYPASS_SIZE, "s1-bypass-size", "SMMU_IDR5.OAS", \
	    "an address that bypasses stage 1 exceeds the intermediate size", "3.4") \
	/* Substreams and CD tables */ \
	WHY(SSID_UNUSED, "ssid-unused", "STE.Config, STE.S1CDMax", \
	    "a SubstreamID where the stream has no substreams", "7.3.9") \
	WHY(SSID_RANGE, "ssid-range", "STE.S1CDMax", \
	    "the SubstreamID is beyond the CD table", "7.3.9") \
	WHY(S1DSS_TERMINATE, "s1dss-terminate", "STE.S1DSS", \
	    "a transaction without SubstreamID is to end", "5.2") \
	WHY(S1DSS_SSID0, "s1dss-ssid0", "STE.S1DSS", \
	    "SubstreamID 0 is kept for transactions without SubstreamID", "5.2") \
	WHY(L1CD_V, "l1cd-v", "L1CD.V", "the level 1 CD table descriptor is not valid", "5.3.1") \
	WHY(L1CD_L2PTR, "l1cd-l2ptr", "L1CD.L2Ptr", \
	    "the pointer exceeds the output size", "3.4.3") \
	WHY(L1CD_FETCH, "l1cd-fetch", "", \
	    "reading the level 1 CD table descriptor was aborted", "7.3.10") \
	WHY(CD_FETCH, "cd-fetch", "", "reading the Context descriptor was aborted", "7.3.10") \
	/* CD ILLEGAL, 5.4.2 */ \
	WHY(CD_V, "cd-v", "CD.V", "the Context descriptor is not valid", "5.4.2") \
	WHY(CD_UNDEFINED, "cd-undefined", "", \
	    "a bit of the CD is not 0 for which nothing is defined, and this implementation minds", \
	    "5") \
	WHY(CD_STALLD, "cd-stalld", "CD.S", "stalls are disabled for the stream", "5.4.2") \
	WHY(CD_A, "cd-a", "CD.A", "RAZ/WI termination is not implemented", "5.4.2") \
	WHY(CD_S, "cd-s", "CD.S", "the stall model does not allow this value", "5.4.2") \
	WHY(CD_ENDI, "cd-endi", "CD.ENDI", \
	    "this endianness of tables is not implemented", "5.4.2") \
	WHY(CD_AA64, "cd-aa64", "CD.AA64", \
	    "the stage 1 table format is not implemented or not allowed here", "5.4.2") \
	WHY(CD_HTTU, "cd-httu", "CD.HA, CD.HD", \
	    "hardware update that is not implemented", "5.4.2") \
	WHY(CD_ASID, "cd-asid", "CD.ASID", "a 16-bit ASID where 8 bits are implemented", "5.4.2") \
	WHY(CD_T0SZ, "cd-t0sz", "CD.T0SZ", "the input size of TTB0 is out of range", "5.4.2") \
	WHY(CD_T1SZ, "cd-t1sz", "CD.T1SZ", "the input size of TTB1 is out of range", "5.4.2") \
	WHY(CD_TG0, "cd-tg0", "CD.TG0", \
	    "the granule of TTB0 is reserved or not implemented", "5.4.2") \
	WHY(CD_TG1, "cd-tg1", "CD.TG1", \
	    "the granule of TTB1 is reserved or not implemented", "5.4.2") \
	WHY(CD_TTB0, "cd-ttb0", "CD.TTB0", "the table is beyond the stage 1 output size", "5.4.2") \
	WHY(CD_TTB1, "cd-ttb1", "CD.TTB1", "the table is beyond the stage 1 output size", "5.4.2") \
	WHY(CD_D128, "cd-d128", "CD.AA64", \
	    "VMSAv9-128 without indirection, in this StreamWorld, or with this SKL", "5.4.2") \
	WHY(CD_PIE, "cd-pie", "CD.PIIP, CD.PIIU", \
	    "a reserved permission indirection encoding", "5.4.2") \
	/* Stage 1 */ \
	WHY(TLB_CONFLICT, "tlb-conflict", "SMMU_IDR3.BBML", \
	    "several translations of different size are kept of the address", "3.20.1") \
	WHY(S1_RANGE, "s1-range", "CD.T0SZ, CD.T1SZ, CD.TBI", \
	    "the address is outside the range of its table", "3.4.1") \
	WHY(S1_REGION, "s1-region", "CD.T0SZ, CD.T1SZ", \
	    "the block reaches into the region of the other table", "G5.5.5.1") \
	WHY(S1_EPD, "s1-epd", "CD.EPD0, CD.EPD1", "walks of this table are disabled", "5.4") \
	WHY(S1_E0PD, "s1-e0pd", "CD.E0PD0, CD.E0PD1", \
	    "unprivileged accesses may not use this table", "5.4") \
	WHY(S1_ONE_RANGE, "s1-one-range", "STE.STRW", \
	    "only TTB1 has such addresses, and EL2 without E2H and EL3 have TTB0 alone", "5.4.1") \
	WHY(S1_FETCH, "s1-fetch", "", "reading a stage 1 descriptor was aborted", "7.3.12") \
	WHY(S1_UPDATE, "s1-update", "CD.HA, CD.HD", \
	    "memory aborted the atomic update of a stage 1 descriptor", "3.13") \
	WHY(S1_INVALID, "s1-invalid", "descriptor bit 0", \
	    "the stage 1 descriptor is invalid", "D8.3") \
	WHY(S1_TYPE, "s1-type", "descriptor bit 1", "no block can be at this level", "D8.3") \
	WHY(S1_SKL, "s1-skl", "descriptor SKL", \
	    "it skips past level 3, or to a table larger than there are", "D8.3") \
	WHY(S1_TABLE_SIZE, "s1-table-size", "CD.IPS", \
	    "the next-level table is beyond the stage 1 output size", "7.3.14") \
	WHY(S1_OUTPUT_SIZE, "s1-output-size", "CD.IPS", \
	    "the output address is beyond the stage 1 output size", "7.3.14") \
	WHY(S1_AMEC, "s1-amec", "descriptor AMEC", \
	    "there are no alternate memory encryption contexts", "18") \
	WHY(S1_AF, "s1-af", "descriptor AF", "the Access flag is 0", "D8.5.1") \
	WHY(S1_AP, "s1-ap", "descriptor AP", "the access permissions refuse it", "D8.4") \
	WHY(S1_APTABLE, "s1-aptable", "descriptor APTable", \
	    "a table descriptor refuses it", "D8.4") \
	WHY(S1_UXN, "s1-uxn", "descriptor UXN", \
	    "unprivileged execution is refused; in EL2 without E2H, in EL3 and in VMSAv8-32, any", "D8.4") \
	WHY(S1_PXN, "s1-pxn", "descriptor PXN", "privileged execution is refused", "D8.4") \
	WHY(S1_UXNTABLE, "s1-uxntable", "descriptor UXNTable", \
	    "a table descriptor refuses unprivileged execution", "D8.4") \
	WHY(S1_PXNTABLE, "s1-pxntable", "descriptor PXNTable", \
	    "a table descriptor refuses privileged execution", "D8.4") \
	WHY(S1_WXN, "s1-wxn", "CD.WXN", "writable memory is not executable", "5.4") \
	WHY(S1_USER_WRITABLE, "s1-user-writable", "descriptor AP[1]", \
	    "memory that unprivileged accesses can write is not executable when privileged", "D8.4") \
	WHY(S1_UWXN, "s1-uwxn", "CD.UWXN", \
	    "memory that unprivileged accesses can write is not executable when privileged", "5.4") \
	WHY(S1_PAN, "s1-pan", "CD.PAN", \
	    "privileged data access to memory that unprivileged accesses can reach", "5.4") \
	WHY(SIF, "sif", "SMMU_S_CR0.SIF", \
	    "a Secure stream may fetch no Non-secure instruction", "6.3.57.2") \
	WHY(REALM_X, "realm-x", "STE.NSCFG, descriptor NS", \
	    "a Realm stream fetches no Non-secure instruction", "7.3.16") \
	WHY(XT_SPACE, "xt-space", "STE.NSCFG", \
	    "the address is not in the space that the access names", "3.9.4.3") \
	/* Stage 2 */ \
	WHY(S2_RANGE, "s2-range", "STE.S2T0SZ", \
	    "the intermediate address is beyond the stage 2 input size", "3.4") \
	WHY(S2_FETCH, "s2-fetch", "", "reading a stage 2 descriptor was aborted", "7.3.12") \
	WHY(S2_UPDATE, "s2-update", "STE.S2HA, STE.S2HD", \
	    "memory aborted the atomic update of a stage 2 descriptor", "3.13") \
	WHY(S2_INVALID, "s2-invalid", "descriptor bit 0", \
	    "the stage 2 descriptor is invalid", "D8.3") \
	WHY(S2_TYPE, "s2-type", "descriptor bit 1", "no block can be at this level", "D8.3") \
	WHY(S2_SKL, "s2-skl", "descriptor SKL", \
	    "it skips past level 3, or to a table larger than there are", "D8.3") \
	WHY(S2_TABLE_SIZE, "s2-table-size", "STE.S2PS", \
	    "the next-level table is beyond the stage 2 output size", "7.3.14") \
	WHY(S2_OUTPUT_SIZE, "s2-output-size", "STE.S2PS", \
	    "the output address is beyond the stage 2 output size", "7.3.14") \
	WHY(S2_AMEC, "s2-amec", "descriptor AMEC", \
	    "there are no alternate memory encryption contexts", "18") \
	WHY(S2_AF, "s2-af", "descriptor AF", "the Access flag is 0", "D8.5.1") \
	WHY(S2_S2AP, "s2-s2ap", "descriptor S2AP", \
	    "the stage 2 access permissions refuse it", "D8.4") \
	WHY(S2_XN, "s2-xn", "descriptor XN", "execution is refused at stage 2", "13.4.3") \
	WHY(S1_BASE, "s1-base", "CD.PIIP, CD.PIIU", \
	    "the stage 1 permission of the descriptor's PIIndex refuses it", "3.26.1") \
	WHY(S1_DIRTY, "s1-dirty", "descriptor nDirty", \
	    "the page is clean, and hardware does not mark it as dirty", "3.26.1") \
	WHY(S2_BASE, "s2-base", "SMMU_S2PII.S2PII, SMMU_S_S2PII.S2PII, SMMU_R_S2PII.S2PII", \
	    "the stage 2 base permission of the descriptor's PIIndex refuses it", "3.26.2") \
	WHY(S2_OVERLAY, "s2-overlay", "STE.S2POI", \
	    "the stage 2 overlay permission of the descriptor's POIndex refuses it", "3.26.2") \
	WHY(S2_DIRTY, "s2-dirty", "descriptor Dirty", \
	    "the page is clean, and hardware does not mark it as dirty", "3.26.2") \
	WHY(S2_TOP_LEVEL, "s2-top-level", "STE.TL0, STE.TL1", \
	    "no walk of this half may begin in a table that stage 2 maps so", "3.27, D8.2.7.4") \
	WHY(S2_ASSURED, "s2-assured-only", "descriptor AssuredOnly", \
	    "only an Assured translation leads here", "3.27.2") \
	WHY(S2_PTW, "s2-ptw", "STE.S2PTW", \
	    "a table or Context descriptor lies in Device memory", "5.2") \
	WHY(S2_REALM_READ, "s2-realm-read", "descriptor NS", \
	    "a table or Context descriptor of a Realm stream lies in Non-secure memory", "7.3.16") \
	WHY(S2_REALM_X, "s2-realm-x", "descriptor NS", \
	    "a Realm stream fetches no Non-secure instruction", "7.3.16") \
	WHY(S2_XT_SPACE, "s2-xt-space", "STE.NSCFG, descriptor NS", \
	    "the address is not in the space that the access names", "3.9.4.3") \
	/* Granule protection: of the SMMU's own accesses the event says which it was */ \
	WHY(GPC_DISABLED, "gpc-disabled", "SMMU_ROOT_CR0.ACCESSEN", \
	    "no access of memory is let through", "6.3.112") \
	WHY(GPC_DENIED, "gpc-denied", "SMMU_ROOT_GPT_BASE_CFG.PPS, GPT_BLOCK.GPI, GPT_CONTIGUOUS.GPI, GPT_GRANULES.GPI", \
	    "granule protection forbids the address in this PA space", "3.25.4") \
	WHY(GPC_LOOKUP, "gpc-lookup", "SMMU_ROOT_GPT_CFG_FAR.CFG_ERR", \
	    "the granule protection table or its registers are in error", "3.25.4") \
	WHY(GPC_ADDRESS, "gpc-address", "SMMU_IDR5.OAS", \
	    "the address of a device without StreamID exceeds the output size", "3.25.1.1") \
	/* Device Permission Table: lookup faults, then Device Access faults.  3.24.4 */ \
	WHY(DPT_DISABLED, "dpt-disabled", "SMMU_CR0.DPT_WALK_EN", \
	    "walks of the Device Permission Table are disabled", "3.24.4") \
	WHY(DPT_CONFIG, "dpt-config", "SMMU_DPT_BASE_CFG.DPTPS, SMMU_DPT_BASE_CFG.DPTGS, SMMU_DPT_BASE_CFG.L0DPTSZ", \
	    "the registers of the Device Permission Table are no valid configuration", "3.24.4") \
	WHY(DPT_L0_GPC, "dpt-l0-gpc", "", \
	    "granule protection forbids a level 0 descriptor of the Device Permission Table", \
	    "3.24.4") \
	WHY(DPT_L0_FETCH, "dpt-l0-fetch", "", \
	    "reading a level 0 descriptor of the Device Permission Table was aborted", "3.24.4") \
	WHY(DPT_L0_INVALID, "dpt-l0-invalid", "", \
	    "the level 0 descriptor of the Device Permission Table is invalid", "3.24.4") \
	WHY(DPT_L1_GPC, "dpt-l1-gpc", "", \
	    "granule protection forbids a level 1 descriptor of the Device Permission Table", \
	    "3.24.4") \
	WHY(DPT_L1_FETCH, "dpt-l1-fetch", "", \
	    "reading a level 1 descriptor of the Device Permission Table was aborted", "3.24.4") \
	WHY(DPT_L1_INVALID, "dpt-l1-invalid", "", \
	    "the level 1 descriptor of the Device Permission Table is invalid", "3.24.4") \
	WHY(DPT_RANGE, "dpt-range", "SMMU_DPT_BASE_CFG.DPTPS", \
	    "the address is beyond the Device Permission Table", "3.24.1") \
	WHY(DPT_NO_ACCESS, "dpt-no-access", "DPT_L0_NO_ACCESS.Type, DPT_L1.A", \
	    "the Device Permission Table gives no access", "3.24.1") \
	WHY(DPT_VMID, "dpt-vmid", "DPT_L0_BLOCK.VMID, DPT_L1.VMID, STE.DPT_VMATCH, STE.S2VMID", \
	    "the Device Permission Table gives access to another VMID", "3.24.1") \
	WHY(DPT_SPACE, "dpt-space", "STE.NSCFG, DPT_L0_BLOCK.AC, DPT_L1.AC", \
	    "the Device Permission Table gives another space than the access names", "3.9.4.3") \
	WHY(DPT_WRITE, "dpt-write", "DPT_L0_BLOCK.W, DPT_L1.W", \
	    "the Device Permission Table does not let it be written", "3.24.1")
/* clang-format on */

#define WHY_CONSTANT(name, ...) WHY_##name,
enum why { WHY_NONE, WHY_ROWS(WHY_CONSTANT) WHY_COUNT };
#undef WHY_CONSTANT

/* The rule of a number from enum why; any other number gives that of WHY_NONE. */
const struct smmu3_rule *why_rule(unsigned why);

#endif
