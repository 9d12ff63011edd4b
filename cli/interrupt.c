/* Was the program asked to stop?
 *
 * Thread: the flag is of a type that a signal handler may write.
 */
#include "cli/interrupt.h"

#include <signal.h>

static volatile sig_atomic_t interrupted;

static void
note_signal (int number G_GNUC_UNUSED)
{
  interrupted = 1;
}

static void
watch (int flags)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  const struct sigaction action = { .sa_handler = note_signal, .sa_flags = flags };

  for (guint k = 0; k < G_N_ELEMENTS (signals); k++)
    {
      struct sigaction before;

      /* what nohup or a script in the background ignores stays ignored */
      if (sigaction (signals[k], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction (signals[k], &action, NULL);
    }
}

void
saxid_interrupt_watch (void)
{
  watch (SA_RESETHAND | SA_RESTART);
}

void
saxid_interrupt_hold (void)
{
  watch (SA_RESTART);
}

gboolean
saxid_interrupted (void)
{
  return interrupted != 0;
}
