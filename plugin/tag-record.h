/* Judgements on their way into a file.
 *
 * Thread: as the record.
 */
#pragma once

#include "plugin/pipeline.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* A record of n curves that says with what they are judged; not where they lie, nor where
 * it goes. */
SaxidRecord *saxid_tag_record_new (const struct saxid_context *context, gsize n);

void saxid_tag_record_store (SaxidRecord *record, gsize frame, const SaxidJudgement *judgement);

/* What is known of a material, where one was found: as a fit of its class. */
void saxid_tag_record_store_material (SaxidRecord *record, gsize frame, const SaxidJudgement *judgement);

/* The same curve as a model of SasView has it, where one comes near: as a fit of CLASS_MODEL. */
void saxid_tag_record_store_equivalent (SaxidRecord *record, gsize frame, const SaxidJudgement *judgement);

/* A fit of that class: value and errors, bounds, units; what it is besides is the caller's. Shape: value n. */
SaxidRecordSeed *saxid_tag_record_fit (SaxidRecord *record, gsize frame, const char *class_name, const char *model, guint n,
                                       const SaxidSeedValue *value);

G_END_DECLS
