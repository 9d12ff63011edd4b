/* How do viewers of NeXus files draw a curve?
 *
 * silx reads the attribute of an NXdata; others pass it over. I(q) says nothing on linear axes.
 */
#pragma once

#define SAXID_VIEW "SILX_style"
/* Of I[q], and of I[frame, q], whose last axis it is. */
#define SAXID_VIEW_CURVE "{\"axes_scale_types\": [\"log\"], \"signal_scale_type\": \"log\"}"
/* Of I[azimuth, q], as a picture. */
#define SAXID_VIEW_CAKE "{\"signal_scale_type\": \"log\"}"
