/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A receipt as a value. What has been received is for the check room to find out. */
#include <stdlib.h>

#include "base/names.h"
#include "model/receipt.h"

static const char *const received_names[] = {
	[EFIMAP_RECEIVED_YES] = "received",
	[EFIMAP_RECEIVED_NO] = "not-received",
	[EFIMAP_RECEIVED_NOT_APPLICABLE] = "not-applicable",
};
EFIMAP_NAME_OF(received)

static const char *const fit_names[] = {
	[EFIMAP_FIT_CERTAIN] = "certain",
	[EFIMAP_FIT_POSSIBLE] = "possible",
	[EFIMAP_FIT_EXCLUDED] = "excluded",
};
EFIMAP_NAME_OF(fit)

void efimap_receipt_free(struct efimap_receipt *receipt)
{
	if (!receipt)
		return;
	efimap_report_free(receipt->report);
	free(receipt);
}
