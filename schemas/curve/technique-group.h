/* What a file of curves says of the technique of the frames that they were made of.
 *
 *   /entry/saxid            NXcollection; NXprocess with the tags, once the file is tagged
 *     technique             NXdata: probability[n, technique] of the frames that were asked
 *       grazing[n], index[n] (of the most probable technique, -1 = unknown), agreement[n],
 *       source[n], outlier[n], incident_angle[n], refused[n] (no curve was made of it)
 *       file_name[n], frame[n], row[n] (of azint1d/data/I, -1 = none)
 *       vector[n, d]        float16, for the search for frames that look alike
 *       evidence[n, 16, 16] where the network saw its answer, 255 = most
 *       model_checksum, frames_asked, program, version, date
 *       header              NXcollection: the values used, and where they stood
 *
 * Thread: plain data; the writer as HDF5.
 */
#pragma once

#include "schemas/curve/asked.h"
#include "schemas/curve/put.h"

G_BEGIN_DECLS

#define SAXID_TECHNIQUE_GROUP "/entry/saxid/technique"

/* version, date: of the program, and now. Nothing for no frame. */
void saxid_technique_group_put (SaxidPut *writer, const SaxidAsked *asked, const char *version, const char *date);

/* float16 of IEEE 754, little endian. To be closed. */
hid_t saxid_half_type (void);

G_END_DECLS
