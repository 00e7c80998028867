/* SPDX-License-Identifier: MIT */
/*
 * Recordings: all that one SMMU meets and does, written down by the host program that has it, as
 * the session that `smmu-sim replay` does again and compares.  docs/smmu-sim.md has the lines.
 *
 * The recorder stands between the program and its SMMU, on both sides: the SMMU is created with the
 * recorder's host, which calls the program's own; and the program accesses registers and translates
 * by the functions below.  What reaches the SMMU otherwise (ports, smmu3_broadcast_tlbi,
 * smmu3_page_request, smmu3_atc_complete, smmu3_load) the recorder does not see, and
 * must be told of by smmu3_record_unsaid.  Memory must come through host.read and host.write: RAM
 * windows (smmu3_add_ram) cannot be seen.
 *
 *	record = smmu3_record_open(&config, &host, write, file, &error);
 *	smmu = smmu3_create(&config, smmu3_record_host(record), &error);
 *	smmu3_record_mmio_write(record, smmu, SMMU3_PAS_NS, 0x20, 4, 0xd);
 *	...
 *	smmu3_destroy(smmu);
 *	code = smmu3_record_close(record, &error);
 *
 * A session says what a Non-secure SMMU does without stalls, PCIe's ATS and PRI, or SubstreamIDs.
 * With what it has no words for the recording ends, never silently: the program's calls go on
 * working, nothing more is written but a line that says what it was, which replays complain of, and
 * smmu3_record_close says it, too.  It has no words for
 *
 *   - a register access from another PA space than Non-secure, or made inside a callback;
 *   - an access of a Secure or Realm stream, with a SubstreamID, of an instruction, privileged, of
 *     ATS, with NS, XT, No_snoop or attributes; one that is made inside a callback (but for
 *     probes); one that stalls, would, or ends as RAZ/WI;
 *   - memory in another PA space, in a RAM window, or that answers with an abort; memory that
 *     changes between two reads of the SMMU for one access, or before a hardware update of it
 *     (IDR0.HTTU); an update that a host without swap cannot make; and memory that a register read
 *     makes the SMMU read or write;
 *   - interrupts of a Secure, Realm or Root interface and of performance monitors; several VMIDs
 *     invalidated at once; ATS invalidations and page responses that the host hears of.
 *
 * Nothing is written of probes (SMMU3_TXN_PROBE), of calls that are refused as mistakes of the
 * caller's, and of announcements that are not of stage 1: the commands that ask for them are there.
 */
#ifndef SMMU3_RECORD_H
#define SMMU3_RECORD_H

#include <smmu/smmu.h>
#include <smmu/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

struct smmu3_record;

/*
 * Begins a recording of an SMMU that will be created with this configuration and host, which is
 * copied.  What is recorded goes to write, compressed by zstd, when enough has come together: from
 * whichever thread has an access recorded, also while the SMMU is at work, so write must call
 * nothing of the recorder or of the SMMU.  Returns NULL with *error filled: what smmu3_config_check
 * says; SMMU3_E_ARGUMENT: host is NULL, or its size 0; SMMU3_E_UNSUPPORTED: stalls are forced
 * (IDR0.STALL_MODEL = 2), or the host has no swap for updates by ATOS (IDR0.HTTU, IDR0.ATOS);
 * SMMU3_E_MEMORY.  error may be NULL.  Any thread.
 */
SMMU3_API struct smmu3_record *smmu3_record_open(const struct smmu3_config *config,
						 const struct smmu3_host *host,
						 smmu3_write_fn *write, void *context,
						 struct smmu3_error *error);

/* The host to create the SMMU with, one at a time.  It lives as long as the recording.  Any thread.
 */
SMMU3_API const struct smmu3_host *smmu3_record_host(const struct smmu3_record *record);

/*
 * smmu3_mmio_read, smmu3_mmio_write and smmu3_translate: the same arguments, answers and effects,
 * with the lines for it.  Any thread; one at a time is let to the SMMU, with all that follows from
 * it, so that a callback must wait neither for another thread's call nor for a lock that one is
 * made under.  From inside a callback they work, and end the recording, but for probes.  An access
 * of many bytes is recorded as that at its address: what outcome.bytes leaves over is asked for
 * anew.
 */
SMMU3_API int smmu3_record_mmio_read(struct smmu3_record *record, struct smmu3 *smmu,
				     enum smmu3_pas from, uint64_t offset, unsigned size,
				     uint64_t *value);
SMMU3_API int smmu3_record_mmio_write(struct smmu3_record *record, struct smmu3 *smmu,
				      enum smmu3_pas from, uint64_t offset, unsigned size,
				      uint64_t value);
SMMU3_API enum smmu3_verdict smmu3_record_translate(struct smmu3_record *record, struct smmu3 *smmu,
						    const struct smmu3_txn *txn,
						    struct smmu3_outcome *outcome);

/* smmu3_reset.  Before the first register access or access of a device it is nothing that a session
 * would have to say, as when a machine is switched on; later the recording ends with it.  Not
 * together with any other call on this SMMU. */
SMMU3_API void smmu3_record_reset(struct smmu3_record *record, struct smmu3 *smmu);

/* Something happens to the SMMU that the recorder does not see: the recording ends here.  what is
 * it in a few words, for smmu3_record_close.  Any thread, also from inside callbacks. */
SMMU3_API void smmu3_record_unsaid(struct smmu3_record *record, const char *what);

/*
 * Ends the recording and frees the recorder, when its SMMU has been destroyed.  0: it is whole, and
 * everything was taken by write; -SMMU3_E_UNSUPPORTED: it ended before, and error says with what;
 * -SMMU3_E_IO: write has failed; -SMMU3_E_MEMORY: it ended because memory ran out.  error may be
 * NULL; record, too: 0.
 */
SMMU3_API int smmu3_record_close(struct smmu3_record *record, struct smmu3_error *error);

/* A member of struct smmu3_config, a uint32_t at this offset, by the name that C lines call it. */
struct smmu3_record_member {
	const char *name;
	size_t offset;
};

/* Members by their place in the list, from 0; NULL past the end.  Any thread. */
SMMU3_API const struct smmu3_record_member *smmu3_record_member(size_t index);

#ifdef __cplusplus
}
#endif

#endif
