/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The efimap-handover document. Writes down what check found and judges nothing. */
#include "format/format.h"
#include "format/report_json.h"

static void put_cause(struct json *json, const struct efimap_cause *cause)
{
	json_open_line_object(json, NULL);
	json_put_text(json, "cause", cause->name);
	json_put_text(json, "fits", efimap_fit_name(cause->fit));
	json_put_text(json, "why", cause->why);
	json_put_text(json, "check", cause->check);
	json_close(json);
}

static void put_payload(struct json *json, const struct efimap_receipt *receipt)
{
	if (!receipt->has_payload) {
		json_put_null(json, "payload");
		return;
	}
	json_open_line_object(json, "payload");
	json_put_hex(json, "fw_vendor", receipt->payload.fw_vendor);
	json_put_hex(json, "runtime", receipt->payload.runtime);
	json_put_hex(json, "tables", receipt->payload.tables);
	json_put_hex(json, "smbios", receipt->payload.smbios);
	json_close(json);
}

static void put_info(struct json *json, const struct efimap_receipt *receipt)
{
	const struct efimap_efi_info *info = &receipt->info;

	if (!receipt->has_info) {
		json_put_null(json, "efi_info");
		return;
	}
	json_open_line_object(json, "efi_info");
	json_put_text(json, "signature", info->signature);
	json_put_hex(json, "systab", info->systab);
	json_put_count(json, "desc_size", info->desc_size);
	json_put_count(json, "desc_version", info->desc_version);
	json_put_hex(json, "memmap", info->memmap);
	json_put_count(json, "memmap_size", info->memmap_size);
	json_close(json);
}

int efimap_receipt_write_json(const char *source, const struct efimap_receipt *receipt,
			      bool compact, struct efimap_out *out)
{
	struct json json;

	json_begin(&json, "efimap-handover", source, compact, out);
	json_put_text(&json, "verdict", efimap_received_name(receipt->received));
	json_put_text(&json, "reason", receipt->reason);
	json_put_text(&json, "loader", efimap_loaded_by_name(receipt->loaded_by));
	json_open_array(&json, "causes");
	for (size_t i = 0; i < receipt->n_causes; i++)
		put_cause(&json, &receipt->causes[i]);
	json_close(&json);
	put_payload(&json, receipt);
	put_info(&json, receipt);
	counts_put(&json, receipt->report);
	findings_put(&json, receipt->report);
	return json_end(&json);
}
