/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_CAPTURE_FROM_LOG_H
#define INPUT_LOG_CAPTURE_FROM_LOG_H

#include "input/input_file.h"

read_input_fn read_log_source;

#endif
