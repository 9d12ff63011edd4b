/* Does the file say what the model says now?
 *
 * Thread: see tagged.h.
 */
#include "cli/report-page/tagged.h"

#include <math.h>
#include <string.h>

#include "cli/plot/scale.h"
#include "cli/text.h"
#include "models/materials/values.h"
#include "models/shapes/shape.h"

/* The class of a frame; NULL: none. */
static const char *
class_of (const SaxidRecord *record, gsize frame)
{
  const int index = record->class_index[frame];

  return record->status[frame] == SAXID_STATUS_OK && index >= 0 && (guint) index < record->n_class ? record->class_name[index] : NULL;
}

/* As saxid_report_curve_headline has it. */
static char *
headline_of (const SaxidRecord *record, gsize frame)
{
  const char *name = class_of (record, frame);
  g_autofree char *title = name != NULL ? saxid_text_class_title (name) : NULL;

  if (name == NULL)
    return g_strdup (saxid_status_name (record->status[frame]));
  return record->outlier[frame] ? g_strdup_printf ("none of the classes (nearest: %s)", title)
                                : g_strdup_printf ("%s, %.1f %%", title, 100 * (double) record->confidence[frame]);
}

static gboolean
differs (const SaxidRecord *record, gsize frame, const SaxidReportCurve *now)
{
  int best, next;
  const char *name = class_of (record, frame), *name_now;

  saxid_report_curve_best (now, &best, &next);
  name_now = now->status == SAXID_STATUS_OK && best >= 0 ? now->class_name[best] : NULL;
  return g_strcmp0 (name, name_now) != 0 || (name != NULL && (record->outlier[frame] != 0) != now->outlier);
}

static void
append_parameter (GString *text, const SaxidRecordParameter *parameter, gsize frame)
{
  const double value = parameter->value[frame], error = parameter->error[frame];
  g_autofree char *number = isfinite (error) && error > 0 ? saxid_scale_measure (value, error) : g_strdup_printf ("%.4g", value);
  const char *sign = saxid_shape_unit_sign (parameter->unit);

  g_string_append_printf (text, ", %s %s%s%s", parameter->name, number, *sign != '\0' ? " " : "", sign);
}

/* What says nothing of the particle. */
static gboolean
is_of_measurement (const char *name)
{
  return strcmp (name, "scale") == 0 || strcmp (name, "background") == 0;
}

/* "sphere: χ²/ν 1.03, radius 60.1 ± 0.2 Å; …" */
static char *
say_seeds (const SaxidRecord *record, gsize frame)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; k < record->seed->len; k++)
    {
      const SaxidRecordSeed *seed = record->seed->pdata[k];
      g_autofree char *title = saxid_text_class_title (seed->class_name);

      if (!isfinite (seed->chi2[frame]) || strcmp (seed->model, SAXID_MATERIAL_MODEL) == 0)
        continue;
      g_string_append_printf (text, "%s%s: χ²/ν %.3g", text->len > 0 ? "; " : "", title, seed->chi2[frame]);
      for (guint p = 0; p < seed->n_parameter; p++)
        if (seed->parameter[p].vary && !is_of_measurement (seed->parameter[p].name) && isfinite (seed->parameter[p].value[frame]))
          append_parameter (text, &seed->parameter[p], frame);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

void
saxid_report_tagged (const SaxidRecord *record, gsize frame, const SaxidReportCurve *now, SaxidReportTagged *tagged)
{
  g_autofree char *headline = NULL;
  gboolean same_model;

  *tagged = (SaxidReportTagged) { 0 };
  if (frame >= record->n_curve || record->status[frame] == SAXID_STATUS_NOT_DONE)
    return;
  headline = headline_of (record, frame);
  same_model = record->model_sha256 != NULL && g_strcmp0 (record->model_sha256, now->model_checksum) == 0;
  tagged->differs = differs (record, frame, now);
  tagged->tagged = g_strdup_printf ("%s; %s, by %s model%s%s%s%s", headline, tagged->differs ? "this is not what is said now" : "as now",
                                    same_model ? "the same" : "another", record->model_file_name != NULL ? " " : "",
                                    record->model_file_name != NULL ? record->model_file_name : "",
                                    record->date != NULL ? ", " : "", record->date != NULL ? record->date : "");
  tagged->seeded = say_seeds (record, frame);
}

void
saxid_report_tagged_clear (SaxidReportTagged *tagged)
{
  g_free (tagged->tagged);
  g_free (tagged->seeded);
}
