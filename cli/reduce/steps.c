/* Which steps are there, and what can be set? Only the table of reducers/reducer.c knows. */
#include "config.h"

#include "cli/reduce/steps.h"

#include "cli/verb.h"
#include "reducers/reducer.h"

static const char *const phases[] = {
  [SAXID_PHASE_COUNTS] = "on counts",
  [SAXID_PHASE_PIXELS] = "on pixels",
  [SAXID_PHASE_INTEGRATE] = "integration",
  [SAXID_PHASE_CURVE] = "on curves",
};

static void
print_parameter (const SaxidReducerParameter *parameter)
{
  g_autofree char *range = NULL;

  if (parameter->choices != NULL)
    {
      g_autofree char *choices = g_strjoinv (", ", (char **) parameter->choices);

      range = g_strdup_printf ("%s (%s)", choices, parameter->choices[(guint) parameter->initial]);
    }
  else
    range = g_strdup_printf ("%g to %g%s%s (%g)", parameter->lower, parameter->upper, *parameter->unit != '\0' ? " " : "",
                             parameter->unit, parameter->initial);
  g_print ("    %-13s %s%*s %s\n", parameter->name, range, (int) (36 - MIN (36, g_utf8_strlen (range, -1))), "",
           parameter->title);
}

int
saxid_reduce_steps_print (void)
{
  for (guint k = 0; saxid_reducer_at (k) != NULL; k++)
    {
      const SaxidReducer *reducer = saxid_reducer_at (k);

      if (k == 0 || saxid_reducer_at (k - 1)->phase != reducer->phase)
        g_print ("%s%s\n", k == 0 ? "" : "\n", phases[reducer->phase]);
      g_print ("  %-15s %s; %s\n", reducer->name, reducer->title, reducer->reference);
      for (guint i = 0; i < reducer->n_parameter; i++)
        print_parameter (&reducer->parameter[i]);
    }
  return SAXID_EXIT_OK;
}
