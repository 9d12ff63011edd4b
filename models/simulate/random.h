/* Random numbers that depend on (seed, sample, stream) and on nothing else.
 *
 * Counter-based (Philox4x32-10, Salmon et al. 2011, DOI 10.1145/2063384.2063405),
 * so sample 17 is the same whether one thread draws it or eight share the work.
 *
 * Thread: a generator belongs to one thread; there is no shared state.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a sample draws numbers for. Streams never overlap, so drawing more for
 * one purpose does not move the numbers of another. The values are part of
 * what makes a data set reproducible: append only. */
typedef enum
{
  SAXID_STREAM_PARTICLE = 1,   /* parameters of the particle */
  SAXID_STREAM_COUNTS = 2,     /* photons of sample and buffer */
  SAXID_STREAM_SPLIT = 3,      /* folds and shuffles of training */
  SAXID_STREAM_WINDOW = 4,     /* what part of q a training curve covers */
  SAXID_STREAM_INSTRUMENT = 5, /* an instrument of its own */
  SAXID_STREAM_NUISANCE = 6,   /* what goes wrong with the measurement */
  SAXID_STREAM_WEIGHT = 7,     /* the weights that a network begins with */
  SAXID_STREAM_DROPOUT = 8,    /* what is left out of a step of training */
  SAXID_STREAM_REDRAW = 9,     /* contrasts and scale of a particle measured again */
  SAXID_STREAM_SIZE = 10,      /* how much smaller it is then */
  SAXID_STREAM_CLEAN = 11,     /* whether anything goes wrong at all */
  SAXID_STREAM_DISCREPANCY = 12, /* from the form factor, smooth in q */
  SAXID_STREAM_RANDOM_FIELD = 13, /* the modes of a random field */
  SAXID_STREAM_EXPERIMENT = 14, /* sample and instrument of a detector's frames */
  SAXID_STREAM_EXPOSURE = 15 /* what is of one frame alone */
} SaxidStream;

typedef struct
{
  guint64 seed, sample;
  guint32 stream, block;
  guint32 word[4];
  guint left; /* words of the block not used yet */
} SaxidRandom;

void saxid_random_init (SaxidRandom *random, guint64 seed, guint64 sample, SaxidStream stream);

/* Uniform in the open interval (0, 1), 52 bits. */
double saxid_random_unit (SaxidRandom *random);
/* Uniform in (lower, upper). */
double saxid_random_uniform (SaxidRandom *random, double lower, double upper);
/* Log-uniform in (lower, upper), both positive. */
double saxid_random_log_uniform (SaxidRandom *random, double lower, double upper);
/* Block `block` and those after it, of 4 words of 32 random bits each, whatever was drawn
 * before. Shape: words 4 n. */
void saxid_random_blocks (const SaxidRandom *random, guint32 block, gsize n, guint32 *words);
/* Puts n numbers into a random order (Fisher and Yates). */
void saxid_random_shuffle (SaxidRandom *random, gsize n, gsize *numbers);
/* Poisson distributed with the given mean, 0 <= mean <= 1e15. */
double saxid_random_poisson (SaxidRandom *random, double mean);

G_END_DECLS
