/* How is the technique of frames written beside their curves?
 *
 * Thread: see technique-group.h.
 */
#include "schemas/curve/technique-group.h"

#include <math.h>

#define GROUP SAXID_TECHNIQUE_GROUP
#define HEADER GROUP "/header"

static const char *const halves[SAXID_N_HALF] = { [SAXID_HALF_GRAZING] = "grazing", [SAXID_HALF_WIDE] = "wide" };

hid_t
saxid_half_type (void)
{
  hid_t type = H5Tcopy (H5T_IEEE_F32LE);

  H5Tset_fields (type, 15, 10, 5, 0, 10);
  H5Tset_size (type, 2);
  H5Tset_ebias (type, 15);
  return type;
}

static void
put_axes (SaxidPut *writer, const SaxidAsked *asked)
{
  const hsize_t four = SAXID_N_TECHNIQUE;
  const char *names[SAXID_N_TECHNIQUE];
  g_autoptr (GString) label = g_string_new ("technique:");
  gint32 numbers[SAXID_N_TECHNIQUE];

  for (int k = 0; k < SAXID_N_TECHNIQUE; k++)
    {
      numbers[k] = k;
      names[k] = saxid_technique_name ((SaxidTechnique) k);
      g_string_append_printf (label, "%s %d %s", k > 0 ? "," : "", k, names[k]);
    }
  saxid_put_text_attribute (writer, GROUP, "signal", "probability");
  saxid_put_texts_attribute (writer, GROUP, "axes", ".", "technique_number"); /* frames of several files have no axis */
  saxid_put_index_attribute (writer, GROUP, "technique_number_indices", 1);
  saxid_put_text_attribute (writer, GROUP, "interpretation", asked->n > 1 ? "image" : "spectrum");
  saxid_put_dataset (writer, GROUP "/technique_number", H5T_STD_I32LE, H5T_NATIVE_INT32, 1, &four, numbers);
  saxid_put_text_attribute (writer, GROUP "/technique_number", "long_name", label->str);
  saxid_put_texts (writer, GROUP "/technique", names, four);
}

/* ---- of each frame ------------------------------------------------------------------------------ */

static void
put_numbers (SaxidPut *writer, const SaxidAsked *asked)
{
  const hsize_t n = asked->n, shape[] = { n, SAXID_N_TECHNIQUE };
  g_autofree double *probability = g_new (double, n * SAXID_N_TECHNIQUE), *grazing = g_new (double, n), *outlier = g_new (double, n);
  g_autofree double *angle = g_new (double, n);

  for (gsize k = 0; k < n; k++)
    {
      for (guint c = 0; c < SAXID_N_TECHNIQUE; c++)
        probability[k * SAXID_N_TECHNIQUE + c] = asked->frame[k].probability[c];
      grazing[k] = asked->frame[k].grazing;
      outlier[k] = asked->frame[k].outlier;
      angle[k] = asked->frame[k].incident_angle;
    }
  saxid_put_array (writer, GROUP "/probability", 2, shape, probability, NULL, "probability of the technique");
  saxid_put_array (writer, GROUP "/grazing", 1, &n, grazing, NULL, "probability that the beam grazes the sample");
  saxid_put_array (writer, GROUP "/outlier", 1, &n, outlier, NULL, "probability that the image is no scattering; NaN: not asked");
  saxid_put_array (writer, GROUP "/incident_angle", 1, &n, angle, "degree", "angle of incidence that the header gives");
}

static void
put_integers (SaxidPut *writer, const SaxidAsked *asked)
{
  const hsize_t n = asked->n;
  g_autofree gint8 *index = g_new (gint8, n);
  g_autofree guint8 *refused = g_new (guint8, n);
  g_autofree gint64 *frame = g_new (gint64, n), *row = g_new (gint64, n);

  for (gsize k = 0; k < n; k++)
    {
      index[k] = (gint8) asked->frame[k].best;
      refused[k] = asked->frame[k].refused ? 1 : 0;
      frame[k] = (gint64) asked->frame[k].frame;
      row[k] = asked->frame[k].row;
    }
  saxid_put_dataset (writer, GROUP "/index", H5T_STD_I8LE, H5T_NATIVE_INT8, 1, &n, index);
  saxid_put_text_attribute (writer, GROUP "/index", "long_name", "most probable technique, counted from 0; -1 = unknown");
  saxid_put_dataset (writer, GROUP "/refused", H5T_STD_U8LE, H5T_NATIVE_UINT8, 1, &n, refused);
  saxid_put_text_attribute (writer, GROUP "/refused", "long_name", "1 = no curve was made of it");
  saxid_put_dataset (writer, GROUP "/frame", H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &n, frame);
  saxid_put_text_attribute (writer, GROUP "/frame", "long_name", "frame of its file, counted from 0");
  saxid_put_dataset (writer, GROUP "/row", H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &n, row);
  saxid_put_text_attribute (writer, GROUP "/row", "long_name", "frame of azint1d, counted from 0; -1 = none");
}

static void
put_words (SaxidPut *writer, const SaxidAsked *asked)
{
  g_autofree const char **file = g_new (const char *, asked->n), **agreement = g_new (const char *, asked->n);
  g_autofree const char **source = g_new (const char *, asked->n);

  for (gsize k = 0; k < asked->n; k++)
    {
      file[k] = asked->frame[k].file;
      agreement[k] = saxid_witness_name (asked->frame[k].witness);
      source[k] = asked->frame[k].source != NULL ? asked->frame[k].source : "";
    }
  saxid_put_texts (writer, GROUP "/file_name", file, asked->n);
  saxid_put_texts (writer, GROUP "/agreement", agreement, asked->n);
  saxid_put_texts (writer, GROUP "/source", source, asked->n);
}

static void
put_images (SaxidPut *writer, const SaxidAsked *asked)
{
  const hsize_t vector[] = { asked->n, asked->n_vector }, evidence[] = { asked->n, asked->side, asked->side };
  g_auto (SaxidHid) half = saxid_half_type ();

  if (asked->vector != NULL)
    saxid_put_dataset (writer, GROUP "/vector", half, H5T_NATIVE_FLOAT, 2, vector, asked->vector);
  if (asked->evidence == NULL)
    return;
  saxid_put_dataset (writer, GROUP "/evidence", H5T_STD_U8LE, H5T_NATIVE_UINT8, 3, evidence, asked->evidence);
  saxid_put_text_attribute (writer, GROUP "/evidence", "long_name", "where the network saw its answer, 255 = most (Grad-CAM)");
  saxid_put_text_attribute (writer, GROUP "/evidence", "interpretation", "image");
}

/* ---- of each file --------------------------------------------------------------------------------- */

static void
put_header (SaxidPut *writer, const SaxidAsked *asked)
{
  const hsize_t n = asked->n_claim;
  g_autofree const char **file = g_new (const char *, n), **half = g_new (const char *, n), **place = g_new (const char *, n);
  g_autofree guint8 *says = g_new (guint8, n);
  g_autofree double *wrong = g_new (double, n);

  saxid_put_group (writer, HEADER, "NXcollection", NULL);
  if (n == 0)
    return;
  for (gsize k = 0; k < n; k++)
    {
      const SaxidAskedClaim *claim = &asked->claim[k];

      file[k] = claim->file;
      half[k] = halves[claim->half];
      place[k] = claim->place != NULL ? claim->place : "";
      says[k] = claim->yes ? 1 : 0;
      wrong[k] = claim->wrong;
    }
  saxid_put_texts (writer, HEADER "/file_name", file, n);
  saxid_put_texts (writer, HEADER "/half", half, n);
  saxid_put_texts (writer, HEADER "/place", place, n);
  saxid_put_dataset (writer, HEADER "/says", H5T_STD_U8LE, H5T_NATIVE_UINT8, 1, &n, says);
  saxid_put_array (writer, HEADER "/wrong", 1, &n, wrong, NULL, "share of such claims that are wrong");
}

void
saxid_technique_group_put (SaxidPut *writer, const SaxidAsked *asked, const char *version, const char *date)
{
  if (asked == NULL || asked->n == 0)
    return;
  saxid_put_changing_group (writer, "/entry/saxid", "NXcollection"); /* tags come into it */
  saxid_put_text_attribute (writer, "/entry/saxid", "default", "technique");
  saxid_put_group (writer, GROUP, "NXdata", NULL);
  put_axes (writer, asked);
  put_numbers (writer, asked);
  put_integers (writer, asked);
  put_words (writer, asked);
  put_images (writer, asked);
  put_header (writer, asked);
  saxid_put_text (writer, GROUP, "program", "saxid");
  saxid_put_text (writer, GROUP, "version", version);
  saxid_put_text (writer, GROUP, "date", date);
  saxid_put_text (writer, GROUP, "model_checksum", asked->model_checksum);
  saxid_put_text (writer, GROUP, "frames_asked", asked->frames_asked);
}
