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

/* The name of a file as the command has it. */
static void
append_file (GString *command, const char *option, const char *path)
{
  g_autofree char *name = g_path_get_basename (path), *escaped = g_strescape (name, NULL);

  g_string_append_printf (command, " %s %s", option, escaped);
}

static char *
say_command (const SaxidTrainTechnique *given)
{
  g_autoptr (GString) command = g_string_new ("saxid train --technique");

  if (given->start != NULL)
    append_file (command, "--start", given->start);
  for (char **one = given->mean; one != NULL && *one != NULL; one++)
    append_file (command, "--mean", *one);
  if (given->grow)
    g_string_append (command, " --grow");
  g_string_append_printf (command, " --frames %u", given->frames);
  if (given->mean == NULL)
    g_string_append_printf (command, " --epochs %u --rate %g", given->epochs, given->rate);
  g_string_append_printf (command, " --seed %" G_GUINT64_FORMAT, given->seed);
  return g_string_free (g_steal_pointer (&command), FALSE);
}

static char *
make_card (const SaxidTrainTechnique *given, const SaxidTechniqueScore *score)
{
  g_autofree char *command = say_command (given);

  return g_strdup_printf ("{\n  \"program\" : \"saxid " PACKAGE_VERSION "\",\n"
                          "  \"command\" : \"%s\",\n"
                          "  \"data\" : \"simulated experiments alone, one frame of each\",\n"
                          "  \"right\" : %.4f,\n  \"right_grazing\" : %.4f,\n  \"right_wide\" : %.4f,\n"
                          "  \"transmission_stopped\" : %.4f,\n  \"grazing_stopped\" : %.4f,\n  \"grazing_passed\" : %.4f,\n"
                          "  \"strangers_refused\" : %.4f,\n  \"frames_kept\" : %.4f,\n  \"calibration_error\" : %.4f\n}\n",
                          command, score->four, score->grazing, score->wide,
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

static void
free_file (gpointer file)
{
  saxid_technique_file_free (file);
}

static SaxidTechniqueModel *
take_mean (const SaxidTrainTechnique *given, const SaxidTechniqueLearning *learning, SaxidTechniqueScore *score, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (free_file), models = g_ptr_array_new ();

  for (char **one = given->mean; *one != NULL; one++)
    {
      SaxidTechniqueFile *file = saxid_technique_file_load (*one, error);

      if (file == NULL)
        return NULL;
      g_ptr_array_add (files, file);
      g_ptr_array_add (models, file->model);
    }
  return saxid_technique_mean (learning, (const SaxidTechniqueModel *const *) models->pdata, models->len, score, error);
}

static SaxidTechniqueModel *
learn (const SaxidTrainTechnique *given, SaxidTechniqueLearning *learning, SaxidTechniqueScore *score, GError **error)
{
  g_autoptr (SaxidTechniqueFile) start = given->start != NULL ? saxid_technique_file_load (given->start, error) : NULL;
  SaxidProgress *progress;
  SaxidTechniqueModel *model;

  if (given->start != NULL && start == NULL)
    return NULL;
  learning->start = start != NULL ? start->model : NULL;
  progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "training", .noun = "steps", .quiet = given->quiet, .fd = STDERR_FILENO });
  saxid_interrupt_watch ();
  model = saxid_technique_learn (learning, advance, progress, score, error);
  saxid_progress_finish (progress);
  return model;
}

int
saxid_train_technique (const SaxidTrainTechnique *given)
{
  SaxidTechniqueLearning learning = { .n = given->frames, .n_judged = given->frames / JUDGED + 64, .epochs = given->epochs,
                                      .threads = given->threads, .rate = given->rate, .seed = given->seed, .grow = given->grow };
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidTechniqueModel) model = NULL;
  g_autofree char *card = NULL;
  SaxidTechniqueScore score;

  model = given->mean != NULL ? take_mean (given, &learning, &score, &error) : learn (given, &learning, &score, &error);
  if (model == NULL)
    return saxid_verb_failed (VERB, error);
  card = make_card (given, &score);
  if (!saxid_technique_file_save (model, card, given->output, &error))
    return saxid_verb_failed (VERB, error);
  print_score (given, &score, model->temperature);
  return SAXID_EXIT_OK;
}
