/* SPDX-License-Identifier: MIT */
/*
 * Ports: the ways into an SMMU that cost least.
 *
 * A port is a translation buffer in front of one requester, a TBU as implementations name it.  It
 * keeps, for its own thread alone, what was found for the streams that use it: translations in a
 * micro-TLB for each, what the Stream table and Context descriptors say, and where the last tables
 * on the way are.  A hit takes no lock and writes nothing that another thread reads.  How much it
 * keeps is what struct smmu3_port_config says, whatever caches the SMMU has; where that is nothing,
 * where something is counted (stats.h, performance monitors that are enabled), and on an SMMU with
 * Root registers, a port keeps nothing, and every answer is that of smmu3_translate.  3.21, 16.8
 *
 * One thread at a time uses a port and its streams; a host opens one for each device queue or
 * thread.  Callbacks must not use the port whose call they were made from: smmu3_translate, or
 * another port, will do.  What may not run together with any other call on an SMMU (smmu3_reset,
 * _load, _add_ram and the like) may not together with one on its ports.
 *
 * Invalidations reach a port with its next call, in a section at the latest when the next one
 * begins.  CMD_SYNC and TLBI promise: a call that begins after a CMD_SYNC has been consumed uses
 * nothing that commands before it removed.  Between smmu3_port_begin and smmu3_port_end, a section,
 * a host translates and performs the accesses themselves: a CMD_SYNC, of whichever queue, is not
 * consumed before all sections that were open when it was fetched have been closed, so that
 * accesses in a section need not be watched; those of other calls are what host.invalidate waits
 * for.  It keeps no thread waiting: it and the commands behind it go on when the last of these
 * sections is closed, or by the next register access.  So a section should be short, and nothing in
 * it may wait for software, as a stalled access does: its CMD_RESUME may stand behind that
 * CMD_SYNC.  A change of registers, and what CPUs broadcast, count with the next call, in a section
 * too; nothing waits for accesses that were translated before. docs/concurrency.md, 4.7.3
 */
#ifndef SMMU3_PORT_H
#define SMMU3_PORT_H

#include <smmu/smmu.h>

#ifdef __cplusplus
extern "C" {
#endif

struct smmu3_port;
struct smmu3_stream;

/* How large a port is; begin with smmu3_port_config_init.  Powers of two up to SMMU3_MICRO_MOST, or
 * both 0. */
struct smmu3_port_config {
	size_t size;            /* sizeof(struct smmu3_port_config) */
	uint32_t micro;         /* entries for each stream: as smmu3_caches.micro */
	uint32_t micro_streams; /* streams: as smmu3_caches.micro_streams */
};

/* Fills *config, as the SMMU was configured (smmu3_config.caches).  Any thread. */
SMMU3_API void smmu3_port_config_init(const struct smmu3 *smmu, struct smmu3_port_config *config);

/* Opens a port; config may be NULL: as smmu3_port_config_init has it.  Returns NULL with *error
 * filled: SMMU3_E_ARGUMENT for sizes that are none, config->size among them, SMMU3_E_MEMORY.
 * Allocates, which no other call on ports does but smmu3_stream_open.  Any thread, also while
 * others translate and access registers, and from inside callbacks. */
SMMU3_API struct smmu3_port *smmu3_port_open(struct smmu3 *smmu,
					     const struct smmu3_port_config *config,
					     struct smmu3_error *error);

/* Closes a port, its section, if one is open, as smmu3_port_end does, and its streams.  All ports
 * are closed before smmu3_destroy.  NULL is allowed. */
SMMU3_API void smmu3_port_close(struct smmu3_port *port);

/* Opens and closes a section.  Sections do not nest: a second begin closes the first, and an end
 * without one does nothing.  Opening takes no lock; closing takes the one of registers where a
 * CMD_SYNC waits, and may carry on with a Command queue, and so call the host.  4.7.3 */
SMMU3_API void smmu3_port_begin(struct smmu3_port *port);
SMMU3_API void smmu3_port_end(struct smmu3_port *port);

/* smmu3_translate through a port: the same arguments, answers and effects, if software invalidates
 * what it must; if not, what a port has kept may be other than what is kept elsewhere.  7.3.22 */
SMMU3_API enum smmu3_verdict smmu3_port_translate(struct smmu3_port *port,
						  const struct smmu3_txn *txn,
						  struct smmu3_outcome *outcome);

/*
 * n of them, from 0 on: the outcome of each stands at its index, with its verdict, and events are
 * recorded in their order.  Each is answered as at some moment of the call: what software does in
 * callbacks for one may have come too late for those behind it.  Reads of translation tables in RAM
 * windows are begun for many before the first is waited for, so that a batch of 16 to 64 that miss
 * costs a fraction of as many calls.
 */
SMMU3_API void smmu3_port_translate_batch(struct smmu3_port *port, const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome, size_t n);

/* ---- Hits alone ---- */

/*
 * What a port has of an address.  word is 0 if it has nothing, or nothing that lets the access
 * through: ask smmu3_port_translate then, pa says nothing.  Otherwise the access goes to pa, as far
 * as the functions below say: what smmu3_port_translate would answer, which alone tells stages,
 * decider, labels of MPAM, and the MECID of Realm memory.  Who asks causes nothing, whichever it
 * is: no event, no call of the host, nothing that is learnt.
 */
struct smmu3_hit {
	uint64_t pa;
	uint64_t word;
};

/* Of word: bits 5:0 permissions that are missing (enum smmu3_perm), 11:6 log2 of the translation's
 * size in bytes, 13:12 PA space, 15:14 shareability, 23:16 attributes (smmu3_attr.mair), 63:24
 * PA[51:12].  Addresses above have no entries. */
enum smmu3_hit_bits {
	SMMU3_HIT_SIZE = 6,
	SMMU3_HIT_PAS = 12,
	SMMU3_HIT_SH = 14,
	SMMU3_HIT_MAIR = 16,
	SMMU3_HIT_PAGE = 24,
	SMMU3_HIT_NOT_TRANSLATED = 63, /* size of what nothing translated */
};

/* enum smmu3_perm, as outcome.perm. */
static inline unsigned smmu3_hit_perm(struct smmu3_hit hit)
{
	return ~(unsigned)hit.word & 0x3f;
}

/* enum smmu3_pas */
static inline unsigned smmu3_hit_pas(struct smmu3_hit hit)
{
	return (unsigned)(hit.word >> SMMU3_HIT_PAS) & 3;
}

static inline struct smmu3_attr smmu3_hit_attr(struct smmu3_hit hit)
{
	const struct smmu3_attr attr = { (uint8_t)(hit.word >> SMMU3_HIT_MAIR),
					 (uint8_t)(hit.word >> SMMU3_HIT_SH & 3) };

	return attr;
}

/* How many bytes from addr it answers, at most `bytes`, which is not 0: up to the end of the
 * translation, as outcome.bytes, or, where nothing translates, of the page of 4KB, where that may
 * reach farther. */
static inline uint64_t smmu3_hit_bytes(struct smmu3_hit hit, uint64_t addr, uint64_t bytes)
{
	const unsigned said = (unsigned)(hit.word >> SMMU3_HIT_SIZE) & 0x3f;
	const unsigned size = said == SMMU3_HIT_NOT_TRANSLATED ? 12 : said;
	const uint64_t left = ~addr & (((uint64_t)1 << size) - 1);

	return (bytes - 1 < left ? bytes - 1 : left) + 1;
}

/* Of an access as txn describes it, whose bytes does not count: see smmu3_hit_bytes. */
SMMU3_API struct smmu3_hit smmu3_port_hit(const struct smmu3_port *port,
					  const struct smmu3_txn *txn);

/* The same of an access of class ordinary that does not give its attributes, all of it in
 * registers: stream is as smmu3_stream_ids says, how its flags (enum smmu3_txn_flags, without
 * SMMU3_TXN_ATTR) and sec_sid << 16.  What a caller has just written into a struct is slower to be
 * read back than this. */
static inline uint64_t smmu3_stream_ids(uint32_t sid, uint32_t ssid)
{
	return sid | (uint64_t)ssid << 32;
}

SMMU3_API struct smmu3_hit smmu3_port_hit_by_ids(const struct smmu3_port *port, uint64_t stream,
						 uint64_t addr, uint32_t how);

/*
 * A handle for the accesses of one stream through a port, which spares finding it: those that are
 * like *like in all but addr, bytes, cookie and the flags WRITE, INSTRUCTION, PRIVILEGED, NO_STALL
 * and PROBE.  It has a micro-TLB of its own, as large as one of its port's.  Returns NULL with
 * *error filled: SMMU3_E_ARGUMENT if *like, a whole access, is malformed, a probe or of ATS;
 * SMMU3_E_MEMORY.  It is closed with its port, or before; NULL may be closed.  The port's thread.
 */
SMMU3_API struct smmu3_stream *
smmu3_stream_open(struct smmu3_port *port, const struct smmu3_txn *like, struct smmu3_error *error);
SMMU3_API void smmu3_stream_close(struct smmu3_stream *stream);

/* As smmu3_port_hit, of a stream; flags: SMMU3_TXN_WRITE, _INSTRUCTION and _PRIVILEGED; others are
 * not looked at. */
SMMU3_API struct smmu3_hit smmu3_stream_hit(const struct smmu3_stream *stream, uint64_t addr,
					    unsigned flags);

/* smmu3_port_translate of an access of this stream.  One of another is answered with SMMU3_ERROR,
 * and outcome.why says so (smmu3_why in decode.h). */
SMMU3_API enum smmu3_verdict smmu3_stream_translate(struct smmu3_stream *stream,
						    const struct smmu3_txn *txn,
						    struct smmu3_outcome *outcome);

#ifdef __cplusplus
}
#endif

#endif
