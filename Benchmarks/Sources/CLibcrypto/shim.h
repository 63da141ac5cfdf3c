#pragma once
// The CMAC functions are the fastest way to libcrypto's CMAC; that they are deprecated does not matter to a baseline.
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include <openssl/cmac.h>
#include <openssl/evp.h>
#include <openssl/params.h>
