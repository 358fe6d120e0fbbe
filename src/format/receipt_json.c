/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The efimap-handover document. Writes down what check found and judges nothing. */
#include <efimap/format.h>

#include "report_json.h"

static json_t *cause_value(const struct efimap_cause *cause)
{
	json_t *value = json_object();

	json_member(&value, "cause", json_text(cause->name));
	json_member(&value, "fits", json_text(efimap_fit_name(cause->fit)));
	json_member(&value, "why", json_text(cause->why));
	json_member(&value, "check", json_text(cause->check));
	return value;
}

static json_t *payload_value(const struct efimap_receipt *receipt)
{
	json_t *value = json_object();

	if (!receipt->has_payload) {
		json_decref(value);
		return json_null();
	}
	json_member(&value, "fw_vendor", json_hex(receipt->payload.fw_vendor));
	json_member(&value, "runtime", json_hex(receipt->payload.runtime));
	json_member(&value, "tables", json_hex(receipt->payload.tables));
	json_member(&value, "smbios", json_hex(receipt->payload.smbios));
	return value;
}

static json_t *info_value(const struct efimap_receipt *receipt)
{
	const struct efimap_efi_info *info = &receipt->info;
	json_t *value = json_object();

	if (!receipt->has_info) {
		json_decref(value);
		return json_null();
	}
	json_member(&value, "signature", json_text(info->signature));
	json_member(&value, "systab", json_hex(info->systab));
	json_member(&value, "desc_size", json_count(info->desc_size));
	json_member(&value, "desc_version", json_count(info->desc_version));
	json_member(&value, "memmap", json_hex(info->memmap));
	json_member(&value, "memmap_size", json_count(info->memmap_size));
	return value;
}

int efimap_receipt_write_json(const char *source, const struct efimap_receipt *receipt,
			      bool compact, struct efimap_out *out)
{
	struct json json;

	json_begin(&json, "efimap-handover", source, compact, out);
	json_put(&json, "verdict", json_text(efimap_received_name(receipt->received)));
	json_put(&json, "reason", json_text(receipt->reason));
	json_put(&json, "loader", json_text(efimap_loaded_by_name(receipt->loaded_by)));
	json_open_array(&json, "causes");
	for (size_t i = 0; i < receipt->n_causes; i++)
		json_put(&json, NULL, cause_value(&receipt->causes[i]));
	json_close(&json);
	json_put(&json, "payload", payload_value(receipt));
	json_put(&json, "efi_info", info_value(receipt));
	counts_put(&json, receipt->report);
	findings_put(&json, receipt->report);
	return json_end(&json);
}
