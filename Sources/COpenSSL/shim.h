#pragma once
// The low-level calls we use are not deprecated ones; the define keeps the headers quiet about their neighbours.
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
