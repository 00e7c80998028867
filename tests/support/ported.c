/* SPDX-License-Identifier: MIT */
#include "ported.h"

#include <pthread.h>
#include <smmu/port.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/single_threaded.h>

/* The linker's names: callers of smmu3_NAME call __wrap_smmu3_NAME, and it is __real_smmu3_NAME. */
enum smmu3_verdict __real_smmu3_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome);
enum smmu3_verdict __wrap_smmu3_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome);
void __real_smmu3_destroy(struct smmu3 *smmu);
void __wrap_smmu3_destroy(struct smmu3 *smmu);

enum { STREAMS = 4 };

/* The port of an SMMU and a thread. */
struct ported {
	const struct smmu3 *smmu;
	unsigned thread;
	struct smmu3_port *port;
	struct {
		struct smmu3_txn like;
		struct smmu3_stream *open; /* NULL: none */
	} stream[STREAMS];
	unsigned streams, turn;
	bool busy; /* a call through it has not returned */
	struct ported *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct ported *first; /* under the lock */
static struct ported_counts of_this_process;
static struct ported_counts *counted = &of_this_process; /* later shared with those of tests */

bool ported_pass(void)
{
	return getenv("SMMU_TEST_PORTS") != NULL;
}

static void count(unsigned *number, unsigned more)
{
	__atomic_fetch_add(number, more, __ATOMIC_RELAXED);
}

/* ---- Ports ---- */

static unsigned this_thread(void)
{
	static _Thread_local unsigned number;
	static unsigned threads;

	if (!number)
		number = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
	return number;
}

static struct ported *find(const struct smmu3 *smmu, unsigned thread)
{
	struct ported *ported;

	pthread_mutex_lock(&lock);
	for (ported = first; ported; ported = ported->next)
		if (ported->smmu == smmu && ported->thread == thread)
			break;
	pthread_mutex_unlock(&lock);
	return ported;
}

static struct ported *open_port(struct smmu3 *smmu, unsigned thread)
{
	struct ported *ported = calloc(1, sizeof(*ported));

	if (!ported)
		abort();
	ported->smmu = smmu;
	ported->thread = thread;
	ported->port = smmu3_port_open(smmu, NULL, NULL);
	if (!ported->port)
		abort();
	pthread_mutex_lock(&lock);
	ported->next = first;
	first = ported;
	pthread_mutex_unlock(&lock);
	return ported;
}

static struct ported *port_of(struct smmu3 *smmu)
{
	struct ported *found = find(smmu, this_thread());

	return found ? found : open_port(smmu, this_thread());
}

/* One of an SMMU's, which is no longer found; NULL: there is none. */
static struct ported *take_out(const struct smmu3 *smmu)
{
	struct ported *taken = NULL;

	pthread_mutex_lock(&lock);
	for (struct ported **at = &first; *at; at = &(*at)->next) {
		if ((*at)->smmu != smmu)
			continue;
		taken = *at;
		*at = taken->next;
		break;
	}
	pthread_mutex_unlock(&lock);
	return taken;
}

/* ---- Streams of a port ---- */

/* What a stream's accesses have in common. */
static struct smmu3_txn like(const struct smmu3_txn *txn)
{
	enum {
		FREE = SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED |
		       SMMU3_TXN_NO_STALL | SMMU3_TXN_PROBE
	};
	struct smmu3_txn common;

	memcpy(&common, txn, sizeof(common));
	common.addr = 0;
	common.bytes = 1;
	common.cookie = 0;
	common.flags = (uint16_t)(common.flags & ~FREE);
	return common;
}

/* In place of the one that was opened longest ago; NULL: such accesses have none. */
static struct smmu3_stream *open_stream(struct ported *ported, const struct smmu3_txn *common)
{
	const unsigned place = ported->streams % STREAMS;
	struct smmu3_stream *opened = smmu3_stream_open(ported->port, common, NULL);

	if (!opened)
		return NULL;
	smmu3_stream_close(ported->stream[place].open);
	ported->stream[place].open = opened;
	memcpy(&ported->stream[place].like, common, sizeof(*common));
	ported->streams++;
	return opened;
}

static struct smmu3_stream *stream_of(struct ported *ported, const struct smmu3_txn *txn)
{
	const struct smmu3_txn common = like(txn);

	for (unsigned i = 0; i < STREAMS; i++)
		if (ported->stream[i].open &&
		    !memcmp(&ported->stream[i].like, &common, sizeof(common)))
			return ported->stream[i].open;
	return open_stream(ported, &common);
}

/* ---- Hits ---- */

static struct smmu3_hit hit_of(const struct ported *ported, const struct smmu3_stream *stream,
			       const struct smmu3_txn *txn)
{
	return stream ? smmu3_stream_hit(stream, txn->addr, txn->flags) :
			smmu3_port_hit(ported->port, txn);
}

/* 0: nothing translates. */
static uint64_t span_of(struct smmu3_hit hit)
{
	const unsigned size = hit.word >> SMMU3_HIT_SIZE & 0x3f;

	return size == SMMU3_HIT_NOT_TRANSLATED ? 0 : UINT64_C(1) << size;
}

static bool agrees(struct smmu3_hit hit, const struct smmu3_txn *txn,
		   const struct smmu3_outcome *outcome)
{
	const struct smmu3_attr attr = smmu3_hit_attr(hit);

	return outcome->verdict == SMMU3_OK && hit.pa == outcome->pa &&
	       smmu3_hit_perm(hit) == outcome->perm && smmu3_hit_pas(hit) == outcome->pas &&
	       attr.mair == outcome->attr.mair && attr.sh == outcome->attr.sh &&
	       span_of(hit) == outcome->span &&
	       (!outcome->span || smmu3_hit_bytes(hit, txn->addr, txn->bytes) == outcome->bytes);
}

/* A hit says nothing of accesses that are malformed. */
static void compare(struct smmu3_hit hit, const struct smmu3_txn *txn,
		    const struct smmu3_outcome *outcome, const char *when)
{
	if (!hit.word || outcome->verdict == SMMU3_ERROR)
		return;
	count(&counted->hits, 1);
	if (agrees(hit, txn, outcome))
		return;
	(void)fprintf(
		stderr,
		"SMMU_TEST_PORTS: of 0x%llx of stream 0x%x a port has, %s, pa 0x%llx word 0x%llx, and the "
		"answer is verdict %u pa 0x%llx perm 0x%x pas %u attr 0x%x %u span 0x%llx bytes 0x%llx\n",
		(unsigned long long)txn->addr, txn->sid, when, (unsigned long long)hit.pa,
		(unsigned long long)hit.word, outcome->verdict, (unsigned long long)outcome->pa,
		outcome->perm, outcome->pas, outcome->attr.mair, outcome->attr.sh,
		(unsigned long long)outcome->span, (unsigned long long)outcome->bytes);
	abort();
}

/* Of a batch: what others of it have made dirty may be written to since.  3.13 */
static void compare_in_batch(struct smmu3_hit hit, const struct smmu3_txn *txn,
			     const struct smmu3_outcome *outcome, const char *when)
{
	enum { WRITES = SMMU3_PERM_UW | SMMU3_PERM_PW };
	struct smmu3_outcome then = *outcome;

	then.perm = (uint8_t)((then.perm & ~(unsigned)WRITES) | (smmu3_hit_perm(hit) & WRITES));
	compare(hit, txn, &then, when);
}

/* ---- Ways ---- */

static bool of_stream(enum ported_way way)
{
	return way == WAY_STREAM || way == WAY_STREAM_SECTION;
}

static bool in_section(enum ported_way way)
{
	return way == WAY_SECTION || way == WAY_STREAM_SECTION;
}

static void ask(struct ported *ported, enum ported_way way, struct smmu3_stream *stream,
		const struct smmu3_txn *txn, struct smmu3_outcome *outcome)
{
	enum smmu3_verdict verdict;

	if (stream) {
		verdict = smmu3_stream_translate(stream, txn, outcome);
	} else if (way == WAY_PORT) {
		verdict = smmu3_port_translate(ported->port, txn, outcome);
	} else {
		smmu3_port_translate_batch(ported->port, txn, outcome, 1);
		verdict = (enum smmu3_verdict)outcome->verdict;
	}
	if (verdict != outcome->verdict)
		abort();
}

/* Nobody changes anything between a hit and the answer if there is but this thread; between the
 * answer and a hit of the same the port has seen nothing new, whoever there is. */
static void ask_and_compare(struct ported *ported, const struct smmu3_txn *txn,
			    struct smmu3_outcome *outcome)
{
	const enum ported_way way = (enum ported_way)(ported->turn++ % PORTED_WAYS);
	struct smmu3_stream *stream = of_stream(way) ? stream_of(ported, txn) : NULL;
	const bool alone = __libc_single_threaded;

	count(&counted->asked[way], 1);
	if (in_section(way))
		smmu3_port_begin(ported->port);
	const struct smmu3_hit before = hit_of(ported, stream, txn);

	ask(ported, way, stream, txn, outcome);
	if (alone)
		compare(before, txn, outcome, "before");
	compare(hit_of(ported, stream, txn), txn, outcome, "after");
	if (in_section(way))
		smmu3_port_end(ported->port);
}

enum smmu3_verdict __wrap_smmu3_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome)
{
	if (!ported_pass())
		return __real_smmu3_translate(smmu, txn, outcome);
	struct ported *ported = port_of(smmu);

	if (ported->busy) {
		count(&counted->past, 1);
		return __real_smmu3_translate(smmu, txn, outcome);
	}
	ported->busy = true;
	ask_and_compare(ported, txn, outcome);
	ported->busy = false;
	return (enum smmu3_verdict)outcome->verdict;
}

/* What the port had before may have made room for what the batch has met. */
void ported_batch(struct smmu3 *smmu, const struct smmu3_txn *txn, struct smmu3_outcome *outcome,
		  size_t n, bool section)
{
	struct ported *ported = port_of(smmu);
	const bool alone = __libc_single_threaded;
	struct smmu3_hit *before = malloc(n * sizeof(*before));

	if (!before)
		abort();
	count(&counted->batched, (unsigned)n);
	ported->busy = true;
	if (section)
		smmu3_port_begin(ported->port);
	for (size_t i = 0; i < n; i++)
		before[i] = smmu3_port_hit(ported->port, &txn[i]);
	smmu3_port_translate_batch(ported->port, txn, outcome, n);
	for (size_t i = 0; i < n; i++) {
		if (alone)
			compare_in_batch(before[i], &txn[i], &outcome[i], "before");
		compare_in_batch(smmu3_port_hit(ported->port, &txn[i]), &txn[i], &outcome[i],
				 "after");
	}
	if (section)
		smmu3_port_end(ported->port);
	ported->busy = false;
	free(before);
}

void __wrap_smmu3_destroy(struct smmu3 *smmu)
{
	for (struct ported *ported; smmu && (ported = take_out(smmu));) {
		smmu3_port_close(ported->port);
		free(ported);
	}
	__real_smmu3_destroy(smmu);
}

/* ---- That there are ports ---- */

void ported_begin(void)
{
	counted = mmap(NULL, sizeof(*counted), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (counted == MAP_FAILED)
		abort();
}

struct ported_counts ported_counts(void)
{
	return *counted;
}

static unsigned asked(void)
{
	unsigned all = counted->batched;

	for (unsigned way = 0; way < PORTED_WAYS; way++)
		all += counted->asked[way];
	return all;
}

bool ported_end(void)
{
	if (!ported_pass())
		return true;
	(void)printf("through ports: %u, hits compared: %u, past ports: %u\n", asked(),
		     counted->hits, counted->past);
	if (asked())
		return true;
	(void)fprintf(stderr, "SMMU_TEST_PORTS: no SMMU was asked through a port\n");
	return false;
}
