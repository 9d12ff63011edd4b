/* SHA-256 (FIPS 180-4, doi:10.6028/NIST.FIPS.180-4) of what comes piece by piece.
 *
 * By the processor's own instructions where it has them, which takes a seventh of the time; by GLib's elsewhere.
 *
 * Thread: one thread at a time per object.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidSha256 SaxidSha256;

SaxidSha256 *saxid_sha256_new (void);
/* Never with those instructions: what the other way is compared with. */
SaxidSha256 *saxid_sha256_new_plain (void);
void saxid_sha256_add (SaxidSha256 *self, gconstpointer data, gsize size);
/* 64 hexadecimal digits, to be freed; the object is used up, and free. */
char *saxid_sha256_end (SaxidSha256 *self);

G_END_DECLS
