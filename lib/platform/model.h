/* SPDX-License-Identifier: MIT */
/* A configuration as read: what the file says, with defaults, then what follows from it.
 * docs/config.md gives each key. */
#ifndef SMMU_PLATFORM_MODEL_H
#define SMMU_PLATFORM_MODEL_H

#include "platform/firewall.h"
#include "platform/shape.h"

#include <smmu/platform.h>
#include <smmu/tables.h>

/* The end of physical addresses: those of 56 bits are VMSAv9-128's. */
#define PA_MOST (UINT64_C(1) << 56)

enum perm_word {
	PERM_NONE = 0,
	PERM_RO = 1, /* bit 0 read, bit 1 write, as S2AP has them */
	PERM_WO = 2,
	PERM_RW = 3,
};

enum mode_word {
	MODE_BYPASS,
	MODE_ABORT,
	MODE_INVALID,
};

enum { MAIR_ENTRIES = 8 };

/* Programming interfaces that are built, by the PA space that reaches them. */
enum { INTERFACES = SMMU3_PAS_REALM + 1 };

/* Every struct a map fills begins with its node. */
struct mapping_spec {
	const struct node *at;
	uint64_t va, ipa, pa, size;
	uint64_t perm, user, exec, px, ux;
	uint64_t attr, attr_index, memattr, sh;
	uint64_t block, contiguous, af, ng, ns, dbm;
	uint64_t pi, po, dirty;
	uint64_t is_protected, assured_only;
	uint64_t raw, table_bits, fault;
	/* follows */
	uint64_t input, output;
};

struct table_spec {
	const struct node *at;
	const char *name; /* NULL: of a master's own map */
	uint64_t stage, granule, va_bits, ipa_bits, t0sz, start_level, output_bits, ds, upper, vmid;
	uint64_t format, endian, skip;
	const char *in;
	uint64_t at_ipa, s2_perm;
	const char *tables_in;
	struct list map; /* of struct mapping_spec */
	/* follows */
	struct smmu3_table table;
	struct table_spec *stage2;           /* whose IPAs its pages have, or NULL */
	const struct node *used_by;          /* the master that decided stage2 */
	const struct node *user[INTERFACES]; /* the first master of each Security state */
	unsigned pas;                        /* of its pages */
	unsigned maps;                /* stage 2: the PA space of what it maps, enum smmu3_pas */
	bool of_el2;                  /* stage 1: a Realm master of EL2 has it */
	bool of_ns_ipas;              /* stage 2: its first master has it for Non-secure IPAs */
	struct region *region;        /* where its pages are taken */
	struct mapping_spec **sorted; /* its mappings, by input address */
	uint8_t mair[MAIR_ENTRIES];
	uint8_t mairs; /* entries of mair in use */
	bool built;
};

/* 0 unless it is given. */
static inline unsigned vmid_of(const struct table_spec *table)
{
	return table->vmid == UNSET ? 0 : (unsigned)table->vmid;
}

/* What a CD comes from: of a master (CD 0) or of one SubstreamID. */
struct context_spec {
	const struct node *at;
	uint64_t ssid;
	const char *table, *table_upper;
	struct list map;
	uint64_t asid;
	struct list cd; /* of struct field_setting */
	const uint64_t *cd_raw;
	uint64_t partid, pmg; /* of a substream's CD */
	/* follows */
	struct table_spec *lower, *upper;
};

/* In place of an SMMU's name: of a master behind none. */
#define SMMU_NONE "none"

struct atc;

struct atc_spec {
	const struct node *at;
	uint64_t entries;
};

struct master_spec {
	const struct node *at;
	const char *name, *smmu;
	uint64_t stream_id, count, security, ns, bus_width, attr, sh, priv, can_stall, mode, world;
	struct context_spec context;
	const char *stage2, *stage2_ns;
	struct list substreams; /* of struct context_spec */
	uint64_t s1dss, cdmax, cd_format, cd_at_ipa, cd_s2_perm;
	struct list ste; /* of struct field_setting */
	const uint64_t *ste_raw;
	struct atc_spec atc;
	uint64_t ns_only, exclusive;   /* what an audit is to find */
	uint64_t partid, pmg, mpam_ns; /* of the STE */
	/* follows */
	struct atc *cache; /* NULL: it has no ATC */
	bool direct;       /* it stands behind no SMMU */
	struct smmu_spec *on;
	struct interface_spec *interface; /* of that SMMU, where its streams are */
	struct table_spec *s2;
	struct table_spec
		*s2_ns; /* of a Secure master: of Non-secure IPAs, where s2 is of Secure */
	struct smmu3_master seen; /* as the library shows it */
};

struct memory_spec {
	const struct node *at;
	const char *name;
	uint64_t base, size, pas;
};

/* What CPUs map, for an audit to compare with. */
struct cpu_mapping_spec {
	const struct node *at;
	const char *name;
	uint64_t pa, size, pas, attr, sh;
};

/* Of a region of the firewall, or of what no region has. */
struct grant_spec {
	const struct node *at;
	uint64_t perm[FIREWALL_SPACES];
	struct list ns_read, ns_write; /* of struct name_spec */
};

struct region_spec {
	const struct node *at;
	const char *name, *memory;
	uint64_t base, size;
	struct grant_spec grant;
};

struct firewall_spec {
	const struct node *at;
	uint64_t mode;
	struct grant_spec fallback;
	struct list regions; /* of struct region_spec */
	/* follows */
	struct firewall rule;
};

struct bypass_spec {
	const struct node *at;
	uint64_t abort, mtcfg, memattr, alloccfg, shcfg, nscfg, privcfg, instcfg;
	uint64_t partid, pmg, mpam_ns; /* GBPMPAM */
};

struct stream_table_spec {
	const struct node *at;
	uint64_t format, log2size, split;
};

struct queue_spec {
	const struct node *at;
	uint64_t enabled, log2size;
	/* follows */
	uint64_t base;
};

struct dpt_grant_spec {
	const struct node *at;
	uint64_t pa, size, perm, vmid, shared, contiguous;
};

struct dpt_spec {
	const struct node *at;
	uint64_t bits, region, granule;
	struct list map; /* of struct dpt_grant_spec */
	/* follows */
	struct smmu3_dpt table;
};

struct gpt_range_spec {
	const struct node *at;
	uint64_t pa, size, pas, contiguous; /* pas: enum smmu3_gpi */
};

struct gpt_spec {
	const struct node *at;
	uint64_t bits, granule, rest; /* rest: enum smmu3_gpi of what no range names */
	const char *tables_in;
	struct list map; /* of struct gpt_range_spec */
	/* follows */
	struct smmu3_gpt table;
};

/* Places: each is `all` where it is not given, but for micro-TLBs, which are of streams. */
struct caches_spec {
	const struct node *at;
	uint64_t all, l1stds, stes, cds, tlb, tables, dpt, gpt, micro, micro_streams, contiguous;
};

struct statistics_spec {
	const struct node *at;
	uint64_t streams;
};

/* CFGR of the performance monitors, by its fields. */
struct pmcg_spec {
	const struct node *at;
	uint64_t counters, bits, one_filter, capture, msi;
};

struct image_spec {
	const struct node *at;
	const char *index, *data;
};

/* A register write of a capture. */
struct register_write {
	uint64_t offset, value;
	unsigned size; /* bytes */
};

struct own_log;
struct smmu_spec;

/* What software writes of one programming interface: the Non-secure, the Secure or the Realm one.
 */
struct interface_spec {
	const struct node *at;
	uint64_t enabled;
	struct bypass_spec bypass;
	uint64_t recinvsid, e2h, s2pii, table_attr, table_sh;
	struct stream_table_spec stream_table;
	struct queue_spec command_queue, event_queue, pri_queue;
	const char *tables_in;
	uint64_t sif, nsstalld;        /* of the Secure one */
	uint64_t mecid;                /* of the Realm one: R_GMECID */
	uint64_t partid, pmg, mpam_ns; /* GMPAM */
	/* follows */
	bool used; /* the driver programs it */
	enum smmu3_pas pas;
	struct smmu_spec *of;
	struct smmu3_stream_table_shape streams;
};

struct smmu_spec {
	const struct node *at;
	const char *name, *profile;
	const struct node *features, *idr;
	struct smmu3_config config; /* follows from the three before it */
	uint64_t gbpa;
	struct interface_spec interface[INTERFACES];
	const char *registers;
	struct image_spec image;
	struct caches_spec caches;
	uint64_t check; /* enum smmu3_check */
	struct dpt_spec dpt;
	struct gpt_spec gpt;
	struct statistics_spec statistics;
	struct pmcg_spec pmcg;
	struct list adversity; /* of struct name_spec */
	/* follows */
	struct register_write *writes;
	size_t write_count;
	struct smmu3 *smmu;
	struct smmu3_port *port; /* that accesses come through; NULL: through none */
	bool batches;            /* each access as a batch, within a section */
	struct own_log *own;     /* what it does of its own accord */
};

struct spec {
	const struct node *at;
	uint64_t version;
	struct list smmu, memory, tables, masters, cpu_mappings;
	struct firewall_spec firewall;
};

extern const struct shape spec_shape;
extern const struct shape mapping_shape, table_shape, context_shape, master_shape, memory_shape,
	smmu_shape;
extern const struct word perm_words[];

/* Items of a list, by place. */
#define ITEM(list, type, i) (&((type *)(list).item)[i])

#endif
