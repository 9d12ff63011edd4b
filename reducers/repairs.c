/* What had to be done to a curve, in one sentence for a person.
 *
 * That q was not in order is not said: nothing is lost by sorting.
 *
 * Thread: pure.
 */
#include "reducers/repairs.h"

typedef struct
{
  gsize offset;         /* of the count in SaxidCurveRepairs */
  const char *one, *many; /* many: "" where the number is not said */
} Part;

#define AT(member) G_STRUCT_OFFSET (SaxidCurveRepairs, member)

static const Part left_out[] = {
  { AT (non_finite), "point without a number", "points without a number" },
  { AT (non_positive_q), "point at q of zero or below", "points at q of zero or below" },
  { AT (empty), "point with zero intensity and no sigma", "points with zero intensity and no sigma" },
  { AT (sigma_absurd), "point whose sigma is out of all proportion", "points whose sigma is out of all proportion" },
  { AT (stray), "point far from all others in q", "points far from all others in q" },
};

static const Part mended[] = {
  { AT (duplicate_q), "point averaged with another at the same q", "points averaged with others at the same q" },
  { AT (sigma_filled), "point with the sigma of a neighbour, for want of one",
    "points with the sigma of a neighbour, for want of one" },
  { AT (sigma_unusable), "sigma is nowhere positive: none is used", "" },
  { AT (peaks), "peaks of a crystal beyond 1.5 1/Å: form factors are judged up to 0.75 1/Å (saxid seed --element fits metal particles)", "" },
};

static gsize
count_of (const SaxidCurveRepairs *repairs, const Part *part)
{
  return G_STRUCT_MEMBER (gsize, repairs, part->offset);
}

static void
say_part (GString *text, const SaxidCurveRepairs *repairs, const Part *part, const char *joint)
{
  const gsize count = count_of (repairs, part);

  if (count == 0)
    return;
  g_string_append (text, joint);
  if (part->many[0] != '\0')
    g_string_append_printf (text, "%" G_GSIZE_FORMAT " ", count);
  g_string_append (text, count == 1 || part->many[0] == '\0' ? part->one : part->many);
}

char *
saxid_curve_repairs_say (const SaxidCurveRepairs *repairs)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize k = 0; k < G_N_ELEMENTS (left_out); k++)
    say_part (text, repairs, &left_out[k], text->len > 0 ? ", " : "left out: ");
  for (gsize k = 0; k < G_N_ELEMENTS (mended); k++)
    say_part (text, repairs, &mended[k], text->len > 0 ? "; " : "");
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

void
saxid_curve_repairs_add (SaxidCurveRepairs *total, const SaxidCurveRepairs *one)
{
  for (gsize k = 0; k < G_N_ELEMENTS (left_out); k++)
    G_STRUCT_MEMBER (gsize, total, left_out[k].offset) += count_of (one, &left_out[k]);
  for (gsize k = 0; k < G_N_ELEMENTS (mended); k++)
    G_STRUCT_MEMBER (gsize, total, mended[k].offset) += count_of (one, &mended[k]);
  total->reordered |= one->reordered;
}
