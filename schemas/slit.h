/* How notes say that a curve was seen through a slit, whatever format names it. */
#pragma once

/* with its length in 1/Å */
#define SAXID_SLIT_KNOWN "slit-smeared (slit length %.4g 1/Å): form factors are fitted as seen through it"
#define SAXID_SLIT_UNKNOWN "slit-smeared, and the length of the slit is not known: desmear it, a pinhole curve is assumed"
