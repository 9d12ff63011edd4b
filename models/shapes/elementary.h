/* What are sin, cos and the three amplitudes of scattering theory, in a form
 * that the compiler turns into vector code?
 *
 *   sphere  3 (sin x - x cos x) / x^3
 *   disc    2 J1(x) / x
 *   rod     sin x / x
 *
 * J1: Taylor region by a Chebyshev interpolation in x^2 up to x = 8, beyond it
 * Hankel's expansion, Abramowitz & Stegun 9.2.5 with P and Q interpolated in
 * (8/x)^2. The coefficients were computed in 40 digits for this file.
 *
 * Precision: absolute 3e-16 for sin and cos, 1e-15 for rod and sphere, 2e-14
 * for disc, for 0 <= x < 1e6 (the argument is reduced with pi in three parts).
 * No branch, no table and no call, so a loop over these functions vectorises
 * without -ffast-math, and the width of the vectors does not show in its results
 * (processors without fused multiply-add differ from the others in the last bit).
 *
 * Thread: pure.
 */
#pragma once

#include <math.h>

#include "models/every-processor.h"

/* A loop with a call left in it does not vectorise. */
#define SAXID_INLINE static inline __attribute__ ((always_inline))

/* To the nearest integer, ties to even, for |x| < 2^51. */
SAXID_INLINE double
saxid_nearest (double x)
{
  const double magic = 6755399441055744.0; /* 1.5 * 2^52 */

  return (x + magic) - magic;
}

SAXID_INLINE void
saxid_sincos (double x, double *sine, double *cosine)
{
  /* The first two parts of pi have 33 bits: their products with k are exact. */
  const double turn = saxid_nearest (x * 0.31830988618379067154);
  const double odd = turn - 2.0 * saxid_nearest (0.5 * turn);
  const double sign = 1.0 - 2.0 * odd * odd;
  const double r
      = ((x - turn * 0x1.921fb544p+1) - turn * 0x1.0b4611a6p-33) - turn * 0x1.3198a2e037073p-68;
  const double t = r * r;
  double s, c;

  s = 2.7215660921125597963e-15;
  s = s * t - 7.6430257389643450587e-13;
  s = s * t + 1.6058940847832492062e-10;
  s = s * t - 2.5052106889975130936e-8;
  s = s * t + 2.7557319211223259502e-6;
  s = s * t - 0.0001984126984120863862;
  s = s * t + 0.0083333333333331862815;
  s = s * t - 0.16666666666666665306;
  s = s * t + 1.0;

  c = 4.6089602423243444751e-14;
  c = c * t - 1.1462900350687043294e-11;
  c = c * t + 2.0876561781878518397e-9;
  c = c * t - 2.7557316389900044007e-7;
  c = c * t + 2.4801587277402903462e-5;
  c = c * t - 0.0013888888888772920686;
  c = c * t + 0.041666666666663880399;
  c = c * t - 0.49999999999999974222;
  c = c * t + 1.0;

  *sine = sign * (r * s);
  *cosine = sign * c;
}

SAXID_INLINE double
saxid_amplitude_sphere (double x)
{
  /* Below 1/2 the difference loses digits, and the series has them. */
  const double t = x * x;
  const double safe = x < 0.5 ? 1.0 : x;
  double sine, cosine, series, direct;

  series = -1.0 / 172972800.0;
  series = series * t + 1.0 / 1330560.0;
  series = series * t - 1.0 / 15120.0;
  series = series * t + 1.0 / 280.0;
  series = series * t - 1.0 / 10.0;
  series = series * t + 1.0;

  saxid_sincos (x, &sine, &cosine);
  direct = 3.0 * (sine - x * cosine) / (safe * safe * safe);
  return x < 0.5 ? series : direct;
}

SAXID_INLINE double
saxid_amplitude_rod (double x)
{
  const double safe = x < 1e-4 ? 1.0 : x;
  double sine, cosine;

  saxid_sincos (x, &sine, &cosine);
  return x < 1e-4 ? 1.0 - x * x / 6.0 : sine / safe;
}

SAXID_INLINE double
saxid_amplitude_disc (double x)
{
  const double near = x < 8.0 ? x : 8.0, far = x < 8.0 ? 8.0 : x;
  const double t = near * near * (1.0 / 32.0) - 1.0;
  const double inverse = 8.0 / far, y = inverse * inverse;
  double sine, cosine, p, q, inner, outer;

  inner = 2.3311896961374862349e-11;
  inner = inner * t - 5.9160614875422283074e-10;
  inner = inner * t + 1.2862401521498788534e-8;
  inner = inner * t - 2.3933713234466469346e-7;
  inner = inner * t + 3.7369051783370156048e-6;
  inner = inner * t - 4.8091500760639228509e-5;
  inner = inner * t + 0.00049898916273929559646;
  inner = inner * t - 0.0040580789877334406071;
  inner = inner * t + 0.024913628784519805927;
  inner = inner * t - 0.10949163642599005945;
  inner = inner * t + 0.31716752865443793671;
  inner = inner * t - 0.51918973057183316703;
  inner = inner * t + 0.30303330287613267298;
  inner = inner * t + 0.16211732077179517669;
  inner = inner * t - 0.11628765591198214012;

  p = -1.5112640841526683951e-9;
  p = p * y + 9.8937634055940599594e-9;
  p = p * y - 3.4977216568345977988e-8;
  p = p * y + 1.0702695064787710704e-7;
  p = p * y - 4.084150103580284157e-7;
  p = p * y + 2.5806540964175972329e-6;
  p = p * y - 3.5203961526582911155e-5;
  p = p * y + 0.0018310546863358095643;
  p = p * y + 1.0000000000000071524;

  q = 9.2581232727341546796e-9;
  q = q * y - 5.841878230566964898e-8;
  q = q * y + 1.9262286865168195646e-7;
  q = q * y - 5.1857380344667104765e-7;
  q = q * y + 1.6109719257332327831e-6;
  q = q * y - 7.6023652898883205165e-6;
  q = q * y + 6.7767469151328681069e-5;
  q = q * y - 0.0016021728436000209588;
  q = q * y + 0.37499999999995110502;

  saxid_sincos (far, &sine, &cosine);
  /* cos (x - 3 pi/4) and sin (x - 3 pi/4), their square roots of 2 cancelled. */
  outer = 2.0 * (p * (sine - cosine) + q / far * (sine + cosine))
          / (far * sqrt (3.14159265358979323846 * far));
  return x < 8.0 ? inner : outer;
}
