/* Prints size and member offsets of every struct of the ABI; the golden holds
 * what hosts were compiled with. */
#include "plugin/saxid-plugin.h"

#include <stdio.h>

#define SIZE(type) printf ("%s %zu\n", #type, sizeof (struct type))
#define MEMBER(type, member) printf ("  %s %zu\n", #member, offsetof (struct type, member))

int
main (void)
{
  SIZE (saxid_error);
  MEMBER (saxid_error, code);
  MEMBER (saxid_error, domain);
  MEMBER (saxid_error, message);
  SIZE (saxid_description);
  MEMBER (saxid_description, n_class);
  MEMBER (saxid_description, q_min);
  MEMBER (saxid_description, least_coverage);
  MEMBER (saxid_description, n_bin);
  MEMBER (saxid_description, model_name);
  MEMBER (saxid_description, model_sha256);
  MEMBER (saxid_description, n_family);
  MEMBER (saxid_description, n_structure);
  SIZE (saxid_curve);
  MEMBER (saxid_curve, n);
  MEMBER (saxid_curve, q);
  MEMBER (saxid_curve, intensity);
  MEMBER (saxid_curve, sigma);
  SIZE (saxid_verdict);
  MEMBER (saxid_verdict, status);
  MEMBER (saxid_verdict, label);
  MEMBER (saxid_verdict, n_class);
  MEMBER (saxid_verdict, probability);
  MEMBER (saxid_verdict, prediction_set);
  MEMBER (saxid_verdict, confidence);
  MEMBER (saxid_verdict, outlier_score);
  MEMBER (saxid_verdict, outlier);
  MEMBER (saxid_verdict, coverage);
  MEMBER (saxid_verdict, reason);
  MEMBER (saxid_verdict, fit);
  MEMBER (saxid_verdict, n_family);
  MEMBER (saxid_verdict, n_structure);
  MEMBER (saxid_verdict, family);
  MEMBER (saxid_verdict, structure);
  MEMBER (saxid_verdict, note);
  MEMBER (saxid_verdict, repairs);
  MEMBER (saxid_verdict, material);
  SIZE (saxid_fit);
  MEMBER (saxid_fit, label);
  MEMBER (saxid_fit, chi2);
  MEMBER (saxid_fit, model);
  MEMBER (saxid_fit, parameter);
  SIZE (saxid_frame);
  MEMBER (saxid_frame, pixel_type);
  MEMBER (saxid_frame, n_row);
  MEMBER (saxid_frame, pixels);
  MEMBER (saxid_frame, mask);
  MEMBER (saxid_frame, monitor);
  SIZE (saxid_integrated);
  MEMBER (saxid_integrated, capacity);
  MEMBER (saxid_integrated, n);
  MEMBER (saxid_integrated, q);
  SIZE (saxid_tag_options);
  MEMBER (saxid_tag_options, flags);
  MEMBER (saxid_tag_options, i_path);
  MEMBER (saxid_tag_options, q_unit);
  MEMBER (saxid_tag_options, max_copy_bytes);
  MEMBER (saxid_tag_options, side_dir);
  SIZE (saxid_live_options);
  MEMBER (saxid_live_options, flags);
  MEMBER (saxid_live_options, file);
  MEMBER (saxid_live_options, path);
  MEMBER (saxid_live_options, entry);
  MEMBER (saxid_live_options, name);
  MEMBER (saxid_live_options, i_path);
  MEMBER (saxid_live_options, q_unit);
  MEMBER (saxid_live_options, i_unit);
  MEMBER (saxid_live_options, source_file);
  MEMBER (saxid_live_options, note);
  SIZE (saxid_write_options);
  MEMBER (saxid_write_options, flags);
  MEMBER (saxid_write_options, name);
  MEMBER (saxid_write_options, i_path);
  MEMBER (saxid_write_options, q_unit);
  MEMBER (saxid_write_options, note);
  MEMBER (saxid_write_options, max_copy_bytes);
  MEMBER (saxid_write_options, slit_smeared);
  SIZE (saxid_row);
  MEMBER (saxid_row, slit_smeared);
  MEMBER (saxid_row, frame);
  MEMBER (saxid_row, n_frame);
  MEMBER (saxid_row, index);
  MEMBER (saxid_row, entry);
  MEMBER (saxid_row, note);
  MEMBER (saxid_row, title);
  MEMBER (saxid_row, sample);
  MEMBER (saxid_row, instrument);
  MEMBER (saxid_row, measured);
  SIZE (saxid_material);
  MEMBER (saxid_material, status);
  MEMBER (saxid_material, n_number);
  MEMBER (saxid_material, kind);
  MEMBER (saxid_material, basis);
  MEMBER (saxid_material, reason);
  MEMBER (saxid_material, warning);
  MEMBER (saxid_material, number);
  SIZE (saxid_plugin);
  MEMBER (saxid_plugin, features);
  MEMBER (saxid_plugin, name);
  MEMBER (saxid_plugin, open);
  MEMBER (saxid_plugin, describe);
  MEMBER (saxid_plugin, provenance_json);
  MEMBER (saxid_plugin, workspace_new);
  MEMBER (saxid_plugin, process_curves);
  MEMBER (saxid_plugin, process_frame);
  MEMBER (saxid_plugin, tag_file);
  MEMBER (saxid_plugin, job_free);
  MEMBER (saxid_plugin, live_prepare);
  MEMBER (saxid_plugin, live_append);
  MEMBER (saxid_plugin, live_finish);
  MEMBER (saxid_plugin, live_free);
  MEMBER (saxid_plugin, family_name);
  MEMBER (saxid_plugin, structure_name);
  MEMBER (saxid_plugin, write_tags);
  MEMBER (saxid_plugin, job_curves);
  return 0;
}
