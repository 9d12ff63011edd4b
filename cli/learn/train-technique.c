/* How good is a network that has learned of simulated frames?
 *
 * Thread: see train-technique.h.
 */
#include "config.h"

#include "cli/learn/train-technique.h"

#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/verb.h"
#include "models/technique/learn.h"
#include "plugin/technique-model.h"

#define VERB "train"
#define JUDGED 4 /* one experiment judges for so many that teach */

static gboolean
advance (const SaxidFitState *state, gpointer data)
{
  SaxidProgress *progress = data;

  if (state->step == state->steps)
    {
      saxid_progress_hide (progress);
      g_printerr ("saxid " VERB ": epoch %u of %u, loss %.4f\n", state->epoch + 1, state->epochs, state->loss);
    }
  saxid_progress_advance (progress, 1);
  return !saxid_interrupted ();
}

static char *
make_card (const SaxidTrainTechnique *given, const SaxidTechniqueScore *score)
{
  g_autofree char *name = given->start != NULL ? g_path_get_basename (given->start) : NULL;
  g_autofree char *escaped = name != NULL ? g_strescape (name, NULL) : NULL;
  g_autofree char *start = escaped != NULL ? g_strdup_printf (" --start %s%s", escaped, given->grow ? " --grow" : "") : g_strdup ("");

  return g_strdup_printf ("{\n  \"program\" : \"saxid " PACKAGE_VERSION "\",\n"
                          "  \"command\" : \"saxid train --technique%s --frames %u --epochs %u --rate %g --seed %" G_GUINT64_FORMAT "\",\n"
                          "  \"data\" : \"simulated experiments alone, one frame of each\",\n"
                          "  \"right\" : %.4f,\n  \"right_grazing\" : %.4f,\n  \"right_wide\" : %.4f,\n"
                          "  \"transmission_stopped\" : %.4f,\n  \"grazing_stopped\" : %.4f,\n  \"grazing_passed\" : %.4f,\n"
                          "  \"strangers_refused\" : %.4f,\n  \"frames_kept\" : %.4f,\n  \"calibration_error\" : %.4f\n}\n",
                          start, given->frames, given->epochs, given->rate, given->seed, score->four, score->grazing, score->wide,
                          score->stopped, score->caught, score->passed, score->refused, score->kept, score->calibration);
}

static void
print_score (const SaxidTrainTechnique *given, const SaxidTechniqueScore *score, double temperature)
{
  g_print ("%s: of experiments that it has not seen, %.1f %% right, grazing %.1f %%, wide %.1f %%; strangers refused %.1f %%, "
           "frames kept %.1f %%; calibration error %.3f, temperature %.2f\n", given->output, 100 * score->four, 100 * score->grazing,
           100 * score->wide, 100 * score->refused, 100 * score->kept, score->calibration, temperature);
  g_print ("reduce stops by the image alone %.1f %% of grazing frames and %.2f %% of others; %.2f %% of grazing frames pass as "
           "transmission with 0.9 and more\n", 100 * score->caught, 100 * score->stopped, 100 * score->passed);
  for (guint truth = 0; truth < SAXID_N_TECHNIQUE; truth++)
    {
      g_print ("%-7s", saxid_technique_name ((SaxidTechnique) truth));
      for (guint k = 0; k < SAXID_N_TECHNIQUE; k++)
        g_print (" %6" G_GSIZE_FORMAT, score->confusion[truth][k]);
      g_print ("\n");
    }
}

int
saxid_train_technique (const SaxidTrainTechnique *given)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidTechniqueFile) start = given->start != NULL ? saxid_technique_file_load (given->start, &error) : NULL;
  const SaxidTechniqueLearning learning = { .n = given->frames, .n_judged = given->frames / JUDGED + 64, .epochs = given->epochs,
                                            .threads = given->threads, .rate = given->rate, .seed = given->seed,
                                            .start = start != NULL ? start->model : NULL, .grow = given->grow };
  SaxidProgress *progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "training", .noun = "steps",
                                                                          .quiet = given->quiet, .fd = STDERR_FILENO });
  g_autoptr (SaxidTechniqueModel) model = NULL;
  g_autofree char *card = NULL;
  SaxidTechniqueScore score;

  if (error != NULL)
    {
      saxid_progress_finish (progress);
      return saxid_verb_failed (VERB, error);
    }
  saxid_interrupt_watch ();
  model = saxid_technique_learn (&learning, advance, progress, &score, &error);
  saxid_progress_finish (progress);
  if (model == NULL)
    return saxid_verb_failed (VERB, error);
  card = make_card (given, &score);
  if (!saxid_technique_file_save (model, card, given->output, &error))
    return saxid_verb_failed (VERB, error);
  print_score (given, &score, model->temperature);
  return SAXID_EXIT_OK;
}
