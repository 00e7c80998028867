/* SPDX-License-Identifier: MIT */
/* A machine described in YAML: memories, masters, tables and SMMUs, programmed as a driver would.
 * docs/config.md.  Any thread, one at a time per machine, its SMMUs included; pointers that
 * functions return live as long as the machine, unless they say otherwise. */
#ifndef SMMU3_PLATFORM_H
#define SMMU3_PLATFORM_H

#include <smmu/port.h>
#include <smmu/smmu.h>
#include <smmu/trace.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct smmu3_machine;

/*
 * Builds the machine of a configuration file: memory, tables in it, registers written as a driver
 * would write them. Complaints (at most 20) go to report in the order found; then the result is
 * NULL, and *code says which kind came first: -SMMU3_E_IO (a file could not be read, was cut or
 * malformed at the byte level), -SMMU3_E_FORMAT (the configuration is wrong; a memory too small for
 * the tables that go there is), -SMMU3_E_INCONSISTENT (ID registers contradict each other),
 * -SMMU3_E_UNSUPPORTED, -SMMU3_E_LIMIT (all tables together would take more than 256M),
 * -SMMU3_E_MEMORY.  open_file, when not NULL, opens every file named (the configuration and what it
 * refers to), so that a tool can unpack compressed ones; NULL means plain files.
 */
struct smmu3_file {
	smmu3_read_fn *read;
	void (*close)(void *context);
	void *context;
};
typedef int smmu3_open_fn(void *context, const char *path, struct smmu3_file *file,
			  const char **why);

SMMU3_API struct smmu3_machine *smmu3_machine_load(const char *path, smmu3_open_fn *open_file,
						   void *open_context, smmu3_diagnostic_fn *report,
						   void *report_context, int *code);

/* All that may be otherwise than the file says: a caller fills size, the rest is 0 where it says
 * nothing. */
struct smmu3_machine_options {
	size_t size;                       /* sizeof(struct smmu3_machine_options) */
	const struct smmu3_caches *caches; /* of every SMMU; NULL: as the file says */
	/* Where the file asks for no statistics of an SMMU, it counts with this many rows for
	 * StreamIDs: a power of two up to SMMU3_CACHE_MOST.  stats.h */
	uint32_t streams;
	uint32_t check; /* enum smmu3_check of check.h, of every SMMU; 0: as the file says */
	/* Adversity, in words, that is asked of every SMMU besides what the file asks: seeds,
	 * choices and how late updates are before it is reset and programmed, all else afterwards.
	 * adversity.h */
	size_t adversities;
	const char *const *adversity;
};
SMMU3_API struct smmu3_machine *smmu3_machine_load_with(const struct smmu3_machine_options *options,
							const char *path, smmu3_open_fn *open_file,
							void *open_context,
							smmu3_diagnostic_fn *report,
							void *report_context, int *code);
SMMU3_API void smmu3_machine_free(struct smmu3_machine *machine);

/* The SMMUs in order of the file, NULL past the end.  Whoever translates on one directly is not
 * told of the end of a stall: SMMU3_TXN_NO_STALL. */
SMMU3_API struct smmu3 *smmu3_machine_smmu(struct smmu3_machine *machine, size_t index);
SMMU3_API const char *smmu3_machine_smmu_name(const struct smmu3_machine *machine, size_t index);
SMMU3_API const struct smmu3_config *smmu3_machine_smmu_config(const struct smmu3_machine *machine,
							       size_t index);

/*
 * From now on what smmu3_machine_perform and smmu3_machine_resume ask an SMMU goes through a port
 * of it, as config says, which may be NULL: as smmu3_port_config_init has it.  batches: each as a
 * batch of one within a section, in place of smmu3_port_translate.  Answers are the same.  0, or
 * the code of smmu3_port_open's error: some SMMUs have ports then, and others none.
 */
SMMU3_API int smmu3_machine_use_ports(struct smmu3_machine *machine,
				      const struct smmu3_port_config *config, bool batches);

/* Who is told from now on what the checker of any SMMU finds, as smmu3_host.finding, with the index
 * of the SMMU; NULL: nobody.  check.h */
typedef void smmu3_machine_finding_fn(void *context, size_t smmu,
				      const struct smmu3_finding *finding);
SMMU3_API void smmu3_machine_on_finding(struct smmu3_machine *machine,
					smmu3_machine_finding_fn *found, void *context);

/* Masters in order of the file.  count StreamIDs follow each other from sid. */
#define SMMU3_NO_SMMU ((size_t)-1)
struct smmu3_master {
	const char *name;
	size_t smmu; /* index of its SMMU; SMMU3_NO_SMMU: it is behind none, and has no StreamID */
	uint32_t sid, count;
	uint8_t sec_sid;        /* enum smmu3_pas */
	uint8_t bus_width;      /* address bits the master can drive, 1 to 64 */
	struct smmu3_attr attr; /* what it drives */
};
SMMU3_API const struct smmu3_master *smmu3_machine_master(const struct smmu3_machine *machine,
							  size_t index);
SMMU3_API const struct smmu3_master *smmu3_machine_find(const struct smmu3_machine *machine,
							const char *name);

/*
 * Carries out one line of a trace.  An access: completes op->txn from its master, translates, fills
 * *outcome and returns 1; a master with an ATC asks first, or has the translation, and op->atc says
 * which; op->guard says what the firewall makes of it, which is no part of *outcome.  An act, which
 * is about the first SMMU, or of an endpoint about its own: carries it out, fills op->result and
 * returns 0.  Negative, with the sentence in error: -SMMU3_E_NOT_FOUND (no such master or StreamID
 * of it: op->who_column is the place), -SMMU3_E_ARGUMENT (an address beyond the master's bus),
 * -SMMU3_E_LIMIT (1024 accesses have found the SMMU busy already) or -SMMU3_E_ABORT (an act on what
 * is not there: memory, a register, a queue in memory); of these op->address_column is the place.
 */
SMMU3_API int smmu3_machine_perform(struct smmu3_machine *machine, struct smmu3_trace_op *op,
				    struct smmu3_outcome *outcome, struct smmu3_error *error);

/* What becomes, behind an SMMU, of an access that came to *outcome on it, as smmu3_explain has it,
 * into op->guard.  smmu: its index; SMMU3_NO_SMMU: op->master is behind none. */
SMMU3_API void smmu3_machine_guard(const struct smmu3_machine *machine, size_t smmu,
				   struct smmu3_trace_op *op, const struct smmu3_outcome *outcome);

/*
 * The next access that was stalled, or found the SMMU busy, and whose wait is over: 1, with the
 * access (the part of its line that was held) in *op, how its wait ended in *stall, and what it
 * came to in *outcome.  If it is to be retried it is translated again, and may be held again.  0:
 * none; negative, from enum smmu3_code, when memory runs out.  To be asked after each line, until
 * it says 0.
 */
SMMU3_API int smmu3_machine_resume(struct smmu3_machine *machine, struct smmu3_trace_op *op,
				   struct smmu3_outcome *outcome, struct smmu3_stall *stall);

/* An access that waits still, by index from 0: 1, or 0 past the end.  op may be NULL. */
SMMU3_API int smmu3_machine_waiting(const struct smmu3_machine *machine, size_t index,
				    struct smmu3_trace_op *op);

/* What the first SMMU did of its own accord and no line has expected yet: the act at an index from
 * 0, or NULL past the end.  It remembers SMMU3_OWN_MOST of them.  The pointer is good until the
 * next call. */
enum { SMMU3_OWN_MOST = 1024 };
SMMU3_API const struct smmu3_own_act *smmu3_machine_own(const struct smmu3_machine *machine,
							size_t index);

/* Ends a block of expectations, if one has begun: what of the acts before it none of its lines
 * named is forgotten, and records among it are consumed.  Returns how many acts that were,
 * movements of PROD aside, the first of them in *first (which may be NULL).  smmu3_machine_perform
 * does the same before any line that is no expectation. */
SMMU3_API size_t smmu3_machine_settle(struct smmu3_machine *machine, struct smmu3_own_act *first);

/* Physical memory of the machine.  0, or -SMMU3_E_ABORT where there is none. */
SMMU3_API int smmu3_machine_read(const struct smmu3_machine *machine, enum smmu3_pas pas,
				 uint64_t pa, void *data, size_t size);
SMMU3_API int smmu3_machine_write(struct smmu3_machine *machine, enum smmu3_pas pas, uint64_t pa,
				  const void *data, size_t size);

/* The configuration with every default written out, as YAML, through write.  0, or -SMMU3_E_IO when
 * write fails. */
SMMU3_API int smmu3_machine_print(const struct smmu3_machine *machine,
				  int (*write)(void *context, const char *text, size_t size),
				  void *context);

#ifdef __cplusplus
}
#endif

#endif
