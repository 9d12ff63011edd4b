/* Classic numbers of a picture, as the study of Ushizima et al. (camSortXS) takes them.
 *
 * Histogram features (hf) as its scripts compute them: 256 bins between the least and the
 * greatest grey, p = counts / N; entropy, energy Σ (p/N)², mean grey; then variance, skewness and
 * kurtosis of the 256 values p, not of the grey level; roughness 1 - 1/(1 + variance).
 * hf_moments: the same of textbooks, moments of the grey level weighted by p.
 * glcm: Haralick et al. (1973), doi:10.1109/TSMC.1973.4309314; distance 1, angles 0, 45, 90 and
 * 135 degrees, symmetric, normalised, 256 levels: contrast, correlation, energy, homogeneity,
 * angular second moment, entropy of each.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_FEATURES_HF 7
#define SAXID_FEATURES_GLCM 24

/* Shape: grey [side × side], out as many as the name says. */
void saxid_features_hf (const guint8 *grey, guint side, float *out);
void saxid_features_hf_moments (const guint8 *grey, guint side, float *out);
void saxid_features_glcm (const guint8 *grey, guint side, float *out);

G_END_DECLS
