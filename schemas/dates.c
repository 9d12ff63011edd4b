/* How are dates spelled, and what are they in ISO 8601?
 *
 * Thread: pure.
 */
#include "schemas/dates.h"

#include <stdio.h>
#include <string.h>

#define MOST_TEXT 64

typedef struct
{
  int year, month, day, hour, minute, second;
  gboolean has_time;
  const char *zone; /* behind the time, in the text; "" where there is none */
} Date;

static int
month_of (const char *name)
{
  static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

  for (int k = 0; k < 12; k++)
    if (g_ascii_strncasecmp (name, months + 3 * k, 3) == 0)
      return k + 1;
  return 0;
}

/* "Z", "+0100", "-05:00"; a fraction of a second before it is left out. */
static const char *
zone_of (const char *rest)
{
  if (*rest == '.')
    rest += 1 + strspn (rest + 1, "0123456789");
  if (g_ascii_strcasecmp (rest, "Z") == 0)
    return "Z";
  if ((*rest == '+' || *rest == '-') && strspn (rest + 1, "0123456789:") == strlen (rest + 1) && strlen (rest) <= 6)
    return rest;
  return "";
}

/* 2018-06-06T10:46:56.123+0000, 2018-06-06 10:46, 2018-06-06 */
static gboolean
read_iso (const char *text, Date *date)
{
  int n = 0, time = 0;

  if (sscanf (text, "%4d-%2d-%2d%n", &date->year, &date->month, &date->day, &n) != 3 || n != 10)
    return FALSE;
  if (text[n] == '\0')
    return TRUE;
  if (text[n] != 'T' && text[n] != ' ')
    return FALSE;
  date->has_time = sscanf (text + n + 1, "%2d:%2d:%2d%n", &date->hour, &date->minute, &date->second, &time) == 3
                   || sscanf (text + n + 1, "%2d:%2d%n", &date->hour, &date->minute, &time) == 2;
  if (date->has_time)
    date->zone = zone_of (text + n + 1 + time);
  return date->has_time;
}

/* Wed Jun 06 10:46:56 2018 */
static gboolean
read_ctime (const char *text, Date *date)
{
  char day[4], month[4];

  date->has_time = TRUE;
  if (sscanf (text, "%3s %3s %2d %2d:%2d:%2d %4d", day, month, &date->day, &date->hour, &date->minute, &date->second,
              &date->year)
      != 7)
    return FALSE;
  date->month = month_of (month);
  return TRUE;
}

/* 06-Jun-2018 10:46:56, 06-Jun-2018 */
static gboolean
read_with_name (const char *text, Date *date)
{
  char month[4];
  int n = 0;

  if (sscanf (text, "%2d-%3[A-Za-z]-%4d%n", &date->day, month, &date->year, &n) != 3 || n == 0)
    return FALSE;
  date->month = month_of (month);
  date->has_time = sscanf (text + n, " %2d:%2d:%2d", &date->hour, &date->minute, &date->second) == 3;
  return TRUE;
}

static gboolean (*const spellings[]) (const char *, Date *) = { read_iso, read_ctime, read_with_name };

static gboolean
is_sound (const Date *date)
{
  return date->year >= 1900 && date->month >= 1 && date->month <= 12 && date->day >= 1
         && g_date_valid_dmy ((GDateDay) date->day, (GDateMonth) date->month, (GDateYear) date->year) && date->hour >= 0
         && date->hour < 24 && date->minute >= 0 && date->minute < 60 && date->second >= 0 && date->second <= 60;
}

char *
saxid_date_iso (const char *text)
{
  g_autofree char *clean = text != NULL && strlen (text) <= MOST_TEXT ? g_strstrip (g_strdup (text)) : NULL;

  for (gsize k = 0; clean != NULL && k < G_N_ELEMENTS (spellings); k++)
    {
      Date date = { .zone = "" };

      if (!spellings[k](clean, &date) || !is_sound (&date))
        continue;
      return date.has_time ? g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d%s", date.year, date.month, date.day, date.hour,
                                              date.minute, date.second, date.zone)
                           : g_strdup_printf ("%04d-%02d-%02d", date.year, date.month, date.day);
    }
  return NULL;
}
