/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One table per family of rules, each in a file of its own. The sizes follow from the
 * enum, so that a rule added there without a row here does not compile or not pass
 * tests/unit/model/rule.c.
 */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include "model/rule.h"

/* TEXT() - the members of a &struct efimap_rule_text */
#define TEXT(...) &(const struct efimap_rule_text){ __VA_ARGS__ }

#define RULES_SHAPE (EFIMAP_RULE_PAGES_ZERO - EFIMAP_RULE_MAP_ABSENT)
#define RULES_PHYS (EFIMAP_RULE_VIRT_ZERO - EFIMAP_RULE_PAGES_ZERO)
#define RULES_VIRT (EFIMAP_RULE_LAYOUT_BOUND - EFIMAP_RULE_VIRT_ZERO)
#define RULES_LAYOUT (EFIMAP_RULE_RUNTIME_BIT_MISSING - EFIMAP_RULE_LAYOUT_BOUND)
#define RULES_ATTR (EFIMAP_RULE_TYPE_OEM - EFIMAP_RULE_RUNTIME_BIT_MISSING)
#define RULES_BITS (EFIMAP_RULE_PHYS_OVERLAP - EFIMAP_RULE_TYPE_OEM)
#define RULES_OVERLAP (EFIMAP_RULE_RUNTIME_IN_RAM - EFIMAP_RULE_PHYS_OVERLAP)
#define RULES_MEMMAP (EFIMAP_RULE_IOMEM_HIDDEN - EFIMAP_RULE_RUNTIME_IN_RAM)
#define RULES_IOMEM (EFIMAP_RULE_POINTER_MISSING - EFIMAP_RULE_IOMEM_HIDDEN)
#define RULES_BOOT (EFIMAP_RULE_DRIFT_NO_MAP - EFIMAP_RULE_POINTER_MISSING)
#define RULES_DRIFT (EFIMAP_RULE_DRIFT_POINTER - EFIMAP_RULE_DRIFT_NO_MAP)
#define RULES_DRIFT_FACTS (EFIMAP_RULE_SETUP_DATA_NO_EFI - EFIMAP_RULE_DRIFT_POINTER)
#define RULES_SETUP (EFIMAP_RULE_LAYOUT_GAP - EFIMAP_RULE_SETUP_DATA_NO_EFI)
#define RULES_PREDICTION (EFIMAP_RULE_PAGETABLE_MISSING - EFIMAP_RULE_LAYOUT_GAP)
#define RULES_PAGETABLE (EFIMAP_RULE_IMAGE_WITHOUT_EFI - EFIMAP_RULE_PAGETABLE_MISSING)
#define RULES_KEXEC (EFIMAP_RULE_SETUP_DATA_LOOP - EFIMAP_RULE_IMAGE_WITHOUT_EFI)
#define RULES_DECODE (EFIMAP_RULE_COUNT - EFIMAP_RULE_SETUP_DATA_LOOP)

extern const struct efimap_rule efimap_rules_shape[RULES_SHAPE];
extern const struct efimap_rule efimap_rules_phys[RULES_PHYS];
extern const struct efimap_rule efimap_rules_virt[RULES_VIRT];
extern const struct efimap_rule efimap_rules_layout[RULES_LAYOUT];
extern const struct efimap_rule efimap_rules_attr[RULES_ATTR];
extern const struct efimap_rule efimap_rules_bits[RULES_BITS];
extern const struct efimap_rule efimap_rules_overlap[RULES_OVERLAP];
extern const struct efimap_rule efimap_rules_memmap[RULES_MEMMAP];
extern const struct efimap_rule efimap_rules_iomem[RULES_IOMEM];
extern const struct efimap_rule efimap_rules_boot[RULES_BOOT];
extern const struct efimap_rule efimap_rules_drift[RULES_DRIFT];
extern const struct efimap_rule efimap_rules_drift_facts[RULES_DRIFT_FACTS];
extern const struct efimap_rule efimap_rules_setup[RULES_SETUP];
extern const struct efimap_rule efimap_rules_prediction[RULES_PREDICTION];
extern const struct efimap_rule efimap_rules_pagetable[RULES_PAGETABLE];
extern const struct efimap_rule efimap_rules_kexec[RULES_KEXEC];
extern const struct efimap_rule efimap_rules_decode[RULES_DECODE];

#endif
