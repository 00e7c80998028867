/* SPDX-License-Identifier: MIT */
#include "trace_same.h"

#include <string.h>

bool same_txn(const struct smmu3_txn *a, const struct smmu3_txn *b)
{
	return a->addr == b->addr && a->bytes == b->bytes && a->sid == b->sid &&
	       a->ssid == b->ssid && a->flags == b->flags && a->sec_sid == b->sec_sid &&
	       a->txn_class == b->txn_class && a->attr.mair == b->attr.mair &&
	       a->attr.sh == b->attr.sh;
}

static bool same_own(const struct smmu3_own_act *a, const struct smmu3_own_act *b)
{
	return a->kind == b->kind && a->pas == b->pas && a->none == b->none &&
	       a->interrupt == b->interrupt && a->error == b->error && a->aborted == b->aborted &&
	       a->index == b->index && a->addr == b->addr && a->data == b->data &&
	       a->attr.mair == b->attr.mair && a->attr.sh == b->attr.sh && a->said == b->said &&
	       !memcmp(&a->event, &b->event, sizeof(a->event)) &&
	       !memcmp(&a->stated, &b->stated, sizeof(a->stated)) &&
	       a->scope.kind == b->scope.kind && a->scope.asid == b->scope.asid &&
	       a->scope.vmid == b->scope.vmid && a->scope.addr == b->scope.addr &&
	       a->scope.bytes == b->scope.bytes && a->scope.sid == b->scope.sid &&
	       a->scope.sids == b->scope.sids && a->scope.ssid == b->scope.ssid &&
	       !memcmp(&a->atc_inv, &b->atc_inv, sizeof(a->atc_inv)) &&
	       !memcmp(&a->response, &b->response, sizeof(a->response));
}

bool same_act(const struct smmu3_trace_op *a, const struct smmu3_trace_op *b)
{
	return a->command[0] == b->command[0] && a->command[1] == b->command[1] &&
	       a->endpoint == b->endpoint && !memcmp(&a->page, &b->page, sizeof(a->page)) &&
	       same_own(&a->own, &b->own);
}

bool same_stats(const struct smmu3_stats_said *a, const struct smmu3_stats_said *b)
{
	bool same = a->of_stream == b->of_stream && a->sid == b->sid && a->count == b->count;

	for (unsigned i = 0; i < a->count && same; i++)
		same = a->figure[i].index == b->figure[i].index &&
		       a->figure[i].least == b->figure[i].least &&
		       a->figure[i].most == b->figure[i].most;
	return same;
}

bool same_meaning(const struct smmu3_trace_op *a, const struct smmu3_trace_op *b)
{
	return a->kind == b->kind && a->line == b->line && a->op == b->op &&
	       !strcmp(a->master, b->master) && same_txn(&a->txn, &b->txn) &&
	       a->priv_given == b->priv_given && a->sec_given == b->sec_given &&
	       a->ns_given == b->ns_given && a->attr_given == b->attr_given &&
	       a->sh_given == b->sh_given && a->expect.present == b->expect.present &&
	       a->expect.probe == b->expect.probe && a->expect.verdict == b->expect.verdict &&
	       a->expect.event == b->expect.event && a->expect.pa == b->expect.pa &&
	       a->expect.ipa == b->expect.ipa && a->busy.present == b->busy.present &&
	       a->expect.firewall == b->expect.firewall && a->expect.blocker == b->expect.blocker &&
	       !strcmp(a->expect.region, b->expect.region) && a->size == b->size &&
	       a->offset == b->offset && a->value == b->value && a->mask == b->mask &&
	       same_act(a, b) && same_stats(&a->stats, &b->stats) &&
	       !strcmp(a->adversity, b->adversity);
}

bool same_op(const struct smmu3_trace_op *a, const struct smmu3_trace_op *b)
{
	return a->who_column == b->who_column && a->address_column == b->address_column &&
	       same_meaning(a, b);
}
