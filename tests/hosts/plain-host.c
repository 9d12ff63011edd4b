/* A host that knows nothing of saxid but its header: no GLib, no HDF5.
 *
 *   plain-host MODULE [NEXUS-FILE]
 *
 * Checks the table, the promises of the header, and (with a copy of a tagged or
 * untagged file) file-level calls; prints TAP. Compiled with the C library only.
 */
#define _GNU_SOURCE /* feenableexcept */
#include "plugin/saxid-plugin.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <fenv.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int number, failures;

static void
ok (int condition, const char *what)
{
  printf ("%sok %d - %s\n", condition ? "" : "not ", ++number, what);
  failures += !condition;
}

static const struct saxid_plugin *saxid;
static struct saxid_context *context;

#define N_CURVE 300
#define MAX_CLASS 64

static double q[N_CURVE], intensity[N_CURVE], sigma[N_CURVE];

/* A sphere of radius 60 Å on a flat background. */
static void
make_sphere (void)
{
  for (int k = 0; k < N_CURVE; k++)
    {
      double x;

      q[k] = 0.0035 + 0.00049 * k;
      x = q[k] * 60;
      x = 3 * (sin (x) - x * cos (x)) / (x * x * x);
      intensity[k] = 10 * x * x + 0.001;
      sigma[k] = 0.01 * intensity[k] + 0.0005;
    }
}

static struct saxid_curve
whole_curve (void)
{
  struct saxid_curve curve = { .struct_size = sizeof curve };

  curve.n = N_CURVE;
  curve.q = q;
  curve.intensity = intensity;
  curve.sigma = sigma;
  return curve;
}

struct answer
{
  struct saxid_verdict verdict;
  float probability[MAX_CLASS];
  uint8_t set[MAX_CLASS];
};

static void
answer_init (struct answer *answer, uint32_t n_class)
{
  memset (answer, 0, sizeof *answer);
  answer->verdict.struct_size = sizeof answer->verdict;
  answer->verdict.n_class = n_class;
  answer->verdict.probability = answer->probability;
  answer->verdict.prediction_set = answer->set;
}

static int
judge (struct saxid_workspace *workspace, const struct saxid_curve *curve, struct answer *answer,
       struct saxid_error *error)
{
  return saxid->process_curves (context, workspace, curve, 1, &answer->verdict, error);
}

static void
check_table (void *module)
{
  saxid_plugin_query_function query;

  *(void **) &query = dlsym (module, SAXID_PLUGIN_SYMBOL);
  ok (query != NULL, "the symbol is there");
  ok (query (SAXID_ABI_MAJOR + 1) == NULL, "another ABI major is refused");
  saxid = query (SAXID_ABI_MAJOR);
  ok (saxid != NULL && saxid->struct_size >= sizeof *saxid, "the table has its size");
  ok (saxid == query (SAXID_ABI_MAJOR), "the table is one and const");
  ok ((saxid->features & SAXID_FEATURE_LIVE) != 0 && saxid->live_append (NULL, NULL, 0, NULL, NULL, NULL) < 0
        && saxid->live_finish (NULL, NULL) < 0,
      "live tags are there, and nothing can be added to none");
  ok (saxid->abi_major == SAXID_ABI_MAJOR && strcmp (saxid->name, "saxid") == 0, "name and major");
}

static uint32_t
check_open (void)
{
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_description description = { .struct_size = sizeof description };
  char name[64], json[4096];
  size_t needed;

  ok (saxid->open ("{\"model\": \"/nowhere/none.saxid-model\"}", &context, &error) < 0
        && context == NULL && strstr (error.message, "missing") != NULL,
      "a missing model is one clear error and leaves the pointer alone");
  ok (saxid->open ("{\"modle\": \"x\"}", &context, &error) < 0 && strstr (error.message, "modle") != NULL,
      "a misspelled key is named");
  ok (saxid->open ("[1", &context, &error) < 0, "a configuration that is no JSON is refused");
  ok (saxid->open ("{\"prior\": {\"spere\": 1}}", &context, &error) < 0 && strstr (error.message, "spere") != NULL
        && saxid->open ("{\"prior\": {\"sphere\": -1}}", &context, &error) < 0
        && saxid->open ("{\"prior\": {\"sphere\": \"1\"}}", &context, &error) < 0
        && saxid->open ("{\"prior\": 1}", &context, &error) < 0 && context == NULL,
      "a prior of what is no class, of no weight or that is none is refused");
  ok (saxid->open (NULL, &context, &error) == 0 && context != NULL, "the shipped model opens");
  if (context == NULL)
    {
      printf ("# %s\nBail out! no model\n", error.message);
      exit (1);
    }
  ok (saxid->describe (context, &description, &error) == 0 && description.n_class >= 9
        && description.n_class <= MAX_CLASS && description.q_min < description.q_max,
      "describe");
  description.struct_size = 8;
  ok (saxid->describe (context, &description, &error) < 0, "a struct that is too small is refused");
  memset (&description, 0, sizeof description);
  description.struct_size = offsetof (struct saxid_description, n_family);
  saxid->describe (context, &description, &error);
  ok (saxid->class_name (context, 0, name, sizeof name, &error) == 0 && strcmp (name, "sphere") == 0,
      "the first class is sphere");
  ok (saxid->class_name (context, 1000, name, sizeof name, &error) < 0, "class 1000 is refused");
  ok (description.n_family == 0 && description.n_structure == 0, "nothing is written where the struct ends");
  description.struct_size = sizeof description;
  ok (saxid->describe (context, &description, &error) == 0 && description.n_family == 4 && description.n_structure == 2
        && saxid->family_name (context, 2, name, sizeof name, &error) == 0 && strcmp (name, "flat") == 0
        && saxid->structure_name (context, 1, name, sizeof name, &error) == 0 && strcmp (name, "core_shell") == 0,
      "families and structures have names");
  ok (saxid->family_name (context, 4, name, sizeof name, &error) < 0
        && saxid->structure_name (context, 2, name, sizeof name, &error) < 0,
      "a family that is not there is refused");
  needed = saxid->provenance_json (context, json, sizeof json);
  ok (needed > 10 && needed == strlen (json) + 1 && strstr (json, "sha256") != NULL, "provenance");
  ok (saxid->provenance_json (context, NULL, 0) == needed, "provenance says its size");
  description.struct_size = sizeof description;
  saxid->describe (context, &description, &error);
  return description.n_class;
}

static void
check_curves (struct saxid_workspace *workspace, uint32_t n_class)
{
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_curve curve = whole_curve ();
  struct answer answer, before, reversed;
  double turned_q[N_CURVE], turned_i[N_CURVE], turned_s[N_CURVE], sum = 0;
  struct saxid_curve turned = curve;

  answer_init (&answer, n_class);
  ok (judge (workspace, &curve, &answer, &error) == 0 && answer.verdict.status == SAXID_VERDICT_OK,
      "a sphere is judged");
  for (uint32_t k = 0; k < n_class; k++)
    sum += answer.probability[k];
  ok (fabs (sum - 1) < 1e-5, "the probabilities sum to 1");
  ok (answer.verdict.label >= 0 && answer.set[answer.verdict.label] == 1
        && answer.probability[answer.verdict.label] == answer.verdict.confidence,
      "the label is in its set and its probability is the confidence");

  for (int k = 0; k < N_CURVE; k++)
    {
      turned_q[k] = q[N_CURVE - 1 - k];
      turned_i[k] = intensity[N_CURVE - 1 - k];
      turned_s[k] = sigma[N_CURVE - 1 - k];
    }
  turned.q = turned_q;
  turned.intensity = turned_i;
  turned.sigma = turned_s;
  answer_init (&reversed, n_class);
  judge (workspace, &turned, &reversed, &error);
  ok (memcmp (answer.probability, reversed.probability, n_class * sizeof (float)) == 0,
      "descending q gives the same verdict");

  curve.n = 10;
  answer_init (&answer, n_class);
  ok (judge (workspace, &curve, &answer, &error) > 0 && answer.verdict.status == SAXID_VERDICT_REJECTED
        && strstr (answer.verdict.reason, "16") != NULL,
      "ten points are rejected with the reason");
  curve.q += 200;
  curve.intensity += 200;
  curve.sigma += curve.sigma != NULL ? 200 : 0;
  curve.n = 60;
  ok (judge (workspace, &curve, &answer, &error) > 0 && answer.verdict.status == SAXID_VERDICT_ABSTAINED
        && answer.verdict.label == -1,
      "a narrow window is abstained from");

  curve = whole_curve ();
  answer_init (&answer, n_class);
  answer.verdict.n_class = 2;
  memcpy (&before, &answer, sizeof answer);
  ok (judge (workspace, &curve, &answer, &error) < 0 && memcmp (&before, &answer, sizeof answer) == 0,
      "too few classes: an error that touches nothing");
  curve.q = NULL;
  ok (judge (workspace, &curve, &answer, NULL) < 0, "q NULL is refused, without an error struct too");
}

/* A host of 1.8 has no dq: what lies behind its struct is not looked at. */
static void
check_resolution (struct saxid_workspace *workspace, struct answer *answer)
{
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_curve curve = whole_curve ();

  curve.struct_size = offsetof (struct saxid_curve, dq);
  memset ((char *) &curve + curve.struct_size, 0x5a, sizeof curve - curve.struct_size); /* where a pointer would crash */
  ok (judge (workspace, &curve, answer, &error) == 0, "a host of ABI 1.8 has curves without a resolution");
  curve.struct_size--;
  ok (judge (workspace, &curve, answer, &error) < 0 && strstr (error.message, "struct_size") != NULL, "and none shorter");
  curve = whole_curve ();
  curve.slit_length = -1;
  ok (judge (workspace, &curve, answer, &error) < 0 && strstr (error.message, "slit_length is -1") != NULL, "no slit is shorter than 0");
}

/* A host of 1.2 has a shorter struct, of which nothing behind the end is touched. */
static void
check_levels (struct saxid_workspace *workspace, uint32_t n_class)
{
  struct saxid_error error = { .struct_size = sizeof error };
  const struct saxid_curve curve = whole_curve ();
  float family[4] = { 7, 7, 7, 7 }, structure[2] = { 7, 7 };
  struct answer answer;

  answer_init (&answer, n_class);
  answer.verdict.n_family = 4;
  answer.verdict.n_structure = 2;
  answer.verdict.family = family;
  answer.verdict.structure = structure;
  answer.verdict.struct_size = offsetof (struct saxid_verdict, n_family);
  memset (answer.verdict.note, 'x', sizeof answer.verdict.note);
  ok (judge (workspace, &curve, &answer, &error) == 0 && family[0] == 7 && structure[0] == 7
        && answer.verdict.note[0] == 'x' && answer.verdict.note[sizeof answer.verdict.note - 1] == 'x',
      "a host of ABI 1.2 gets what it knows");
  answer.verdict.struct_size = sizeof answer.verdict;
  ok (judge (workspace, &curve, &answer, &error) == 0
        && fabsf (family[0] + family[1] + family[2] + family[3] - 1) < 1e-5f
        && fabsf (structure[0] + structure[1] - 1) < 1e-5f
        && memchr (answer.verdict.note, '\0', sizeof answer.verdict.note) != NULL,
      "families and structures sum to 1");
  check_resolution (workspace, &answer);
  answer.verdict.n_family = 3;
  family[0] = 7;
  ok (judge (workspace, &curve, &answer, &error) < 0 && family[0] == 7, "too few families: an error that touches nothing");
}

/* What had to be done to a curve is said; a host of 1.4 has no room for it. */
static void
check_repairs (struct saxid_workspace *workspace, uint32_t n_class)
{
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_curve curve = whole_curve ();
  double *holes = malloc (curve.n * sizeof *holes);
  struct answer answer;

  memcpy (holes, curve.intensity, curve.n * sizeof *holes);
  answer_init (&answer, n_class);
  memset (answer.verdict.repairs, 'x', sizeof answer.verdict.repairs);
  answer.verdict.struct_size = offsetof (struct saxid_verdict, repairs);
  ok (judge (workspace, &curve, &answer, &error) == 0 && answer.verdict.repairs[0] == 'x'
        && answer.verdict.repairs[sizeof answer.verdict.repairs - 1] == 'x', "a host of ABI 1.4 gets what it knows");
  answer.verdict.struct_size = sizeof answer.verdict;
  ok (judge (workspace, &curve, &answer, &error) == 0 && strcmp (answer.verdict.repairs, "") == 0, "nothing was done to a sound curve");
  holes[4] = holes[9] = NAN;
  curve.intensity = holes;
  ok (judge (workspace, &curve, &answer, &error) == 0
        && strcmp (answer.verdict.repairs, "left out: 2 points without a number") == 0, "what was left out is said");
  free (holes);
}

/* Four threads with a workspace each must get what one gets. */
static void *
judge_often (void *data)
{
  struct answer *answer = data;
  struct saxid_workspace *workspace;
  struct saxid_curve curve = whole_curve ();

  if (saxid->workspace_new (context, &workspace, NULL) != 0)
    return NULL;
  for (int k = 0; k < 50; k++)
    if (judge (workspace, &curve, answer, NULL) != 0)
      answer->verdict.status = -1;
  saxid->workspace_free (workspace);
  return NULL;
}

static void
check_threads (uint32_t n_class)
{
  pthread_t thread[4];
  struct answer answer[4];
  int same = 1;

  for (int k = 0; k < 4; k++)
    {
      answer_init (&answer[k], n_class);
      pthread_create (&thread[k], NULL, judge_often, &answer[k]);
    }
  for (int k = 0; k < 4; k++)
    {
      pthread_join (thread[k], NULL);
      same = same && answer[k].verdict.status == SAXID_VERDICT_OK
             && memcmp (answer[k].probability, answer[0].probability, n_class * sizeof (float)) == 0;
    }
  ok (same, "four threads agree");
}

/* What was judged is not written into what has come in its place meanwhile. */
static void
check_change (struct saxid_workspace *workspace, const char *path, struct answer *answer)
{
  const struct timespec times[2] = { { 0, UTIME_OMIT }, { 1000000000, 0 } };
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_tag_options options = { .struct_size = sizeof options };
  struct saxid_row row = { .struct_size = sizeof row };
  struct saxid_job *job = NULL;
  struct stat before, after;
  int step = 0;

  ok (saxid->job_open (context, path, &options, &job, &error) == 0, "a tagged file opens");
  while (job != NULL && step >= 0 && step != SAXID_JOB_END)
    step = saxid->job_next (job, workspace, &row, &answer->verdict, &error);
  ok (utimensat (AT_FDCWD, path, times, 0) == 0 && stat (path, &before) == 0, "and is changed by somebody else");
  ok (job != NULL && saxid->job_commit (job, &error) < 0 && strstr (error.message, "since it was read") != NULL,
      "then nothing is written");
  saxid->job_free (job);
  ok (stat (path, &after) == 0 && before.st_ino == after.st_ino, "and the file is theirs");
}

/* Sizes that cannot be are errors, texts end where characters end. */
static void
check_sizes (struct saxid_workspace *workspace, const char *path, uint32_t n_class)
{
  static const char *const shapes[] = {
    "1311768467463790321, 8626431131137102353", "8589934592, 2147483648", "1000000, 1000000", "50000, 5000",
    "9223372036854775807, 2",
  };
  const size_t counts[] = { SIZE_MAX, (size_t) 1 << 61, (size_t) 1 << 60, SAXID_CURVE_POINTS + 1 };
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_context *none = NULL;
  struct saxid_curve curves[2] = { 0 };
  struct saxid_tag_options options = { .struct_size = sizeof options, .flags = 0x80000000u | SAXID_TAG_DRY_RUN };
  struct saxid_job *job = NULL;
  struct answer answers[1];
  struct { struct saxid_error error; char guard[8]; } cut;
  char text[1024], name[1024];
  int sound = 1;

  for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
    {
      snprintf (text, sizeof text,
                "{\"geometry\": \"poni_version: 2\\nDetector: Detector\\nDetector_config: {\\\"pixel1\\\": 1e-4, \\\"pixel2\\\": 1e-4,"
                " \\\"max_shape\\\": [%s]}\\nDistance: 1\\nPoni1: 0\\nPoni2: 0\\nWavelength: 1e-10\\n\"}",
                shapes[k]);
      sound = sound && saxid->open (text, &none, &error) < 0 && none == NULL && strstr (error.message, "pixels") != NULL;
    }
  ok (sound, "a detector larger than any is refused, whatever the product of its sides wraps to");
  ok (saxid->open ("{\"chain\": \"x\"}", &none, &error) < 0 && saxid->open ("{\"bins\": 100}", &none, &error) < 0 && none == NULL,
      "a chain without a geometry is refused");
  curves[0] = whole_curve ();
  for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
    {
      curves[0].n = counts[k];
      answer_init (answers, n_class);
      sound = sound && judge (workspace, curves, answers, &error) < 0 && strstr (error.message, "points") != NULL;
    }
  ok (sound, "more points than a curve can have are an error");
  curves[0] = whole_curve ();
  ok (saxid->process_curves (context, workspace, curves, SIZE_MAX / 2, &answers[0].verdict, &error) < 0, "so are more curves");
  ok (path == NULL || (saxid->job_open (context, path, &options, &job, &error) < 0 && job == NULL && strstr (error.message, "flags") != NULL),
      "a flag of a later header is refused");
  sound = 1;
  for (uint32_t size = 41; size < sizeof cut.error; size++)
    {
      memset (&cut, 'x', sizeof cut);
      cut.error.struct_size = size;
      saxid->open ("{\"model\": \"/nowhere/a-model-with-a-long-name-that-is-not-there.saxid-model\"}", &none, &cut.error);
      sound = sound && memchr (cut.error.message, '\0', size - offsetof (struct saxid_error, message)) != NULL
              && ((const char *) &cut)[size] == 'x';
    }
  ok (sound, "a shorter error ends with a NUL and within its size");
  sound = 1;
  for (size_t length = 150; length < 280; length++)
    {
      size_t end;

      strcpy (name, "/nowhere/");
      memset (name + 9, 'a', length % 7);
      name[9 + length % 7] = '\0';
      for (size_t k = 0; k < length; k++)
        strcat (name, "\u00fc");
      saxid->job_open (context, name, NULL, &job, &error);
      end = strlen (error.message);
      while (end > 0 && (error.message[end - 1] & 0xC0) == 0x80)
        end--;
      /* the last character is whole: as many bytes behind its first as that says */
      sound = sound && (end == 0 || ((error.message[end - 1] & 0x80) == 0 ? error.message[end] == '\0'
                                     : (error.message[end - 1] & 0xE0) == 0xC0 ? error.message[end] != '\0' && error.message[end + 1] == '\0'
                                                                              : error.message[end] != '\0'));
    }
  ok (sound, "a message is not cut within a character");
}

static struct saxid_write_options
where_to_write (const struct saxid_row *row)
{
  return (struct saxid_write_options) { .struct_size = sizeof (struct saxid_write_options),
                                        .name = "saxid_host",
                                        .i_path = row->data,
                                        .q_path = "/q",
                                        .q_unit = "1/angstrom",
                                        .note = "  judged by the\thost " };
}

/* What cannot be written is one clear error, and the file is as it was. */
static void
check_write_refusals (const char *path, const struct saxid_row *row, const struct answer *judged)
{
  static const struct { const char *what, *said; } faults[] = {
    { "options of another size", "struct_size" }, { "a flag of a later header", "flags" }, { "no verdict", "verdicts" },
    { "more verdicts than a call takes", "verdicts" }, { "verdicts without probabilities", "probability" },
    { "a class that there is not", "label" }, { "a probability that is no number", "probability" },
    { "a status that there is not", "status" }, { "no path of the intensities", "intensity" },
    { "an entry that there is not", "not in this file" }, { "a name that is a path", "name of a group" },
    { "the name of what somebody else made", "left alone" }, { "more verdicts than curves", "verdicts, the entry has" },
  };
  struct saxid_error error = { .struct_size = sizeof error };
  struct stat before, after;
  char theirs[256];

  snprintf (theirs, sizeof theirs, "%s", row->data + strlen (row->entry) + 1);
  theirs[strcspn (theirs, "/")] = '\0';
  stat (path, &before);
  for (size_t k = 0; k < sizeof faults / sizeof *faults; k++)
    {
      struct saxid_write_options bad = where_to_write (row);
      struct answer one = *judged;
      struct saxid_verdict given[2];
      const size_t n = k == 2 ? 0 : k == 12 ? 2 : k == 3 ? (size_t) SAXID_BATCH_CURVES + 1 : 1;

      one.verdict.probability = k == 4 ? NULL : one.probability;
      one.verdict.prediction_set = one.set;
      bad.struct_size -= k == 0 ? 8 : 0;
      bad.flags = k == 1 ? 0x80000000u : 0;
      one.verdict.label = k == 5 ? MAX_CLASS + 100 : one.verdict.label;
      one.probability[0] = k == 6 ? NAN : one.probability[0];
      one.verdict.status = k == 7 ? 4 : one.verdict.status;
      bad.i_path = k == 8 ? NULL : bad.i_path;
      bad.name = k == 10 ? "a/b" : k == 11 ? theirs : bad.name;
      given[0] = given[1] = one.verdict;
      bad.q_path = k == 12 ? NULL : bad.q_path;
      bad.i_path = k == 12 ? NULL : bad.i_path;
      error.message[0] = '\0';
      if (saxid->write_tags (context, path, k == 9 ? "/not/there" : row->entry, given, n, &bad, &error) >= 0
          || strstr (error.message, faults[k].said) == NULL)
        {
          printf ("# %s: '%s'\n", faults[k].what, error.message);
          ok (0, "what cannot be written is refused");
        }
    }
  stat (path, &after);
  ok (before.st_ino == after.st_ino && before.st_size == after.st_size, "what cannot be written leaves the file alone");
}

/* What the host has judged itself goes into the file. */
static void
check_write (const char *path, const struct saxid_row *row, struct answer *judged)
{
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_write_options options = where_to_write (row);
  struct saxid_verdict verdicts[3];
  struct stat before, after;

  ok (saxid->abi_minor >= 5 && saxid->write_tags != NULL, "write_tags is there");
  check_write_refusals (path, row, judged);
  for (int k = 0; k < 3; k++)
    verdicts[k] = judged->verdict;
  verdicts[1].status = SAXID_VERDICT_NOT_DONE;
  verdicts[1].label = -1;
  options.i_path = options.q_path = NULL;
  ok (row->n_frame <= 3 && saxid->write_tags (context, path, row->entry, verdicts, row->n_frame, &options, &error) == 0,
      "verdicts of the host are written, as many as the file has curves");
  options = where_to_write (row);
  ok (saxid->write_tags (context, path, row->entry, verdicts, 3, &options, &error) == 0, "or of other curves");
  stat (path, &before);
  options.flags = SAXID_TAG_KEEP_SAME;
  ok (saxid->write_tags (context, path, row->entry, verdicts, 3, &options, &error) == 0 && stat (path, &after) == 0
        && before.st_ino == after.st_ino,
      "and not again where they are there already");
  verdicts[2].status = SAXID_VERDICT_REJECTED;
  ok (saxid->write_tags (context, path, row->entry, verdicts, 3, &options, &error) == 0 && stat (path, &after) == 0
        && before.st_ino != after.st_ino,
      "but where one has changed");
}

/* Curves that the host holds are judged instead of those of the file. */
static void
check_held (struct saxid_workspace *workspace, const char *path, const char *data, uint64_t n, uint32_t n_class)
{
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_tag_options options = { .struct_size = sizeof options, .flags = SAXID_TAG_DRY_RUN };
  struct saxid_row row = { .struct_size = sizeof row };
  struct saxid_curve curves[3] = { whole_curve (), whole_curve (), whole_curve () };
  struct saxid_job *job = NULL;
  struct answer direct, answer;
  uint64_t same = 0;
  int step;

  ok (saxid->abi_minor >= 7 && saxid->job_curves != NULL && n <= 3, "job_curves is there");
  answer_init (&answer, n_class);
  answer_init (&direct, n_class);
  ok (saxid->process_curves (context, workspace, curves, 1, &direct.verdict, &error) >= 0
        && saxid->job_open (context, path, &options, &job, &error) == 0,
      "the file opens again");
  ok (saxid->job_curves (job, "/not/there", curves, n, &error) < 0 && strstr (error.message, "/not/there") != NULL,
      "curves of a data set that is not there are refused");
  ok (saxid->job_curves (job, data, curves, n + 1, &error) < 0 && saxid->job_curves (job, data, NULL, n, &error) < 0,
      "and another number of them, or none");
  curves[1].struct_size--;
  ok (saxid->job_curves (job, data, curves, 2, &error) < 0, "and structs of two sizes");
  curves[1].struct_size++;
  ok (saxid->job_curves (job, data, curves, n, &error) == 0, "those of one are taken");
  while ((step = saxid->job_next (job, workspace, &row, &answer.verdict, &error)) >= 0 && step != SAXID_JOB_END)
    same += strcmp (row.data, data) == 0 && answer.verdict.label == direct.verdict.label
            && memcmp (answer.probability, direct.probability, n_class * sizeof (float)) == 0;
  ok (same == n, "and judged as process_curves judges them");
  ok (saxid->job_curves (job, data, curves, n, &error) < 0, "after the first it is too late");
  saxid->job_free (job);
}

static void
check_file (struct saxid_workspace *workspace, const char *path, uint32_t n_class)
{
  struct saxid_error error = { .struct_size = sizeof error };
  struct saxid_tag_options options = { .struct_size = sizeof options };
  struct saxid_row row = { .struct_size = sizeof row };
  struct saxid_context *other = NULL;
  struct saxid_workspace *foreign = NULL;
  struct saxid_job *job = NULL;
  struct answer answer;
  uint64_t count = 0;
  int step;

  ok (saxid->job_open (context, "/nowhere/none.nxs", NULL, &job, &error) < 0 && job == NULL,
      "a missing file is an error");
  answer_init (&answer, n_class);
  ok (saxid->job_open (context, path, &options, &job, &error) == 0, "a file opens");
  ok (saxid->open (NULL, &other, &error) == 0 && saxid->workspace_new (other, &foreign, &error) == 0
        && saxid->job_next (job, foreign, &row, &answer.verdict, &error) < 0,
      "a workspace of another context is refused");
  saxid->workspace_free (foreign);
  saxid->close (other);
  while (job != NULL && (step = saxid->job_next (job, workspace, &row, &answer.verdict, &error)) >= 0
         && step != SAXID_JOB_END)
    count += row.index == count && row.total > row.index;
  ok (job != NULL && count == row.total, "every curve comes, in order");
  ok (job != NULL && saxid->job_commit (job, &error) == 0, "the tags are written");
  saxid->job_free (job);
  ok (saxid->tag_file (context, workspace, path, NULL, &error) >= 0, "and written again in one call");
  check_held (workspace, path, row.data, row.n_frame, n_class);
  check_write (path, &row, &answer);
  check_change (workspace, path, &answer);
}

static int
count_threads (void)
{
  DIR *tasks = opendir ("/proc/self/task");
  int n = 0;

  while (tasks != NULL && readdir (tasks) != NULL)
    n++;
  if (tasks != NULL)
    closedir (tasks);
  return n;
}

/* A host may trap overflow, division by zero and what is no number. */
static void
check_traps (void)
{
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      struct saxid_workspace *workspace = NULL;
      struct saxid_curve curve = whole_curve ();
      struct saxid_fit fit = { .struct_size = sizeof fit };
      struct answer answer;

      answer_init (&answer, MAX_CLASS);
      answer.verdict.fit = &fit;
      feenableexcept (FE_OVERFLOW | FE_DIVBYZERO | FE_INVALID);
      _exit (saxid->workspace_new (context, &workspace, NULL) == 0
                     && saxid->process_curves (context, workspace, &curve, 1, &answer.verdict, NULL) >= 0
                 ? 0
                 : 1);
    }
  waitpid (child, &status, 0);
  ok (WIFEXITED (status) && WEXITSTATUS (status) == 0, "a fit traps nothing");
}

/* The module works in the thread that calls, and after fork, with each model that ships. */
static void
check_fork (void)
{
  static const char *const models[] = { "{\"model\": \"field\"}", "{\"model\": \"paper-xgboost\"}" };
  struct saxid_error error = { .struct_size = sizeof error };

  for (size_t k = 0; k < sizeof models / sizeof *models; k++)
    {
      const int before = count_threads ();
      struct saxid_context *opened = NULL;
      struct saxid_workspace *workspace = NULL;
      struct saxid_curve curve = whole_curve ();
      struct answer answer;
      pid_t child;
      int status = 0, judged;

      answer_init (&answer, MAX_CLASS);
      judged = saxid->open (models[k], &opened, &error) == 0 && saxid->workspace_new (opened, &workspace, &error) == 0
               && saxid->process_curves (opened, workspace, &curve, 1, &answer.verdict, &error) >= 0;
      ok (judged && count_threads () == before, "no thread is started, whatever the model");
      saxid->workspace_free (workspace);
      saxid->close (opened);
      child = fork ();
      if (child == 0)
        {
          alarm (60);
          _exit (saxid->open (models[k], &opened, &error) == 0 ? 0 : 1);
        }
      waitpid (child, &status, 0);
      ok (WIFEXITED (status) && WEXITSTATUS (status) == 0, "a child opens it too");
    }
}

int
main (int argc, char **argv)
{
  void *module;
  struct saxid_workspace *workspace = NULL;
  uint32_t n_class;

  if (argc < 2 || (module = dlopen (argv[1], RTLD_NOW | RTLD_LOCAL)) == NULL)
    {
      printf ("Bail out! no module: %s\n", argc < 2 ? "usage" : dlerror ());
      return 1;
    }
  make_sphere ();
  check_table (module);
  n_class = check_open ();
  ok (saxid->workspace_new (context, &workspace, NULL) == 0, "a workspace");
  check_curves (workspace, n_class);
  check_levels (workspace, n_class);
  check_repairs (workspace, n_class);
  check_sizes (workspace, argc > 2 ? argv[2] : NULL, n_class);
  check_threads (n_class);
  check_fork ();
  check_traps ();
  if (argc > 2)
    check_file (workspace, argv[2], n_class);
  saxid->workspace_free (workspace);
  saxid->close (context);
  ok (dlclose (module) == 0 && dlsym (RTLD_DEFAULT, "saxid_plugin_query") == NULL, "dlclose is harmless");
  printf ("1..%d\n", number);
  return failures > 0;
}
